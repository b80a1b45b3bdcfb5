"""A person's word: applied at once, kept through every judging again, withdrawn without a trace in the text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tamis.cleaners.clean import clean
from tamis.cleaners.errors import StopRun
from tamis.cleaners.records import CleanDocument, Label, RawDocument
from tamis.flows.rejudging import deciding, recleaning
from tamis.flows.rejudging.deciding import DecisionRequest
from tamis.flows.settings import Settings
from tamis.warehouse import queries
from tamis.warehouse.connection import open_reader, open_writer
from tamis.warehouse.rejudging.current_verdicts import Scope
from tests.flows import stored
from tests.flows.conftest import tables
from tests.flows.stored import judged

NAME = stored.PORT.key[:16]
BLOCKS = {block.text: block.index for block in clean(stored.PORT).blocks}  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stored.load(tmp_path_factory.mktemp("decide") / "w.duckdb", [clean(raw) for raw in stored.RAWS])


@pytest.fixture
def settings(warehouse: Path, tmp_path: Path) -> Settings:
    return stored.copied(warehouse, tmp_path)


def text(settings: Settings) -> str:
    with open_reader(settings.warehouse) as con:
        article = queries.why(con, NAME).article
    assert article is not None
    return article.text


def test_what_was_removed_comes_back_at_once_with_all_that_follows(settings: Settings) -> None:
    before = text(settings)
    outcome = deciding.decide(DecisionRequest("port.txt", ("lire aussi",), "it is a quote"), Label.CONTENT, settings)
    assert outcome.told == (stored.RELATED,)
    assert outcome.difference is not None
    assert outcome.difference.new_words == outcome.difference.words + len(stored.RELATED.split())
    assert text(settings) == f"{before}\n\n{stored.RELATED}"
    with open_reader(settings.warehouse) as con:
        ((block, label, rule, sure, detail),) = con.execute(
            f"SELECT block, label, rule, confidence, detail FROM why('{NAME}')"
        ).fetchall()
        assert (block, label, rule, sure) == (BLOCKS[stored.RELATED], "content", "person.keep", 1.0)
        assert detail.endswith(": it is a quote")
        # With one more sentence in it, the page is no exact copy of the other any more.
        assert con.execute("SELECT DISTINCT relation FROM duplicates").fetchall() == [("near",)]
        ((words, counted),) = con.execute(
            "SELECT words, len(string_split_regex(text, '\\s+')) FROM documents WHERE document = ?", [NAME]
        ).fetchall()
        assert words == counted


def test_a_decision_outlives_judging_again_and_says_who_and_why(settings: Settings) -> None:
    deciding.decide(DecisionRequest(NAME, (str(BLOCKS[stored.RELATED]),), "essai"), Label.CONTENT, settings)
    kept = text(settings)
    # As if the block had been numbered and judged otherwise since: by its text it is known again.
    with open_writer(settings.warehouse) as con:
        con.execute(
            "UPDATE blocks SET block = block + 7, label = 'related', rule = 'older' WHERE text = ?", [stored.RELATED]
        )
    recleaning.reclean(Scope(), settings, lambda _: None, apply=True)
    assert text(settings) == kept
    with open_reader(settings.warehouse) as con:
        assert con.execute("SELECT label, because, who <> '', withdrawn_at FROM decisions").fetchall() == [
            ("content", "essai", True, None)
        ]


choices = given(
    kept=st.sets(st.sampled_from(sorted(BLOCKS.values())), max_size=3),
    dropped=st.sets(st.sampled_from(sorted(BLOCKS.values())), max_size=len(BLOCKS)),
)


@examples(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@choices
def test_what_is_withdrawn_leaves_everything_as_it_was(
    warehouse: Path, tmp_path_factory: pytest.TempPathFactory, kept: set[int], dropped: set[int]
) -> None:
    leaves_everything_as_it_was(warehouse, tmp_path_factory, kept, dropped)


@pytest.mark.gate
@examples(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@choices
def test_many_choices_that_are_withdrawn_leave_everything_as_it_was(
    warehouse: Path, tmp_path_factory: pytest.TempPathFactory, kept: set[int], dropped: set[int]
) -> None:
    leaves_everything_as_it_was(warehouse, tmp_path_factory, kept, dropped)


def leaves_everything_as_it_was(
    warehouse: Path, tmp_path_factory: pytest.TempPathFactory, kept: set[int], dropped: set[int]
) -> None:
    """Keeps and drops blocks by hand, withdraws that, and compares all of the warehouse."""
    settings = stored.copied(warehouse, tmp_path_factory.mktemp("undo"))
    before = judged(settings)
    for numbers, label in ((kept, Label.CONTENT), (dropped - kept, Label.ADVERT)):
        if numbers:
            deciding.decide(DecisionRequest(NAME, tuple(map(str, numbers))), label, settings)
    if kept or dropped:
        assert judged(settings) != before
        deciding.undo(DecisionRequest(NAME, ()), settings)
    assert judged(settings) == before


def test_the_last_word_counts_and_one_block_can_be_withdrawn_alone(settings: Settings) -> None:
    before = judged(settings)
    dockers = next(each for each in BLOCKS if each.startswith("Les dockers"))
    deciding.decide(DecisionRequest(NAME, ("lire aussi", "les dockers")), Label.CONTENT, settings)
    deciding.decide(DecisionRequest(NAME, ("les dockers",)), Label.CAPTION, settings)
    assert dockers not in text(settings)
    deciding.undo(DecisionRequest(NAME, ("les dockers",)), settings)
    assert dockers in text(settings)
    assert stored.RELATED in text(settings)
    deciding.undo(DecisionRequest(NAME, (str(BLOCKS[stored.RELATED]),)), settings)
    assert judged(settings) == before


def test_a_document_that_was_dropped_whole_can_be_had_back(settings: Settings) -> None:
    before = judged(settings)
    outcome = deciding.decide(DecisionRequest(NAME, (f"0-{len(BLOCKS) - 1}",)), Label.OTHER, settings)
    assert outcome.difference is not None
    assert outcome.difference.what == "rejected"
    deciding.undo(DecisionRequest(NAME, ()), settings)
    assert judged(settings) == before


@pytest.mark.parametrize(
    ("blocks", "message"),
    [
        (("99",), r"has no block 99: its blocks are 0 to \d+"),
        (("2-99",), "has no block 2-99"),
        (("3-1",), "has no block 3-1"),
        (("nowhere",), "no block that begins with 'nowhere'"),
        (("",), "no block that begins with ''"),
        (("le",), r"'le' begins \d blocks of \w{16}: \d, \d.*; give the number"),
    ],
)
def test_a_block_that_is_not_there_or_is_several_is_refused(
    settings: Settings, blocks: tuple[str, ...], message: str
) -> None:
    before = tables(settings.warehouse)
    with pytest.raises(StopRun, match=message):
        deciding.decide(DecisionRequest(NAME, blocks), Label.OTHER, settings)
    with pytest.raises(StopRun, match="nothing was decided by hand"):
        deciding.undo(DecisionRequest(NAME, ()), settings)
    assert tables(settings.warehouse) == before


def test_only_what_was_decided_can_be_withdrawn(settings: Settings) -> None:
    deciding.decide(DecisionRequest(NAME, ("lire aussi",)), Label.CONTENT, settings)
    with pytest.raises(StopRun, match="those that were: content: Lire aussi"):
        deciding.undo(DecisionRequest(NAME, ("les dockers",)), settings)


def test_a_rejected_document_has_no_blocks(settings: Settings) -> None:
    with pytest.raises(StopRun, match="it has none"):
        deciding.decide(DecisionRequest(stored.EMPTY.key, ("0",)), Label.CONTENT, settings)


def test_the_page_is_what_the_test_thinks() -> None:
    outcome = clean(stored.PORT)
    assert isinstance(outcome, CleanDocument)
    assert stored.RELATED in [block.text for block, _ in outcome.removed]


AGAIN = RawDocument(
    (
        "La halle rouvre samedi\n\n"
        "La halle du marché rouvre samedi après deux ans de travaux, avec trente commerçants au lieu de vingt.\n\n"
        "Lire aussi : Le pont ferme\n\n"
        "Le chantier a coûté quatre millions d'euros, dont la moitié payée par la région.\n\n"
        "Lire aussi : LE PONT ferme\n\n"
        "Les riverains craignent le bruit des livraisons et demandent une réunion publique avant l'été.\n\n"
        "Lire aussi : Le pont ferme\n"
    ).encode(),
    "/press/marche.txt",
)


@pytest.fixture(scope="module")
def thrice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("thrice") / "w.duckdb"
    return stored.load(path, [clean(AGAIN)], [AGAIN])


def kept(settings: Settings) -> list[int]:
    """The numbers of the blocks that a person kept."""
    with open_reader(settings.warehouse) as con:
        found = con.execute("SELECT block FROM blocks WHERE rule = 'person.keep' ORDER BY block").fetchall()
    return [number for (number,) in found]


def test_a_number_means_that_block_and_no_other_of_the_same_words(thrice: Path, tmp_path: Path) -> None:
    settings = stored.copied(thrice, tmp_path)
    before = judged(settings)
    outcome = deciding.decide(DecisionRequest("marche", ("4",)), Label.CONTENT, settings)
    assert (kept(settings), outcome.others) == ([4], (2, 6))
    # As if a block had come before it since: it is the second of its words still.
    with open_writer(settings.warehouse) as con:
        con.execute("UPDATE blocks SET block = block + 1, label = 'related', rule = 'older'")
    recleaning.reclean(Scope(), settings, lambda _: None, apply=True)
    assert kept(settings) == [4]
    with pytest.raises(StopRun, match=r"3 blocks of .* have these words: 2, 4, 6; give the number of one"):
        deciding.decide(DecisionRequest("marche", ("lire aussi",)), Label.CONTENT, settings)
    deciding.undo(DecisionRequest("marche", ("4",)), settings)
    assert judged(settings) == before


def test_all_like_it_means_all_of_its_words_and_one_of_them_may_be_decided_otherwise(
    thrice: Path, tmp_path: Path
) -> None:
    settings = stored.copied(thrice, tmp_path)
    before = judged(settings)
    deciding.decide(DecisionRequest("marche", ("2",)), Label.CONTENT, settings)
    outcome = deciding.decide(DecisionRequest("marche", ("6",), alike=True), Label.CONTENT, settings)
    assert (kept(settings), outcome.others, len(outcome.told)) == ([2, 4, 6], (), 1)
    with open_reader(settings.warehouse) as con:
        stands = "SELECT occurrence FROM decisions WHERE withdrawn_at IS NULL"
        assert con.execute(stands).fetchall() == [(None,)]
    deciding.decide(DecisionRequest("marche", ("4",)), Label.ADVERT, settings)
    assert kept(settings) == [2, 6]
    deciding.undo(DecisionRequest("marche", ("4",)), settings)  # the last word on it
    assert kept(settings) == [2, 4, 6]
    deciding.undo(DecisionRequest("marche", ("lire aussi",)), settings)
    assert judged(settings) == before


def test_a_decision_of_an_older_tamis_is_about_all_blocks_of_its_words(thrice: Path, tmp_path: Path) -> None:
    settings = stored.copied(thrice, tmp_path)
    deciding.decide(DecisionRequest("marche", ("2",)), Label.CONTENT, settings)
    with open_writer(settings.warehouse) as con:
        con.execute("UPDATE decisions SET occurrence = NULL")
    recleaning.reclean(Scope(), settings, lambda _: None, apply=True)
    assert kept(settings) == [2, 4, 6]
