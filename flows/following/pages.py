"""A portion of pages: fetched, cleaned and staged, judged by their text, loaded in one transaction."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import duckdb

from tamis.cleaners import dedup
from tamis.cleaners.records import RawDocument
from tamis.cleaners.topic import score
from tamis.flows import steps
from tamis.flows.fetching.client import Client
from tamis.flows.fetching.records import Fetched, NotModified, Outcome, Refused, Rights, Validators
from tamis.flows.following import polling
from tamis.flows.following.ranking import comparable, validators
from tamis.flows.following.records import Errand, Loaded
from tamis.flows.following.subject import Subject
from tamis.flows.steps import Batch, Report
from tamis.warehouse import storage
from tamis.warehouse.columns import utc
from tamis.warehouse.connection import open_working_reader
from tamis.warehouse.following import topic_store
from tamis.warehouse.following.records import AddressState, News, Remembered, StoredRelevance, Text, Version
from tamis.warehouse.loading import staging, store
from tamis.warehouse.loading.store import LoadCounts

# schema.org's property for paywalled content, as sites write it in JSON-LD.
_NOT_FREE = re.compile(rb'"isAccessibleForFree"\s{0,9}:\s{0,9}"?false', re.IGNORECASE)
TEASER = "the whole text (a paywall shows its beginning only)"


@dataclass(frozen=True, slots=True)
class Harvest:
    """A portion of errands with how each ended, and what came, cleaned and staged."""

    ended: tuple[tuple[Errand, Outcome], ...]
    report: Report


async def fetch(errands: Sequence[Errand], client: Client) -> list[Outcome]:
    """How each errand ended, in their order; a page that its source held is taken from there."""
    return await asyncio.gather(*(_fetch(errand, client) for errand in errands))


def stage(
    errands: Sequence[Errand], outcomes: Sequence[Outcome], folder: Path, number: int, subject: Subject
) -> Harvest:
    """The portion with what came of it cleaned and staged in ``folder``."""
    ended = tuple(zip(errands, outcomes, strict=True))
    raws = tuple(outcome.raw for _, outcome in ended if isinstance(outcome, Fetched))
    return Harvest(ended, steps.clean_batch(Batch(f"{number:06d}", raws), folder, subject.settings))


def load(harvest: Harvest, subject: Subject, now: datetime) -> Loaded:
    """Loads a portion with all that is remembered of it, or nothing. Raises RetryLater where the warehouse is busy."""
    report = harvest.report
    fresh = _staged(harvest)
    known = _known(harvest, subject)
    judged = {each.document: each for each in judge([*fresh, *known], subject, now)}
    states = [_after(errand, outcome, judged, now) for errand, outcome in harvest.ended]
    what = Remembered(
        addresses=[*states, *_moved(harvest, states)],
        versions=list(_versions(harvest)),
        judgements=list(judged.values()),
    )

    def add(con: duckdb.DuckDBPyConnection) -> tuple[LoadCounts | None, list[News]]:
        counts = None
        if report.read:
            counts = store.add(
                con,
                [report.staged] if report.staged else [],
                now=now,
                versions=report.versions,
                relate=dedup.relate,
                cluster=dedup.cluster,
                skipped=report.skipped,
            )
        topic_store.remember(con, what)
        return counts, topic_store.news(con, subject.name, [text.document for text in fresh]) if fresh else []

    counts, news = storage.write(subject.settings.warehouse, add, first=steps.catch_up_search)
    ended = Counter(state.status for state in states)
    on_topic = sum(each.on_topic for each in judged.values())
    return Loaded(counts, ended, on_topic, tuple(news), report.refused)


def judge(texts: Iterable[Text], subject: Subject, now: datetime) -> Iterator[StoredRelevance]:
    """How much each text is on the topic; the beginning of a text that one has to pay for is not on it."""
    topic = subject.topic
    if topic is None:
        return
    for text in texts:
        relevance = score(topic, title=text.title, text=text.text)
        is_teaser = _is_teaser(text)
        yield StoredRelevance(
            topic=subject.name,
            document=text.document,
            score=relevance.score,
            threshold=relevance.threshold,
            on_topic=relevance.on_topic and not is_teaser,
            terms=tuple(dict.fromkeys(match.term for match in relevance.matches)),
            missing=(*relevance.missing, *([TEASER] if is_teaser else [])),
            judged_at=now,
            edition=subject.edition,
        )


async def _fetch(errand: Errand, client: Client) -> Outcome:
    if errand.raw is not None:
        return Fetched(errand.state.url, errand.raw, Validators(errand.state.url), Rights())
    return await client.fetch(errand.state.url, validators(errand.state))


def _staged(harvest: Harvest) -> list[Text]:
    if harvest.report.staged is None:
        return []
    raws = (outcome.raw for _, outcome in harvest.ended if isinstance(outcome, Fetched))
    bodies = {raw.key[:16]: raw.body for raw in raws}
    found = staging.read(harvest.report.staged, "documents", ["document", "title", "text"]).to_pylist()
    return [Text(row["document"], row["title"], row["text"], bodies[row["document"]]) for row in found]


def _known(harvest: Harvest, subject: Subject) -> list[Text]:
    """The documents that the warehouse had already, and that may not have been judged for this topic."""
    keys = [*harvest.report.skipped]
    # Unchanged since another topic had it fetched.
    keys += [errand.state.raw_key or "" for errand, end in harvest.ended if isinstance(end, NotModified)]
    if not keys:
        return []
    with open_working_reader(subject.settings.warehouse) as con:
        return topic_store.texts(con, [key[:16] for key in keys])


def _is_teaser(text: Text) -> bool:
    is_short = len(text.text.split()) < topic_store.FEW_WORDS
    return is_short and text.body is not None and _NOT_FREE.search(text.body) is not None


def _after(errand: Errand, outcome: Outcome, judged: dict[str, StoredRelevance], now: datetime) -> AddressState:
    """What is known of an address after it was asked."""
    state = replace(errand.state, asked_at=now, asked=errand.state.asked + 1, detail="", http_status=None)
    if isinstance(outcome, Refused):
        failures = state.failures + 1
        return replace(
            state,
            status=outcome.reason.value,
            http_status=outcome.status,
            detail=outcome.detail,
            failures=failures,
            due_at=polling.retry(now, outcome, failures),
        )
    same = isinstance(outcome, NotModified) or outcome.raw.key == state.raw_key
    raw_key = state.raw_key if isinstance(outcome, NotModified) else outcome.raw.key
    unchanged = state.unchanged + 1 if same else 0
    judgement = judged.get((raw_key or "")[:16])
    is_wanted = judgement is not None and judgement.on_topic
    return replace(
        state,
        status="unchanged" if same else "fetched",
        http_status=304 if isinstance(outcome, NotModified) else 200,
        due_at=polling.recheck(now, unchanged) if is_wanted else None,
        failures=0,
        unchanged=unchanged,
        validated_url=outcome.validators.url,
        etag=outcome.validators.etag,
        last_modified=outcome.validators.last_modified,
        raw_key=raw_key,
    )


def _moved(harvest: Harvest, states: Sequence[AddressState]) -> Iterator[AddressState]:
    """Where redirects ended, so that a source which names that address does not have the page fetched again."""
    asked = {state.address for state in states}
    for (_, outcome), state in zip(harvest.ended, states, strict=True):
        if isinstance(outcome, Fetched) and (address := comparable(outcome.raw.url or "")) not in {"", *asked}:
            yield replace(state, address=address, url=outcome.raw.url or "", due_at=None)


def _versions(harvest: Harvest) -> Iterator[Version]:
    for _, outcome in harvest.ended:
        if isinstance(outcome, Fetched):
            raw: RawDocument = outcome.raw
            address = comparable(raw.url or outcome.url)
            seen = utc(raw.fetched_at) if raw.fetched_at else None
            if address and seen:
                yield Version(address, raw.key, seen, outcome.rights.reserved, outcome.rights.evidence)
