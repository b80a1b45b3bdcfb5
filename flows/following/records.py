"""What a run of following a topic passes along: what to do, what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tamis.cleaners.records import RawDocument
from tamis.flows.fetching.records import Source
from tamis.flows.steps import RejectedDocument
from tamis.warehouse.address import Address
from tamis.warehouse.following.records import AddressState, News, RobotsRow, SourceState
from tamis.warehouse.loading.store import LoadCounts


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run is asked for: news ``since`` so long ago; ``at_once`` asks sources that are not due, too."""

    since: timedelta = timedelta(days=30)
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """How asking one source went. Of the ``listed`` addresses, ``chosen`` are new and worth fetching.

    ``passed`` counts the new ones that were not, ``addresses`` are those that were asked to read it.
    """

    source: Source
    state: SourceState
    listed: int
    chosen: int
    passed: int
    problems: tuple[str, ...]
    addresses: tuple[AddressState, ...]


@dataclass(frozen=True, slots=True)
class Errand:
    """A page to fetch, and why; ``raw`` is the page where the source held it already."""

    state: AddressState
    why: str
    raw: RawDocument | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run found to do: ``errands`` in their order, ``left`` so many more for the next run.

    ``found`` are the addresses that were not known before; ``resting`` the sources that are not due, with the time
    when they are.
    """

    at: datetime
    visits: tuple[Visit, ...]
    errands: tuple[Errand, ...]
    left: int
    found: tuple[AddressState, ...]
    resting: Mapping[str, datetime]
    robots: tuple[RobotsRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that went wrong without stopping the run: where, and what."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one portion of pages came to; ``ended`` counts how its addresses ended."""

    counts: LoadCounts | None
    ended: Mapping[str, int]
    on_topic: int
    news: tuple[News, ...]
    refused: tuple[RejectedDocument, ...]


@dataclass(frozen=True, slots=True)
class Followed:
    """What a run came to. ``ended`` tells how the addresses ended: fetched, unchanged, or a refusal."""

    topic: str
    warehouse: Address
    plan: Plan
    ended: Mapping[str, int] = field(default_factory=dict)
    documents: int = 0
    on_topic: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)
    news: tuple[News, ...] = ()
    refused: tuple[RejectedDocument, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    seconds: float = 0.0
