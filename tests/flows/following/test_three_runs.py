"""A local site of 40 pages, followed over three runs in which pages appear, change and vanish."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tamis.flows.following import run, subject
from tamis.flows.following.records import Asked, Followed
from tamis.flows.following.session import open_session
from tamis.flows.settings import Settings
from tamis.warehouse.connection import open_reader
from tests.flows.fetching.conftest import START, FakeTime
from tests.flows.following.newsroom import Newsroom, Page, article, moment

BORN = datetime.fromtimestamp(START, UTC) - timedelta(hours=5)
NEAR_MISSES = (
    "Le gouvernement marocain présente son budget au Parlement",
    "Maroc - France : les Lions préparent le match amical",
    "Marseille : la police interpelle deux suspects dans les quartiers nord",
    "Alger et Rabat s'opposent sur le tracé du gazoduc",
    "La France vote sa loi sur les retraites",
)
CONSENT = "<p>Nous utilisons des cookies. Accepter tout. Refuser. Gérer mes choix.</p>"


class Cast:
    """The pages of the play: 20 on topic, 20 not, and what they become."""

    def __init__(self) -> None:
        self.on = [article(n, on_topic=True, at=BORN, in_feed=n < 12) for n in range(12)]
        self.copy = replace(self.on[0], path="/depeches/copie-0.html")
        self.wall = article(40, on_topic=True, at=BORN, text="", title="Paris et Rabat : la police saisit la drogue")
        self.wall = replace(self.wall, text=CONSENT)
        teaser = article(41, on_topic=True, at=BORN)
        self.paywall = replace(
            teaser,
            text=" ".join(teaser.text.split()[:45]),
            head='<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>',
        )
        self.banned = article(42, on_topic=True, at=BORN, path="/reserve/42.html")
        self.reserved = article(43, on_topic=True, at=BORN, headers=(("tdm_reservation", "1"),))
        self.untold = article(44, on_topic=True, at=BORN, path="/a/44.html", in_feed=False)
        self.later = [article(n, on_topic=True, at=BORN) for n in range(50, 53)]
        self.on_topic = [*self.on, self.copy, self.wall, self.paywall, self.banned, self.reserved, self.untold]
        self.off = [article(n, on_topic=False, at=BORN, in_feed=n % 2 == 0) for n in range(14)]
        self.off += [
            article(20 + n, on_topic=False, at=BORN, title=title, path=f"/1/{n}.html")
            for n, title in enumerate(NEAR_MISSES)
        ]
        self.off_untold = article(30, on_topic=False, at=BORN, path="/b/30.html", in_feed=False)
        self.off_topic = [*self.off, self.off_untold]

    @property
    def all(self) -> list[Page]:
        """The 40 pages, the two that appear in the second run among them."""
        return [*self.on_topic, *self.later[:2], *self.off_topic]


def follow(folder: Path, chosen: Settings, time: FakeTime) -> Followed:
    followed = subject.load(folder, chosen)
    with open_session(chosen, time.when) as session:
        return run.follow(followed, Asked(), session)


def ask(chosen: Settings, query: str) -> list[tuple[Any, ...]]:
    with open_reader(chosen.warehouse) as con:
        return con.execute(query).fetchall()


def articles(chosen: Settings, room: Newsroom) -> list[str]:
    return sorted(room.path(url) for (url,) in ask(chosen, "SELECT url FROM articles"))


def pages_only(requests: list[str]) -> list[str]:
    return sorted(each for each in requests if each.split()[0] not in ("/robots.txt", "/feed", "/sitemap.xml"))


@pytest.fixture
def cast() -> Cast:
    made = Cast()
    assert len(made.on_topic) + 2 == len(made.off_topic) == 20
    return made


def test_three_runs(cast: Cast, room: Newsroom, folder: Path, chosen: Settings, time: FakeTime) -> None:  # noqa: PLR0915
    room.publish(*cast.on_topic, *cast.off_topic)
    first = follow(folder, chosen, time)

    wanted = sorted(page.path for page in [*cast.on, cast.untold])
    either = [cast.on[0].path, cast.copy.path]  # one text at two addresses: one article, whichever it is
    found = articles(chosen, room)
    assert [path for path in found if path not in either] == [path for path in wanted if path not in either]
    assert len([path for path in found if path in either]) == 1
    assert sorted(room.path(news.url) for news in first.news) == found
    fetched = {page.path for page in cast.on_topic if page is not cast.banned} | {cast.off_untold.path}
    assert pages_only(room.requests()) == sorted(f"{path} 200" for path in fetched), "each once, nothing by its title"
    assert first.ended == {"fetched": 17, "robots": 1, "reserved": 1}
    assert first.rejected == {"no_text": 1}, "the consent wall"
    judged = dict(ask(chosen, "SELECT d.url, v.on_topic FROM relevance v JOIN documents d USING (document)"))
    off = {room.path(url) for url, is_on in judged.items() if not is_on}
    assert off == {cast.paywall.path, cast.off_untold.path}
    assert ask(chosen, "SELECT count(*) FROM raw_documents WHERE body IS NOT NULL") == [(17,)], "kept, on topic or not"

    # A run right after it has nothing to do, and does nothing.
    before = len(room.asked)
    assert follow(folder, chosen, time).plan.visits == ()
    assert room.requests(before) == []

    # Half an hour later: two pages are new, two were edited, one is rewritten, one is gone.
    time.at += timedelta(minutes=35).total_seconds()
    now = moment(time.at)
    new = [replace(page, listed_at=now, changed_at=now) for page in cast.later[:2]]
    edited = [replace(page, text=page.text + "\nMise à jour du soir.", changed_at=now) for page in cast.on[1:3]]
    rewritten = replace(cast.on[3], text=article(60, on_topic=True, at=BORN).text, changed_at=now)
    room.publish(*new, *edited, rewritten)
    room.withdraw(cast.on[4])
    before, time.at = len(room.asked), time.at + 60
    second = follow(folder, chosen, time)
    assert pages_only(room.requests(before)) == sorted(f"{page.path} 200" for page in [*new, *edited, rewritten])
    assert {news.title for news in second.news} == {page.title for page in new}
    assert len(articles(chosen, room)) == len(found) + 2, "the one that is gone stays, an edited one stays one"
    versions = "SELECT address, count(*) FROM versions GROUP BY address HAVING count(*) > 1 ORDER BY address"
    changed = sorted(room.site.url(page.path) for page in [*edited, rewritten])
    assert ask(chosen, versions) == [(url, 2) for url in changed]
    texts = {room.path(url): text for url, text in ask(chosen, "SELECT url, text FROM articles")}
    assert all(texts[page.path].endswith("Mise à jour du soir.") for page in edited)
    assert texts[rewritten.path].split() == rewritten.text.split()

    # The day after: one new page, one edited without a word from the sources; known ones are asked.
    time.at += timedelta(hours=25).total_seconds()
    latest = replace(cast.later[2], listed_at=moment(time.at), changed_at=moment(time.at))
    quiet = replace(room.pages[cast.on[5].path], text=cast.on[5].text + "\nPrécision : deux personnes, pas trois.")
    room.publish(latest, quiet)
    before, time.at = len(room.asked), time.at + 60
    third = follow(folder, chosen, time)
    assert {news.title for news in third.news} == {latest.title}
    answers = Counter(each.split()[1] for each in pages_only(room.requests(before)))
    assert answers == {"200": 2, "304": 14}, "14 as they were, the new one, the one that changed"
    assert third.ended == {"fetched": 2, "unchanged": 14, "not_found": 1}
    assert (room.site.url(quiet.path), 2) in ask(chosen, versions)
    assert len(articles(chosen, room)) == len(found) + 3
    assert sum(count for _, count in ask(chosen, "SELECT url, count(*) FROM articles GROUP BY url")) == len(found) + 3

    # All three runs together: robots, delays, one robots.txt a day, conditional requests.
    assert not [request for _, request, _ in room.asked if request.target.startswith("/reserve/")]
    moments = [at for at, _, _ in room.asked]
    assert min(b - a for a, b in pairwise(moments)) >= 2.0, "the crawl delay of robots.txt"
    assert [request.target for _, request, _ in room.asked].count("/robots.txt") == 2
    again = [r for _, r, _ in room.asked if r.target in {page.path for page in cast.on[:12]}]
    seen: set[str] = set()
    for request in again:
        assert (request.target in seen) == ("if-none-match" in request.headers)
        seen.add(request.target)
    assert {request.headers["user-agent"] for _, request, _ in room.asked} == {again[0].headers["user-agent"]}
    assert "mailto:tests@tamis.test" in again[0].headers["user-agent"]
    health = ask(chosen, "SELECT kind, state, visits, chosen, error_streak FROM sources_health ORDER BY kind")
    assert [(kind, state, visits, streak) for kind, state, visits, _, streak in health] == [
        ("feed", "well", 3, 0), ("sitemap", "well", 3, 0),
    ]  # fmt: skip
    assert sum(chosen for _, _, _, chosen, _ in health) == 18 + 3 + 1 - 0
