"""A run from sources to the warehouse, with or without Prefect: what ``tamis watch`` does.

    turn (one run a topic) -> discover -> remember what was found -> portions of pages: fetch, clean, judge, load
    -> publish

After each step the warehouse holds all that was done: a run that is killed loses one portion of pages at most, and
the next one goes on where it was.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from tamis.flows import steps
from tamis.flows.following import finding, hooks, pages
from tamis.flows.following.pages import Harvest
from tamis.flows.following.ranking import Memory, by_hand, comparable
from tamis.flows.following.records import Asked, Errand, Followed, Loaded, Plan, Trouble
from tamis.flows.following.session import Session
from tamis.flows.following.subject import Subject
from tamis.warehouse import storage
from tamis.warehouse.connection import open_working_reader
from tamis.warehouse.files import publishing
from tamis.warehouse.following import topic_store
from tamis.warehouse.following.records import AddressState, Remembered

PORTION = 50
"""Pages that are fetched, cleaned and loaded together, and lost together where a run is killed."""
REJUDGED = 1_000
"""Documents that a run judges anew at most, where the topic has changed."""


def discover(
    session: Session, subject: Subject, asked: Asked, troubles: list[Trouble], memory: Memory | None = None
) -> Plan:
    """Asks the sources that are due and ranks what they name; nothing is written. ``memory`` is the warehouse's."""
    known = _memory(subject) if memory is None else memory
    plan = session.run(lambda client: finding.find(subject, known, client, session.now, asked, troubles))
    return replace(plan, robots=session.robots_rows)


def note(plan: Plan, subject: Subject) -> None:
    """Writes down what was found, so that nothing of it is lost, and judges anew what another topic judged."""
    warehouse = subject.settings.warehouse
    texts = []
    if storage.is_there(warehouse):
        with open_working_reader(warehouse) as con:
            if topic_store.is_there(con):
                texts = topic_store.unjudged(con, subject.name, subject.edition, REJUDGED)
    what = Remembered(
        sources=[visit.state for visit in plan.visits],
        addresses=[*(state for visit in plan.visits for state in visit.addresses), *plan.found],
        judgements=list(pages.judge(texts, subject, plan.at)),
        robots=plan.robots,
    )
    storage.write(warehouse, lambda con: topic_store.remember(con, what))


def fetch(session: Session, subject: Subject, errands: Sequence[Errand], folder: Path, number: int) -> Harvest:
    """Fetches a portion of pages, each host at its pace, and stages what came."""
    outcomes = session.run(lambda client: pages.fetch(errands, client))
    return pages.stage(errands, outcomes, folder, number, subject)


load = pages.load


def publish(subject: Subject) -> None:
    """Has readers see what the run brought."""
    publishing.publish(subject.settings.warehouse)


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of a run, as plain functions here and as tasks in the flow."""

    discover: Callable[[Session, Subject, Asked, list[Trouble]], Plan] = discover
    note: Callable[[Plan, Subject], None] = note
    fetch: Callable[[Session, Subject, Sequence[Errand], Path, int], Harvest] = fetch
    load: Callable[[Harvest, Subject, datetime], Loaded] = load
    publish: Callable[[Subject], None] = publish


PLAIN = Steps()


def preview(subject: Subject, asked: Asked, session: Session) -> tuple[Plan, tuple[Trouble, ...]]:
    """What a run would fetch, and why; only sources are asked, and nothing is written."""
    troubles: list[Trouble] = []
    return discover(session, subject, asked, troubles), tuple(troubles)


def follow(subject: Subject, asked: Asked, session: Session, do: Steps = PLAIN) -> Followed:
    """One run. Raises RetryLater where another run follows the same topic, or the warehouse is busy for long."""
    begun = time.monotonic()
    troubles: list[Trouble] = []
    with turn(subject):
        plan = do.discover(session, subject, asked, troubles)
        do.note(plan, subject)
        loaded = list(_portions(plan.errands, subject, session, do))
    do.publish(subject)
    news = tuple(article for each in loaded for article in each.news)
    for article in news:
        hooks.after_article(subject.hooks.after_article, article, troubles)
    result = Followed(subject.name, subject.settings.warehouse, plan, news=news, troubles=tuple(troubles))
    return replace(_summed(result, loaded), seconds=time.monotonic() - begun)


def fetch_addresses(subject: Subject, urls: Sequence[str], session: Session) -> tuple[Followed, list[AddressState]]:
    """Fetches and loads addresses that somebody names: a run without sources, and how each address ended."""
    begun = time.monotonic()
    with turn(subject):
        known = _memory(subject).addresses
        states = {comparable(url) or url: by_hand(url, subject, session.now) for url in urls}
        errands = [Errand(known.get(address, state), "asked for") for address, state in states.items()]
        plan = Plan(session.now, (), tuple(errands), 0, tuple(states.values()), {})
        loaded = list(_portions(errands, subject, session, PLAIN))
        ended = _memory(subject).addresses
    publish(subject)
    result = Followed(subject.name, subject.settings.warehouse, plan)
    summed = replace(_summed(result, loaded), seconds=time.monotonic() - begun)
    return summed, [ended[address] for address in states]


@contextmanager
def turn(subject: Subject) -> Iterator[None]:
    """Only one run at a time follows a topic into a warehouse. Raises RetryLater naming the other one."""
    slug = re.sub(r"\W+", "-", subject.name) or "by-hand"
    what = f"topic {subject.name!r} is being followed" if subject.name else "addresses are being fetched"
    with storage.turn(subject.settings.warehouse, f"watch-{slug}", what):
        yield


def _portions(errands: Sequence[Errand], subject: Subject, session: Session, do: Steps) -> Iterator[Loaded]:
    if not errands:
        return
    with steps.staging_folder(subject.settings.warehouse) as folder:
        for number, start in enumerate(range(0, len(errands), PORTION), 1):
            portion = errands[start : start + PORTION]
            harvest = do.fetch(session, subject, portion, folder, number)
            yield do.load(harvest, subject, session.now)


def _memory(subject: Subject) -> Memory:
    if not storage.is_there(subject.settings.warehouse):
        return Memory()
    with open_working_reader(subject.settings.warehouse) as con:
        if not topic_store.is_there(con):
            return Memory()
        return Memory(
            topic_store.sources(con, subject.name),
            topic_store.addresses(con, subject.name),
            topic_store.elsewhere(con, subject.name),
        )


def _summed(result: Followed, loaded: Sequence[Loaded]) -> Followed:
    ended: Counter[str] = Counter()
    rejected: Counter[str] = Counter()
    for each in loaded:
        ended.update(each.ended)
        rejected.update(each.counts.rejected if each.counts else {})
    return replace(
        result,
        ended=ended,
        documents=sum(each.counts.new for each in loaded if each.counts),
        on_topic=sum(each.on_topic for each in loaded),
        rejected=rejected,
        refused=tuple(refused for each in loaded for refused in each.refused)[: steps.LISTED],
    )
