"""Lists of documents and of rejected ones: the newest first, by site, by topic, by reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tamis.cleaners.errors import StopRun
from tamis.cleaners.records import Reason
from tamis.warehouse import listing
from tamis.warehouse.connection import open_reader, open_writer
from tamis.warehouse.files.publishing import publish
from tamis.warehouse.following import topic_store
from tamis.warehouse.following.records import AddressState, Remembered, StoredRelevance
from tamis.warehouse.listing import Wish
from tests.warehouse import press

OLD = press.page(press.prose(1), "old.txt", site="a.example", day=3)
NEW = press.page(press.prose(2), "new.txt", site="presse.a.example", day=9)
UNDATED = press.page(press.prose(3), "undated.txt", site="b.example")
PICTURE = press.refused("picture.png")
FRONT = press.refused("front.html", Reason.LISTING)
WALL = press.refused("wall.html", Reason.LISTING)


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    path = tmp_path_factory.mktemp("listing") / "w.duckdb"
    press.load(path, [UNDATED, OLD, NEW, PICTURE, FRONT, WALL])
    address = AddressState(
        "ports", "https://a.example/", "page", "https://a.example/", "s1", "", 0.5, (), press.NOW, "fetched",
        raw_key=FRONT[0].key,
    )  # fmt: skip
    judged = [
        StoredRelevance("ports", page[0].key[:16], 0.7, 0.5, on_topic, (), (), press.NOW, "e1")
        for page, on_topic in ((OLD, True), (NEW, False))
    ]
    with open_writer(path) as writer:
        topic_store.remember(writer, Remembered(addresses=[address], judgements=judged))
    publish(path)
    with open_reader(path) as reader:
        yield reader


@pytest.mark.parametrize(
    ("wish", "wanted", "total", "undated"),
    [
        (Wish(20), [NEW, OLD, UNDATED], 3, 1),
        (Wish(1), [NEW], 3, 1),
        (Wish(20, site="a.example"), [NEW, OLD], 2, 0),
        (Wish(20, site="example"), [NEW, OLD, UNDATED], 3, 1),
        (Wish(20, site="b.example"), [UNDATED], 1, 1),
        (Wish(20, topic="ports"), [OLD], 1, 0),
        (Wish(20, "b.example", "ports"), [], 0, 0),
    ],
    ids=str,
)
def test_documents_are_listed_newest_first(
    con: duckdb.DuckDBPyConnection, wish: Wish, wanted: list[press.Document], total: int, undated: int
) -> None:
    found = listing.documents(con, wish)
    assert [row.document for row in found.rows] == [raw.key[:16] for raw, _ in wanted]
    assert (found.total, found.undated) == (total, undated)


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        (Wish(20, site="c.example"), "there is no site c.example; sites there are: a.example, b.example, presse.a.exa"),
        (Wish(20, topic="fish"), "there is no topic fish; topics there are: ports"),
    ],
    ids=str,
)
def test_a_site_or_topic_that_is_not_there_is_told_with_those_that_are(
    con: duckdb.DuckDBPyConnection, wish: Wish, message: str
) -> None:
    with pytest.raises(StopRun, match=message):
        listing.documents(con, wish)


@pytest.mark.parametrize(
    ("wish", "reason", "wanted", "total"),
    [
        (Wish(20), None, [PICTURE, FRONT, WALL], 3),
        (Wish(20), "listing", [FRONT, WALL], 2),
        (Wish(1), "binary", [PICTURE], 1),
        (Wish(20, topic="ports"), None, [FRONT], 1),
    ],
    ids=str,
)
def test_rejected_documents_are_listed_with_their_reasons(
    con: duckdb.DuckDBPyConnection, wish: Wish, reason: str | None, wanted: list[press.Document], total: int
) -> None:
    found = listing.rejected(con, wish, reason)
    assert sorted(row.source for row in found.rows) == sorted(raw.source for raw, _ in wanted)
    assert found.total == total


def test_reasons_are_counted_and_an_unknown_one_is_told(con: duckdb.DuckDBPyConnection) -> None:
    assert [(each.reason, each.documents) for each in listing.reasons(con)] == [("listing", 2), ("binary", 1)]
    with pytest.raises(StopRun, match=r"rejected as foo; reasons there are: listing \(2\), binary \(1\)"):
        listing.rejected(con, Wish(20), "foo")


def test_an_empty_warehouse_lists_nothing(tmp_path: Path) -> None:
    press.load(tmp_path / "w.duckdb")
    with open_reader(tmp_path / "w.duckdb") as con:
        assert listing.documents(con, Wish(20)).rows == ()
        assert listing.rejected(con, Wish(20)).rows == []
        assert listing.reasons(con) == []
