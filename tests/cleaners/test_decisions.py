"""A person's decision outweighs every rule; a block is known by what it says."""

from __future__ import annotations

from datetime import date

import pytest

from tamis.cleaners.blockhash import block_hash
from tamis.cleaners.clean import clean
from tamis.cleaners.decisions import accepted, decided
from tamis.cleaners.records import (
    Block,
    CleanDocument,
    Decision,
    Decisions,
    Label,
    RawDocument,
    Reason,
    Rejection,
    Verdict,
)

DUMP = """Le port rouvre

Le port de commerce a rouvert mardi matin, trois jours après la tempête qui avait couché deux grues.

Lire aussi : La tempête a fait trois blessés

Les dockers ont repris le travail à l'aube et les premiers navires ont été déchargés avant midi.
"""
RAW = RawDocument(DUMP.encode(), "port.txt")


@pytest.mark.parametrize("other", ["  Lire\u00a0aussi : LE PORT ", "lire aussi :\nle port"])
def test_a_text_in_other_case_and_spacing_is_the_same_block(other: str) -> None:
    assert block_hash(other) == block_hash("Lire aussi : Le port")
    assert block_hash(other) != block_hash("Lire aussi : Le pont")


def test_only_the_block_decided_on_changes() -> None:
    blocks = [Block(0, "un"), Block(1, "deux"), Block(2, "Deux")]
    verdicts = [Verdict(n, Label.CONTENT, "model.text", 0.8) for n in range(3)]
    assert decided(blocks, verdicts, {}) == tuple(verdicts)
    dropped = [Verdict(n, Label.ADVERT, "person.drop", 1.0, "A.") for n in range(3)]
    kept = [Verdict(n, Label.CONTENT, "person.keep", 1.0, "B.") for n in range(3)]
    advert, content = Decision(Label.ADVERT, "A."), Decision(Label.CONTENT, "B.")
    deux = block_hash("deux")
    assert decided(blocks, verdicts, {(deux, 0): advert}) == (verdicts[0], dropped[1], dropped[2])
    assert decided(blocks, verdicts, {(deux, 2): advert}) == (verdicts[0], verdicts[1], dropped[2])
    assert decided(blocks, verdicts, {(deux, 0): advert, (deux, 1): content}) == (verdicts[0], kept[1], dropped[2])
    assert decided(blocks, verdicts, {(deux, 3): advert}) == tuple(verdicts)


def test_what_was_kept_by_hand_comes_back_in_its_place_and_what_was_dropped_goes() -> None:
    before = clean(RAW)
    assert isinstance(before, CleanDocument)
    related = next(block.text for block in before.blocks if block.text.startswith("Lire aussi"))
    assert related not in before.text
    dockers = before.blocks[-1].text
    hands = {(block_hash(related), 1): Decision(Label.CONTENT), (block_hash(dockers), 1): Decision(Label.OTHER)}
    after = clean(RAW, decisions=Decisions(hands))
    assert isinstance(after, CleanDocument)
    assert related in after.text
    assert dockers not in after.text
    assert {verdict.rule for verdict in after.verdicts if verdict.rule.startswith("person")} == {
        "person.keep",
        "person.drop",
    }


def test_a_document_that_is_dropped_whole_is_rejected() -> None:
    before = clean(RAW)
    assert isinstance(before, CleanDocument)
    after = clean(RAW, decisions=Decisions({(block.hash, 0): Decision(Label.OTHER) for block in before.blocks}))
    assert isinstance(after, Rejection)
    assert after.reason is Reason.NO_TEXT


def test_what_a_person_keeps_stays_even_where_its_site_repeats_it() -> None:
    before = clean(RAW)
    assert isinstance(before, CleanDocument)
    repeated = frozenset({block_hash(before.blocks[-1].text)})
    without = clean(RAW, repeated=repeated)
    kept = clean(RAW, repeated=repeated, decisions=Decisions({(key, 0): Decision(Label.CONTENT) for key in repeated}))
    assert isinstance(without, CleanDocument)
    assert isinstance(kept, CleanDocument)
    assert (before.blocks[-1].text in without.text, kept.text, kept.compared_text) == (False, before.text, None)


LISTING = RawDocument(
    (
        "<html><head><title>Toute l'actualité du port</title></head><body><main><h1>Toute l'actualité du port</h1>"
        + "".join(
            f'<div class="card"><a href="/{n}">La grue numéro {n} du port est réparée ce lundi matin</a></div>'
            for n in range(20)
        )
        + "</main></body></html>"
    ).encode(),
    "liste.html",
    "text/html",
)
SHORT = RawDocument(b"Port ferm\xc3\xa9\n", "bref.txt")
ACCEPTED = Decisions(accepted=True)


@pytest.mark.parametrize(
    ("raw", "reason", "text"),
    [(LISTING, Reason.LISTING, "La grue numéro 7"), (SHORT, Reason.NO_TEXT, "Port fermé")],
    ids=["a list of links", "two words"],
)
def test_a_page_that_a_person_accepts_is_a_document(raw: RawDocument, reason: Reason, text: str) -> None:
    refused = clean(raw)
    assert isinstance(refused, Rejection)
    assert (refused.reason, refused.reason.is_a_judgement) == (reason, True)
    document = clean(raw, decisions=ACCEPTED)
    assert isinstance(document, CleanDocument)
    assert text in document.text
    assert document.by_hand == ("accepted",)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (RawDocument(b"", "nothing.txt"), Reason.EMPTY),
        (RawDocument(b"\x00\x01\x02\x03" * 500, "picture.png"), Reason.BINARY),
        (RawDocument(b"<html><body></body></html>", "bare.html", "text/html"), Reason.NO_TEXT),
    ],
    ids=["no byte", "no text", "no block"],
)
def test_no_word_of_a_person_makes_text_of_nothing(raw: RawDocument, reason: Reason) -> None:
    outcome = clean(raw, decisions=ACCEPTED)
    assert isinstance(outcome, Rejection)
    assert outcome.reason is reason


def test_what_is_dropped_of_an_accepted_page_stays_out_of_it() -> None:
    before = clean(LISTING, decisions=ACCEPTED)
    assert isinstance(before, CleanDocument)
    dropped = before.text.splitlines()[0]
    after = clean(LISTING, decisions=Decisions({(block_hash(dropped), 1): Decision(Label.RELATED)}, accepted=True))
    assert isinstance(after, CleanDocument)
    assert dropped not in after.text.splitlines()


def test_a_page_of_which_the_rules_leave_something_is_accepted_as_they_leave_it() -> None:
    blocks = [Block(0, "Titre"), Block(1, "Partager"), Block(2, "Deux mots")]
    title, share = Verdict(0, Label.TITLE, "metadata.title"), Verdict(1, Label.SHARE, "share.bar")
    left = Verdict(2, Label.CONTENT, "model.text")
    assert accepted(blocks, (title, share, left)) == (title, share, left)
    labels = [verdict.label for verdict in accepted(blocks[:2], (title, share))]
    assert labels == [Label.TITLE, Label.CONTENT]
    assert [verdict.label for verdict in accepted(blocks[:1], (title,))] == [Label.CONTENT]


@pytest.mark.parametrize(
    ("decisions", "wanted"),
    [
        (Decisions(), ("Le port rouvre", (), None, ())),
        (Decisions(title="Autre"), ("Autre", (), None, ("title",))),
        (
            Decisions(authors=("A. Autrice", "B. Auteur")),
            ("Le port rouvre", ("A. Autrice", "B. Auteur"), None, ("authors",)),
        ),
        (Decisions(authors=()), ("Le port rouvre", (), None, ("authors",))),
        (Decisions(published=date(2026, 3, 14)), ("Le port rouvre", (), "person 2026-03-14", ("published",))),
    ],
    ids=["nothing", "title", "authors", "no author", "day"],
)
def test_what_a_person_corrects_takes_the_place_of_what_was_read(
    decisions: Decisions, wanted: tuple[object, ...]
) -> None:
    document = clean(RAW, decisions=decisions)
    assert isinstance(document, CleanDocument)
    day = document.published and f"{document.published.source} {document.published.iso}"
    assert (document.title, document.authors, day, document.by_hand) == wanted
    plain = clean(RAW)
    assert isinstance(plain, CleanDocument)
    assert document.text == plain.text
