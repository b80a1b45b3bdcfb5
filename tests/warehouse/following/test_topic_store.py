"""What following a topic remembers, and what it changes in the views."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tamis.cleaners.records import Reason
from tamis.warehouse import migrations
from tamis.warehouse.connection import open_reader, open_working_reader, open_writer
from tamis.warehouse.following import topic_store
from tamis.warehouse.following.records import AddressState, Remembered, RobotsRow, SourceState, StoredRelevance, Version
from tamis.warehouse.rejudging import as_of
from tests.warehouse import press

NOW = press.NOW
SOURCE = SourceState(
    "ports", "s1", "feed", "https://a.example/feed", "A", "fr", NOW, NOW, None, None, NOW, 900.0, 1, 0, "", 3, 1, "e1"
)
URL = "https://a.example/1"
PAGE = AddressState("ports", URL, "page", URL, "s1", "Le port", 0.5, ("port",), NOW, "waiting")


def judged(document: str, on_topic: bool, topic: str = "ports", edition: str = "e1") -> StoredRelevance:
    score = 0.7 if on_topic else 0.1
    return StoredRelevance(
        topic, document, score, 0.48, on_topic, ("port",), () if on_topic else ("sea",), NOW, edition
    )


def remember(path: Path, what: Remembered) -> None:
    with open_writer(path) as con, migrations.transaction(con):
        topic_store.remember(con, what)


def articles(path: Path) -> list[str]:
    return [str(title) for (title,) in press.ask(path, "SELECT title FROM articles ORDER BY title")]


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    return tmp_path / "w.duckdb"


def test_what_is_remembered_comes_back_and_replaces_what_was(warehouse: Path) -> None:
    robots = RobotsRow("https://a.example", 2e9, b"user-agent: *", None, "")
    later = replace(SOURCE, visits=2, news_at=NOW + timedelta(hours=1))
    gone = replace(PAGE, status="gone", http_status=410, terms=())
    remember(
        warehouse, Remembered([SOURCE], [PAGE], robots=[robots, replace(robots, origin="https://old", expires_at=1)])
    )
    remember(warehouse, Remembered([later], [gone], robots=[robots]))
    with open_working_reader(warehouse) as con:
        assert topic_store.sources(con, "ports") == {"s1": later}
        assert topic_store.addresses(con, "ports") == {PAGE.address: gone}
        assert topic_store.robots(con, 1e9) == [robots]
        assert topic_store.sources(con, "another") == {}


def test_an_off_topic_document_is_kept_but_is_no_article(warehouse: Path) -> None:
    on, off, plain = (press.page(press.prose(n), f"{n}.txt") for n in range(3))
    press.load(warehouse, [on, off, plain])
    remember(warehouse, Remembered(judgements=[judged(on[0].key[:16], True), judged(off[0].key[:16], False)]))
    assert articles(warehouse) == ["Titre de 0.txt", "Titre de 2.txt"]
    assert press.ask(warehouse, "SELECT count(*) FROM documents") == [(3,)]
    assert press.ask(warehouse, "SELECT topics, relevance FROM articles ORDER BY title") == [
        (["ports"], 0.7),
        ([], None),
    ]
    assert press.ask(warehouse, "SELECT title, score, terms FROM on_topic('ports')") == [
        ("Titre de 0.txt", 0.7, ["port"])
    ]
    remember(warehouse, Remembered(judgements=[judged(off[0].key[:16], True, topic="sea")]))
    assert len(articles(warehouse)) == 3


def test_where_the_canonical_one_is_off_topic_a_copy_stands_for_it(warehouse: Path) -> None:
    first, copy = press.page(press.prose(1), "a.txt", day=1), press.page(press.prose(1), "b.txt", day=2)
    press.load(warehouse, [first, copy])
    assert articles(warehouse) == ["Titre de a.txt"]
    remember(warehouse, Remembered(judgements=[judged(first[0].key[:16], False)]))
    assert articles(warehouse) == ["Titre de b.txt"]


@pytest.mark.parametrize("rewritten", [False, True])
def test_an_older_version_does_not_stand_beside_the_newer(warehouse: Path, rewritten: bool) -> None:
    """Whether the newer text is an edition of the older (one cluster) or another one (two clusters)."""
    url = "https://a.example/1"
    old = press.page(press.prose(1), "old", url=url, day=1)
    new = press.page(press.prose(2) if rewritten else press.prose(1) + " encore un mot", "new", url=url, day=1)
    for number, document in enumerate((old, new)):
        press.load(warehouse, [document])
        remember(warehouse, Remembered(versions=[Version(url, document[0].key, NOW + timedelta(hours=number))]))
    assert articles(warehouse) == ["Titre de new"]
    assert press.ask(warehouse, "SELECT copies FROM articles") == [(0,)]
    seen = press.ask(warehouse, "SELECT number, newest, title, text_changed FROM versions ORDER BY number")
    assert seen == [(1, False, "Titre de old", True), (2, True, "Titre de new", True)]
    remember(warehouse, Remembered(versions=[Version(url, new[0].key, NOW), Version(url, old[0].key, NOW)]))
    assert articles(warehouse) == ["Titre de old"], "a page that went back to what it was"
    assert press.ask(warehouse, "SELECT count(*) FROM versions") == [(3,)]


def test_a_newer_version_that_is_no_article_leaves_the_older_one(warehouse: Path) -> None:
    url = "https://a.example/1"
    old, wall = press.page(press.prose(1), "old", url=url), press.refused("wall", Reason.NO_TEXT)
    stub = press.page(press.prose(3, 12), "stub", url=url)
    press.load(warehouse, [old, wall, stub])
    for number, (raw, _) in enumerate((old, wall, stub)):
        remember(warehouse, Remembered(versions=[Version(url, raw.key, NOW + timedelta(hours=number))]))
    remember(warehouse, Remembered(judgements=[judged(old[0].key[:16], True), judged(stub[0].key[:16], False)]))
    assert articles(warehouse) == ["Titre de old"]
    assert press.ask(warehouse, "SELECT rejected FROM versions ORDER BY number") == [(None,), ("no_text",), (None,)]


def test_news_is_what_no_earlier_load_brought(warehouse: Path) -> None:
    known, copy, fresh, off = (press.page(press.prose(n), f"{m}.txt") for m, n in enumerate((1, 1, 2, 3)))
    press.load(warehouse, [known])
    press.load(warehouse, [copy, fresh, off])
    remember(
        warehouse,
        Remembered(judgements=[judged(each[0].key[:16], each is not off) for each in (known, copy, fresh, off)]),
    )
    with open_working_reader(warehouse) as con:
        found = topic_store.news(con, "ports", [each[0].key[:16] for each in (copy, fresh, off)])
    assert [(each.title, each.score, each.terms) for each in found] == [("Titre de 2.txt", 0.7, ("port",))]


def test_what_another_edition_judged_is_to_be_judged_again(warehouse: Path) -> None:
    one, two, foreign = (press.page(press.prose(n), f"{n}.txt") for n in range(3))
    press.load(warehouse, [one, two, foreign])
    page = replace(PAGE, raw_key=two[0].key)
    remember(warehouse, Remembered(addresses=[page], judgements=[judged(one[0].key[:16], True)]))
    with open_working_reader(warehouse) as con:
        assert [t.document for t in topic_store.unjudged(con, "ports", "e1", 9)] == [two[0].key[:16]]
        assert len(topic_store.unjudged(con, "ports", "e2", 9)) == 2
        assert [t.title for t in topic_store.texts(con, [foreign[0].key[:16], "none"])] == ["Titre de 2.txt"]


@pytest.mark.parametrize(
    ("streak", "news", "state"),
    [(0, NOW, "well"), (1, NOW, "stumbling"), (3, NOW, "failing"), (0, NOW - timedelta(days=8), "silent")],
)
def test_health(warehouse: Path, streak: int, news: datetime, state: str) -> None:
    good, bad = press.page(press.prose(1), "a.txt"), press.refused("b.png")
    press.load(warehouse, [good, bad])
    ended = [(good[0].key, "fetched"), (bad[0].key, "fetched"), (None, "gone"), (None, "waiting")]
    pages = [
        replace(PAGE, address=f"https://a.example/{n}", raw_key=key, status=status)
        for n, (key, status) in enumerate(ended)
    ]
    remember(
        warehouse,
        Remembered(
            [replace(SOURCE, error_streak=streak, news_at=news)], pages, judgements=[judged(good[0].key[:16], True)]
        ),
    )
    asked = "state, pages, waiting, fetched, refused, rejected, on_topic, rejected_share, poll_minutes"
    assert press.ask(warehouse, f"SELECT {asked} FROM sources_health") == [(state, 4, 1, 2, 1, 1, 1, 0.5, 15.0)]


def test_relevance_can_be_had_as_of_a_moment(warehouse: Path) -> None:
    """A judgement that is only repeated makes the one before it last longer; one that differs ends it."""
    document = press.page(press.prose(0), "0.txt")[0].key[:16]
    days = [NOW + timedelta(days=day) for day in range(5)]
    for moment, on_topic in zip(days, (True, True, True, False, False), strict=True):
        remember(warehouse, Remembered(judgements=[replace(judged(document, on_topic), judged_at=moment)]))
    history = "SELECT on_topic, judged_at, until FROM former_relevance ORDER BY judged_at"
    assert press.ask(warehouse, history) == [(True, days[0], days[3]), (False, days[3], days[4])]
    for moment, wanted in zip([NOW - timedelta(1), *days], [[], [True], [True], [True], [False], [False]], strict=True):
        with open_reader(warehouse) as con:
            as_of.stand(con, moment)
            assert [on for (on,) in con.execute("SELECT on_topic FROM relevance").fetchall()] == wanted
