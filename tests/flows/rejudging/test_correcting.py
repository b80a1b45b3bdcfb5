"""A person accepts what was refused and corrects what was read: for good, and withdrawn without a trace."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from tamis.cleaners.clean import clean
from tamis.cleaners.errors import StopRun
from tamis.cleaners.records import Label, Reason, Rejection
from tamis.flows import exporting
from tamis.flows.answers import article
from tamis.flows.rejudging import correcting, deciding, recleaning
from tamis.flows.rejudging.correcting import Correction
from tamis.flows.rejudging.deciding import DecisionRequest
from tamis.flows.settings import Settings
from tamis.warehouse import queries
from tamis.warehouse.connection import open_reader, open_writer
from tamis.warehouse.exporting import Selection
from tamis.warehouse.files.publishing import publish
from tamis.warehouse.rejudging import as_of
from tamis.warehouse.rejudging.current_verdicts import Scope
from tests.flows import stored
from tests.flows.stored import judged

NAME = stored.PORT.key[:16]
ALL = Correction("Le port, de nouveau", ("A. Autrice", "B. Auteur"), date(2026, 3, 14))


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stored.load(tmp_path_factory.mktemp("correct") / "w.duckdb", [clean(raw) for raw in stored.RAWS])


@pytest.fixture
def settings(warehouse: Path, tmp_path: Path) -> Settings:
    return stored.copied(warehouse, tmp_path)


def told(settings: Settings, doc: str) -> str:
    """What ``tamis show`` says of a document before its text."""
    with open_reader(settings.warehouse) as con:
        return "\n".join(line.plain for line in article.heading(queries.why(con, doc)))


def test_a_page_that_was_refused_is_a_document_for_good_and_undone(settings: Settings) -> None:
    before = judged(settings)
    outcome = correcting.accept("accueil.txt", "all that it says", settings)
    assert outcome.difference is not None
    assert (outcome.difference.what, outcome.difference.new_words) == ("accepted", 1)
    accepted = judged(settings)
    assert [row for row in accepted["rejections"] if row[0] == stored.EMPTY.key] == []
    assert "all that it says), although it was rejected: no_text" in told(settings, "accueil.txt")
    result = recleaning.reclean(Scope(), settings, lambda _: None, apply=True)
    assert (result.tally.changing, judged(settings)) == (0, accepted)
    with open_reader(settings.warehouse) as con:
        assert con.execute("SELECT by_hand FROM articles WHERE source = ?", [stored.EMPTY.source]).fetchall() == [
            (["accepted"],)
        ]
        as_of.stand(con, stored.THEN)
        assert con.execute("SELECT count(*) FROM document_decisions").fetchall() == [(0,)]
    deciding.undo(DecisionRequest("accueil.txt", ()), settings)
    assert judged(settings) == before


def test_an_accepted_page_can_be_emptied_and_then_says_why_it_is_refused(settings: Settings) -> None:
    correcting.accept("accueil.txt", "", settings)
    deciding.decide(DecisionRequest("accueil.txt", ("0",)), Label.OTHER, settings)
    with pytest.raises(StopRun, match=r"no text can be had .*; 1 of its blocks were dropped by hand \(tamis undo"):
        correcting.accept("accueil.txt", "", settings)
    deciding.undo(DecisionRequest("accueil.txt", ("accueil",)), settings)
    with pytest.raises(StopRun, match="was not rejected, there is nothing to accept"):
        correcting.accept("accueil.txt", "", settings)


@pytest.mark.parametrize(
    ("reason", "body", "message"),
    [
        (Reason.EMPTY, b"", "cannot be accepted: it cannot be read, .* \\(empty: what was found\\)"),
        (Reason.BINARY, b"\x00", "cannot be accepted: it cannot be read"),
        (Reason.TOO_LARGE, None, "was never read \\(too_large: what was found\\)"),
        (Reason.HOSTILE_MARKUP, b"<a>", "cannot be accepted"),
        (Reason.INTERNAL_ERROR, b"a", "it was not judged at all; judge it again: tamis reclean"),
        (Reason.NO_TEXT, b"", "cannot be accepted: it cannot be read, .* \\(empty: there is nothing in it"),
    ],
    ids=str,
)
def test_what_cannot_be_read_says_why_not(settings: Settings, reason: Reason, body: bytes | None, message: str) -> None:
    with open_writer(settings.warehouse) as con:
        con.execute("UPDATE raw_documents SET body = ? WHERE raw_key = ?", [body, stored.EMPTY.key])
        con.execute(
            "UPDATE rejections SET reason = ?, detail = 'what was found' WHERE raw_key = ?",
            [reason.value, stored.EMPTY.key],
        )
    publish(settings.warehouse)
    with pytest.raises(StopRun, match=message):
        correcting.accept(stored.EMPTY.key, "", settings)
    with open_reader(settings.warehouse) as con:
        assert con.execute("SELECT count(*) FROM document_decisions").fetchall() == [(0,)]


def test_a_correction_shows_everywhere_outlives_judging_again_and_is_undone(settings: Settings, tmp_path: Path) -> None:
    before = judged(settings)
    outcome = correcting.correct("port.txt", ALL, "printed edition", settings)
    assert outcome.told == ("title: Le port, de nouveau", "authors: A. Autrice, B. Auteur", "published: 2026-03-14")
    corrected = judged(settings)
    recleaning.reclean(Scope(), settings, lambda _: None, apply=True)
    assert judged(settings) == corrected
    with open_reader(settings.warehouse) as con:
        asked = "SELECT title, authors, published_on, published_source, published_confidence, by_hand FROM articles"
        ((title, authors, day, source, sure, by_hand),) = con.execute(f"{asked} WHERE document = '{NAME}'").fetchall()
        assert (title, authors, day) == (ALL.title, list(ALL.authors or ()), ALL.published)
        assert (source, sure, by_hand) == ("person", 1.0, ["title", "authors", "published"])
        # As search knows it.
        assert con.execute("SELECT document FROM search('nouveau')").fetchall() == [(NAME,)]
        rows = con.execute(
            f"SELECT rule, text, detail FROM why('{NAME}') WHERE label = 'by_hand' ORDER BY 1"
        ).fetchall()
    assert [row[:2] for row in rows] == [
        ("person.authors", "A. Autrice, B. Auteur"),
        ("person.published", "2026-03-14"),
        ("person.title", ALL.title),
    ]
    assert all(detail.endswith(": printed edition") for *_, detail in rows)
    heading = told(settings, "le port, de nouveau")
    assert "2026-03-14 (from person) · A. Autrice, B. Auteur" in heading
    assert heading.count("corrected by hand (") == 3
    exporting.export(exporting.target(tmp_path / "out.jsonl", None), Selection(), settings)
    exported = {row["document"]: row for row in map(json.loads, (tmp_path / "out.jsonl").open(encoding="utf-8"))}
    assert (exported[NAME]["title"], exported[NAME]["by_hand"]) == (ALL.title, ["title", "authors", "published"])
    card = json.loads((tmp_path / "out.jsonl.card.json").read_text(encoding="utf-8"))
    assert card["corrected"] == {"authors": 1, "published": 1, "title": 1}
    deciding.undo(DecisionRequest(NAME, ()), settings)
    assert judged(settings) == before


def test_one_field_can_be_withdrawn_alone_and_the_last_word_counts(settings: Settings) -> None:
    correcting.correct(NAME, ALL, "", settings)
    correcting.correct(NAME, Correction("Un autre titre", ()), "", settings)
    deciding.undo(DecisionRequest(NAME, ()), settings, ["published"])
    with open_reader(settings.warehouse) as con:
        explanation = queries.why(con, NAME)
        assert explanation.article is not None
        found = (explanation.article.title, explanation.article.authors, explanation.article.published_on)
        assert found == ("Un autre titre", (), None)
        stands = "SELECT field, value, withdrawn_at IS NULL FROM document_decisions WHERE document = ? ORDER BY ALL"
        assert con.execute(stands, [NAME]).fetchall() == [
            ("authors", [], True),
            ("authors", ["A. Autrice", "B. Auteur"], False),
            ("published", ["2026-03-14"], False),
            ("title", ["Le port, de nouveau"], False),
            ("title", ["Un autre titre"], True),
        ]
    with pytest.raises(StopRun, match=r"not decided by hand .*: accepted; what was decided: authors: none; title"):
        deciding.undo(DecisionRequest(NAME, ()), settings, ["accepted"])


@pytest.mark.parametrize(
    ("doc", "correction", "message"),
    [
        (NAME, Correction(), "nothing to correct: give a title, --author or --date"),
        (NAME, Correction(" \u200b "), "the title is empty"),
        ("accueil.txt", Correction("x"), r"was rejected \(no_text\), it has nothing to correct; accept it first"),
        ("nowhere", Correction("x"), "no document has"),
    ],
)
def test_what_cannot_be_corrected_is_told(settings: Settings, doc: str, correction: Correction, message: str) -> None:
    with pytest.raises(StopRun, match=message):
        correcting.correct(doc, correction, "", settings)


def test_the_pages_are_what_the_test_thinks() -> None:
    outcome = clean(stored.EMPTY)
    assert isinstance(outcome, Rejection)
    assert outcome.reason is Reason.NO_TEXT
