"""The records of what following a topic remembers between runs; ``topic_store`` reads and writes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SourceState:
    """One row of the table ``sources``, field by field; times are UTC without a zone."""

    topic: str
    source: str
    kind: str
    url: str
    name: str
    language: str
    first_seen: datetime
    visited_at: datetime
    succeeded_at: datetime | None
    news_at: datetime | None
    due_at: datetime
    poll_seconds: float
    visits: int
    error_streak: int
    problem: str
    listed: int
    chosen: int
    edition: str


@dataclass(frozen=True, slots=True)
class AddressState:
    """One row of the table ``addresses``, field by field."""

    topic: str
    address: str
    role: str
    url: str
    source: str
    title: str
    score: float | None
    terms: tuple[str, ...]
    first_seen: datetime
    status: str
    http_status: int | None = None
    detail: str = ""
    asked_at: datetime | None = None
    due_at: datetime | None = None
    asked: int = 0
    failures: int = 0
    unchanged: int = 0
    validated_url: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    raw_key: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A page as it was seen at one time; it becomes a version of its address where it is not the last one anyway."""

    address: str
    raw_key: str
    seen_at: datetime
    reserved: bool = False
    rights: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredRelevance:
    """One row of the table ``relevance``, field by field."""

    topic: str
    document: str
    score: float
    threshold: float
    on_topic: bool
    terms: tuple[str, ...]
    missing: tuple[str, ...]
    judged_at: datetime
    edition: str


@dataclass(frozen=True, slots=True)
class RobotsRow:
    """One row of the table ``robots_files``, field by field."""

    origin: str
    expires_at: float
    body: bytes
    unreachable: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is to be written together, at the end of one step of a run."""

    sources: Sequence[SourceState] = ()
    addresses: Sequence[AddressState] = ()
    versions: Sequence[Version] = ()
    judgements: Sequence[StoredRelevance] = ()
    robots: Sequence[RobotsRow] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """A clean document as far as relevance needs it; with the bytes it came as where it has few words."""

    document: str
    title: str | None
    text: str
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class News:
    """An article that is new in ``articles`` and on a topic."""

    document: str
    topic: str
    url: str
    title: str | None
    published_on: str | None
    site: str | None
    language: str | None
    words: int
    score: float
    terms: tuple[str, ...]
