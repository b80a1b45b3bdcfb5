"""From sources to a plan: ask those that are due, rank what they name, add what is due from before."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from tamis.flows.fetching import discover
from tamis.flows.fetching.client import Client
from tamis.flows.fetching.discover.kind import Fetch, Found, Kind
from tamis.flows.fetching.records import Ask, NotModified, Outcome, Refusal, Refused, Source
from tamis.flows.following import hooks, polling
from tamis.flows.following.ranking import SEEN, WAITING, Finds, Memory, choose, comparable, validators, why_new
from tamis.flows.following.records import Asked, Errand, Plan, Trouble, Visit
from tamis.flows.following.subject import Subject, identity, queries
from tamis.warehouse.following.records import AddressState, SourceState


async def find(
    subject: Subject, memory: Memory, client: Client, now: datetime, asked: Asked, troubles: list[Trouble]
) -> Plan:
    """The plan of a run at ``now`` (UTC without a zone). Raises nothing for a source that fails."""
    finds = Finds()
    states = [memory.sources.get(identity(source)) for source in subject.sources]
    due = [asked.at_once or state is None or polling.is_due(state.due_at, now) for state in states]
    asking = [source for source, is_due in zip(subject.sources, due, strict=True) if is_due]
    told = await asyncio.gather(*(_ask(each, subject, memory, client, now, asked.since, finds) for each in asking))
    new, passed = choose(finds, memory, subject, now, troubles)
    errands = sorted([*new, *finds.changed.values(), *_pending(memory, finds, now)], key=_order)
    limit = subject.settings.pages_per_run
    chosen, left_out = (Counter(state.source for state in each) for each in ([e.state for e in new], passed))
    return Plan(
        at=now,
        visits=tuple(
            _visit(each, subject, memory, now, chosen[identity(each.source)], left_out[identity(each.source)])
            for each in told
        ),
        errands=tuple(errands[:limit]),
        left=len(errands[limit:]),
        # What was passed over by its title is known from now on; by its address alone it would be anyway.
        found=(*(errand.state for errand in new), *(state for state in passed if state.title)),
        resting={
            source.name or source.url: state.due_at
            for source, state, is_due in zip(subject.sources, states, due, strict=True)
            if state is not None and not is_due
        },
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """What came of asking one source."""

    source: Source
    listed: int
    refusals: tuple[Refused, ...]
    addresses: tuple[AddressState, ...]


async def _ask(
    source: Source, subject: Subject, memory: Memory, client: Client, now: datetime, since: timedelta, finds: Finds
) -> _Told:
    """Asks one source. What it held before is asked for again only where the topic is another one now."""
    name = identity(source)
    before = memory.sources.get(name)
    is_known = before is not None and before.edition == subject.edition
    asked_for: dict[str, AddressState] = {}
    refusals: list[Refused] = []
    listed = 0

    async def fetch(url: str, *, whole: bool = False) -> Outcome:
        known = memory.addresses.get(comparable(url))
        is_ours = is_known and known is not None and known.role == "source"
        outcome = await client.fetch(url, validators(known) if is_ours and not whole else None)
        asked_for[comparable(url)] = _of_source(subject.name, name, url, outcome, now, known)
        return outcome

    topic = subject.topic
    ask = Ask(queries(topic) if topic else (), topic.languages if topic else (), (now - since).replace(tzinfo=UTC))
    async for found in _found(source, subject, ask, fetch):
        if isinstance(found, Refused):
            refusals.append(found)
        else:
            listed += 1
            finds.meet(found, name, memory, now)
    states = list(asked_for.values())
    if refusals:  # the part that could not be read must come again
        states = [replace(state, etag=None, last_modified=None) for state in states]
    return _Told(source, listed, tuple(refusals), tuple(states))


def _visit(told: _Told, subject: Subject, memory: Memory, now: datetime, chosen: int, passed: int) -> Visit:
    """How asking went, with the state of the source after it."""
    failed = bool(told.refusals) and not told.listed
    problems = tuple(f"{each.url}: {each.reason}: {each.detail}" for each in told.refusals)
    wait = max((each.retry_in or 0.0 for each in told.refusals), default=0.0)
    before = memory.sources.get(identity(told.source))
    state = _after(told.source, subject, before, now, news=chosen > 0, failed=failed, wait=wait)
    state = replace(
        state, problem="; ".join(problems)[:1000], listed=state.listed + told.listed, chosen=state.chosen + chosen
    )
    return Visit(told.source, state, told.listed, chosen, passed, problems, told.addresses)


async def _found(source: Source, subject: Subject, ask: Ask, fetch: Fetch) -> AsyncIterator[Found]:
    """What a source gives; a kind that breaks is one more thing that could not be read."""
    hook = subject.hooks.discover
    more: dict[str, Kind] = {hooks.KIND: lambda *given: hooks.discover(hook, *given)} if hook else {}
    try:
        async for found in discover.discover(source, ask, fetch, more):
            yield found
    except Exception as error:
        yield Refused(source.url, Refusal.UNREADABLE, f"{type(error).__name__}: {error}")


def _pending(memory: Memory, finds: Finds, now: datetime) -> Iterable[Errand]:
    for address, state in memory.addresses.items():
        if state.role != "page" or address in finds.changed or not polling.is_due(state.due_at, now):
            continue
        if state.status == WAITING:
            yield Errand(state, f"{why_new(state)}, waiting since {state.first_seen:%d %b %H:%M}")
        elif state.status in SEEN:
            yield Errand(state, "to see whether it changed")
        else:
            yield Errand(state, f"once more: {state.status}")


def _order(errand: Errand) -> tuple[int, float, str]:
    """The most promising first, what nothing is known of after that, what may have changed last."""
    place = 2 if errand.state.status in SEEN and errand.raw is None else 0 if errand.state.score is not None else 1
    return place, -(errand.state.score or 0.0), errand.state.address


def _after(
    source: Source,
    subject: Subject,
    before: SourceState | None,
    now: datetime,
    *,
    news: bool,
    failed: bool,
    wait: float,
) -> SourceState:
    pause = polling.next_pause(timedelta(seconds=before.poll_seconds) if before else None, news=news, failed=failed)
    return SourceState(
        topic=subject.name,
        source=identity(source),
        kind=source.kind,
        url=source.url,
        name=source.name,
        language=source.language,
        first_seen=before.first_seen if before else now,
        visited_at=now,
        succeeded_at=now if not failed else before.succeeded_at if before else None,
        news_at=now if news else before.news_at if before else None,
        due_at=now + max(pause, timedelta(seconds=wait)),
        poll_seconds=pause.total_seconds(),
        visits=(before.visits if before else 0) + 1,
        error_streak=((before.error_streak if before else 0) + 1) if failed else 0,
        problem="",
        listed=before.listed if before else 0,
        chosen=before.chosen if before else 0,
        edition=subject.edition,
    )


def _of_source(
    topic: str, source: str, url: str, outcome: Outcome, now: datetime, known: AddressState | None
) -> AddressState:
    """What is remembered of an address that was asked to read a source."""
    state = AddressState(
        topic, comparable(url), "source", url, source, "", None, (), known.first_seen if known else now, "fetched",
        asked_at=now, asked=(known.asked if known else 0) + 1,
    )  # fmt: skip
    if isinstance(outcome, Refused):
        return replace(state, status=outcome.reason.value, http_status=outcome.status, detail=outcome.detail)
    given = outcome.validators
    status, code = ("unchanged", 304) if isinstance(outcome, NotModified) else ("fetched", 200)
    return replace(
        state, status=status, http_status=code, validated_url=given.url, etag=given.etag,
        last_modified=given.last_modified,
    )  # fmt: skip
