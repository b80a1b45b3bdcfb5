"""What is judged again replaces what stood, which is kept; each state can be had back as of its moment."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tamis.cleaners.errors import RetryLater
from tamis.cleaners.records import CleanDocument, Rejection
from tamis.warehouse.connection import open_reader, open_working_reader, open_writer
from tamis.warehouse.files.publishing import publish
from tamis.warehouse.following import topic_store
from tamis.warehouse.following.records import Remembered, StoredRelevance
from tamis.warehouse.migrations import transaction
from tamis.warehouse.rejudging import as_of
from tests.warehouse import loading, press, rejudging

STATE = ("documents", "blocks", "rejections", "articles")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a warehouse of the corpus; it is only copied."""
    folder = tmp_path_factory.mktemp("loaded")
    press.load(folder / "w.duckdb", *loading.corpus())
    return folder


@pytest.fixture(scope="module")
def replaced(loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of which half was judged again; it is only read."""
    folder = tmp_path_factory.mktemp("replaced") / "copy"
    shutil.copytree(loaded, folder, symlinks=True)
    rejudging.judge_again(folder / "w.duckdb", *rejudging.changed_corpus())
    publish(folder / "w.duckdb")
    return folder / "w.duckdb"


@pytest.fixture
def warehouse(loaded: Path, tmp_path: Path) -> Path:
    return shutil.copytree(loaded, tmp_path / "mine", symlinks=True) / "w.duckdb"


def stood(warehouse: Path, moment: datetime) -> dict[str, list[str]]:
    """The tables and the articles as they stood."""
    with open_reader(warehouse) as con:
        as_of.stand(con, moment)
        return {table: sorted(map(repr, con.execute(f"FROM {table}").fetchall())) for table in STATE}


def test_what_changed_stands_and_what_stood_is_kept(warehouse: Path) -> None:
    before = stood(warehouse, press.NOW)
    run = rejudging.judge_again(warehouse, *rejudging.changed_corpus())
    count = "SELECT count(*) FROM"
    assert press.ask(warehouse, f"{count} former_documents WHERE ended_by = '{run}'") == [(25,)]
    assert press.ask(warehouse, f"{count} former_rejections WHERE ended_by = '{run}'") == [(5,)]
    assert press.ask(warehouse, f"{count} documents WHERE run = '{run}'") == [(25,)]
    assert press.ask(warehouse, f"{count} rejections WHERE reason = 'listing'") == [(5,)]
    assert press.ask(
        warehouse, "SELECT read, changed, new, rejected, rejected_by_reason FROM runs WHERE kind = 'reclean'"
    ) == [(30, 20, 5, 5, {"listing": 5})]
    assert stood(warehouse, press.NOW) == before
    now = stood(warehouse, rejudging.LATER)
    assert now != before
    assert now["articles"] == sorted(map(repr, press.ask(warehouse, "FROM articles")))
    assert stood(warehouse, press.NOW - timedelta(days=1))["articles"] == []


def test_every_table_keeps_its_grain(replaced: Path) -> None:
    for table, key in press.GRAIN.items():
        columns = ", ".join(key)
        assert press.ask(replaced, f"SELECT {columns} FROM {table} GROUP BY ALL HAVING count(*) > 1") == [], table


@pytest.mark.parametrize(
    "orphans",
    [
        "FROM blocks ANTI JOIN documents USING (document)",
        "FROM documents ANTI JOIN blocks USING (document)",
        "FROM sketches ANTI JOIN documents USING (document)",
        "FROM documents ANTI JOIN memberships USING (document)",
        "FROM memberships ANTI JOIN documents USING (document)",
        "FROM memberships AS a ANTI JOIN memberships AS b ON b.document = a.cluster AND b.cluster = b.document",
        "SELECT unnest([document, other]) FROM duplicate_pairs EXCEPT SELECT document FROM documents",
        "FROM documents SEMI JOIN rejections USING (raw_key)",
        "FROM former_blocks ANTI JOIN former_documents USING (document, until)",
        "(SELECT run FROM documents UNION SELECT run FROM rejections UNION SELECT ended_by FROM former_documents)"
        " EXCEPT SELECT run FROM runs",
    ],
)
def test_no_row_stands_alone(replaced: Path, orphans: str) -> None:
    assert press.ask(replaced, orphans) == []


POSTINGS = """
FROM (
    SELECT document, term, times, places
    FROM (
        SELECT term, unnest(numbers) AS number, unnest(times) AS times, unnest(places) AS places
        FROM (FROM postings UNION ALL FROM recent_postings)
    )
    JOIN indexed_documents USING (number)
) ORDER BY ALL
"""


def test_it_is_as_if_the_warehouse_had_never_known_the_old_texts(replaced: Path, tmp_path: Path) -> None:
    """Duplicates and what search finds are those of today's texts, from the same commit on."""
    changed = {raw.key: (raw, outcome) for batch in rejudging.changed_corpus() for raw, outcome in batch}
    today = [[changed.get(raw.key, (raw, outcome)) for raw, outcome in batch] for batch in loading.corpus()]
    press.load(tmp_path / "fresh.duckdb", *today)
    tables = ["duplicate_pairs", "memberships", "sketches"]
    assert press.contents(replaced, tables) == press.contents(tmp_path / "fresh.duckdb", tables)
    assert press.ask(replaced, POSTINGS) == press.ask(tmp_path / "fresh.duckdb", POSTINGS)


def test_nothing_to_replace_writes_nothing(warehouse: Path) -> None:
    before = press.contents(warehouse)
    assert rejudging.judge_again(warehouse) is None
    assert press.contents(warehouse) == before


def test_what_somebody_else_judged_meanwhile_is_not_overwritten(warehouse: Path) -> None:
    rejudging.judge_again(warehouse, *rejudging.changed_corpus())
    before = press.contents(warehouse)
    with pytest.raises(RetryLater, match=r"\d+ documents \(one is \w{16}\) were judged by another run"):
        rejudging.judge_again(warehouse, *rejudging.changed_corpus(), now=rejudging.LATER + timedelta(days=1))
    assert press.contents(warehouse) == before


def test_a_topic_judges_a_changed_text_again(warehouse: Path) -> None:
    """Its judgement is of no edition any more, until the next run that follows the topic."""
    page = rejudging.changed_corpus()[0][0]
    name = page[0].key[:16]
    judged = StoredRelevance("ports", name, 0.7, 0.48, True, ("port",), (), press.NOW, "e1")
    with open_writer(warehouse) as con, transaction(con):
        topic_store.remember(con, Remembered(judgements=[judged]))
    with open_working_reader(warehouse) as con:
        assert topic_store.unjudged(con, "ports", "e1", 10) == []
    rejudging.judge_again(warehouse, [page])
    with open_working_reader(warehouse) as con:
        assert [text.document for text in topic_store.unjudged(con, "ports", "e1", 10)] == [name]


def test_diff_tells_the_editions_of_a_document_apart(warehouse: Path) -> None:
    changed = [page for batch in rejudging.changed_corpus() for page in batch]
    rejudging.judge_again(warehouse, changed)
    asked = "SELECT compared, change, old_label, new_label, new_rule FROM diff('{}') ORDER BY ALL"
    shortened, rejected, accepted = (
        next(raw.key for raw, outcome in changed if meant(raw, outcome))
        for meant in (
            lambda _, outcome: isinstance(outcome, CleanDocument) and len(outcome.blocks) == 3,
            lambda _, outcome: isinstance(outcome, Rejection),
            lambda raw, _: raw.source.endswith(".png"),
        )
    )
    assert press.ask(warehouse, asked.format(shortened)) == [
        ("verdict", "added", None, "content", "judge"),
        ("verdict", "added", None, "related", "related.run"),
        ("verdict", "removed", "content", None, None),
    ]
    assert press.ask(warehouse, asked.format(rejected)) == [
        ("verdict", "added", None, "rejected", "listing"),
        ("verdict", "removed", "content", None, None),
        ("verdict", "removed", "related", None, None),
    ]
    assert press.ask(warehouse, asked.format(accepted)) == [
        ("verdict", "added", None, "content", "judge"),
        ("verdict", "added", None, "related", "widgets.read_also"),
        ("verdict", "removed", "rejected", None, None),
    ]
