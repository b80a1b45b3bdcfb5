"""The records that every part of tamis passes along; nothing here computes a judgement."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from tamis.cleaners.blockhash import block_hash


class Label(StrEnum):
    """What a block is: content, the title (metadata, not body text), or one kind of boilerplate."""

    CONTENT = "content"
    TITLE = "title"
    IMAGE = "image"
    CAPTION = "caption"
    CREDIT = "credit"
    BYLINE = "byline"
    DATELINE = "dateline"
    RELATED = "related"
    SHARE = "share"
    WIDGET = "widget"
    READING_TIME = "reading_time"
    NEWSLETTER = "newsletter"
    SUBSCRIPTION = "subscription"
    COOKIE = "cookie"
    ADVERT = "advert"
    COMMENT = "comment"
    NAVIGATION = "navigation"
    TAGS = "tags"
    AUTHOR_BIO = "author_bio"
    COPYRIGHT = "copyright"
    EMBED = "embed"
    TEASER = "teaser"
    REPEATED = "repeated"
    OTHER = "other"

    @property
    def is_boilerplate(self) -> bool:
        """Whether a block with this label was removed from the page, not merely moved to its metadata."""
        return self not in (Label.CONTENT, Label.TITLE)


class Kind(StrEnum):
    """The form of a block, as its source tells it; a text dump mostly has lines."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list_item"
    TABLE = "table"
    QUOTE = "quote"
    CAPTION = "caption"
    CODE = "code"
    LINE = "line"


class Reason(StrEnum):
    """Why a document was quarantined instead of cleaned."""

    EMPTY = "empty"
    BINARY = "binary"
    TOO_LARGE = "too_large"
    LINE_TOO_LONG = "line_too_long"
    UNREADABLE = "unreadable"
    BAD_RECORD = "bad_record"
    HOSTILE_MARKUP = "hostile_markup"
    NO_TEXT = "no_text"
    LISTING = "listing"
    CONSENT_WALL = "consent_wall"
    BLOCK_PAGE = "block_page"
    PAYWALL_TEASER = "paywall_teaser"
    ERROR_PAGE = "error_page"
    INTERNAL_ERROR = "internal_error"

    @property
    def is_a_judgement(self) -> bool:
        """Whether it is an opinion on a page that was read, which the word of a person outweighs."""
        return self in (
            Reason.NO_TEXT,
            Reason.LISTING,
            Reason.CONSENT_WALL,
            Reason.BLOCK_PAGE,
            Reason.PAYWALL_TEASER,
            Reason.ERROR_PAGE,
        )


@dataclass(frozen=True, slots=True)
class MissingBody:
    """What is known of a document that was not read (too large, unreadable): its key, its size if known."""

    key: str
    size: int | None = None


@dataclass(frozen=True, slots=True)
class RawDocument:
    """One page or dump as it came: its bytes are never changed and always kept.

    ``source`` is where it was read (a path, with ``#id`` for a record of a JSONL file). ``fetched_at`` is
    UTC, or None where nobody knows. ``http`` holds the response headers of a fetched page. ``missing``
    stands in for the body of a document that could not be read.
    """

    body: bytes
    source: str
    media_type: str = "text/plain"
    url: str | None = None
    fetched_at: datetime | None = None
    http: Mapping[str, str] = field(default_factory=dict)
    missing: MissingBody | None = None

    @property
    def key(self) -> str:
        """Content address: SHA-256 of the body and the URL, in hexadecimal."""
        if self.missing is not None:
            return self.missing.key
        digest = hashlib.sha256(self.body)
        digest.update(b"\0" + (self.url or "").encode())
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a page that is kept or removed as a whole.

    ``line`` is the 1-based line of the decoded source it begins on (0 where there are no lines);
    ``blank_before`` tells whether an empty line stands between it and the block above. Blocks that were cut
    from one glued line share their ``line``.
    """

    index: int
    text: str
    kind: Kind = Kind.LINE
    line: int = 0
    blank_before: bool = False

    @property
    def hash(self) -> int:
        """What the block is known by on other pages (``blockhash``)."""
        return block_hash(self.text)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one block was judged to be, by which rule (a stable dotted name), how sure (0 to 1), and why."""

    block: int
    label: Label
    rule: str
    confidence: float = 1.0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided a block to be: ``content`` keeps it, any kind of boilerplate drops it; and why."""

    label: Label
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Decisions:
    """All that a person decided about one document.

    ``blocks`` are by ``block_hash``, and by which of the blocks with that hash is meant: 1 is the first of them, 0
    stands for all. ``accepted`` tells whether the page is a document although the rules refuse it. ``title``,
    ``authors`` and ``published`` (a day) replace what was read; None leaves that as it is, no authors mean that it has
    none.
    """

    blocks: Mapping[tuple[int, int], Decision] = field(default_factory=dict)
    accepted: bool = False
    title: str | None = None
    authors: tuple[str, ...] | None = None
    published: date | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of what was decided about the document as a whole."""
        corrected = [name for name in ("title", "authors", "published") if getattr(self, name) is not None]
        return (*(("accepted",) if self.accepted else ()), *corrected)


@dataclass(frozen=True, slots=True)
class DateEvidence:
    """A publication date with where it was read; the time of the crawl is never one.

    ``at`` carries an offset only where the source states one. ``precision`` is ``day``, ``minute`` or
    ``second``; ``zone`` is the stated offset (``+02:00``) or None; ``source`` names the evidence
    (``json-ld``, ``meta``, ``time``, ``byline``, ``url``, ``person``); ``confidence`` is 0 to 1.
    """

    at: datetime
    precision: str
    zone: str | None
    source: str
    confidence: float

    @property
    def iso(self) -> str:
        """ISO 8601, written no more exactly than the evidence is."""
        if self.precision == "day":
            return self.day.isoformat()
        return self.at.isoformat(timespec="minutes" if self.precision == "minute" else "seconds")

    @property
    def day(self) -> date:
        """The calendar day where it was published."""
        return self.at.date()


@dataclass(frozen=True, slots=True)
class CleanDocument:
    """A page after judgement: its text, its metadata, and every block with its verdict.

    ``compared_text`` is the text as it was before blocks that the site repeats were taken out, or None where
    that took nothing: duplicates are found on it, so that they do not depend on what was learnt when.
    ``agency`` is the wire service that it credits. ``by_hand`` names the fields that a person decided (``Decisions``).
    """

    raw_key: str
    text: str
    blocks: tuple[Block, ...]
    verdicts: tuple[Verdict, ...]
    title: str | None = None
    authors: tuple[str, ...] = ()
    published: DateEvidence | None = None
    language: str | None = None
    url: str | None = None
    site: str | None = None
    agency: str | None = None
    charset: str = "utf-8"
    versions: Mapping[str, str] = field(default_factory=dict)
    compared_text: str | None = None
    by_hand: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Short stable name of the document: the first 16 digits of its raw document's key."""
        return self.raw_key[:16]

    @property
    def removed(self) -> tuple[tuple[Block, Verdict], ...]:
        """The blocks that are boilerplate, each with its verdict, in page order."""
        return tuple((b, v) for b, v in zip(self.blocks, self.verdicts, strict=True) if v.label.is_boilerplate)


@dataclass(frozen=True, slots=True)
class Wording:
    """What full-text search keeps of one document.

    ``terms`` are the hashes of its different words, ascending; ``in_text`` and ``in_title`` tell how often each
    stands there. ``places`` tells where, term by term: words are numbered from the first of the title, and between
    title and text one number is left out. ``forms`` are its words with their stems: (hash, folded word,
    stem). ``length`` counts all words of the text.
    """

    length: int
    terms: tuple[int, ...]
    in_text: tuple[int, ...]
    in_title: tuple[int, ...]
    places: tuple[int, ...]
    forms: frozenset[tuple[int, str, str]]


@dataclass(frozen=True, slots=True)
class Rejection:
    """A document that could not be cleaned: quarantined with its reason, never dropped."""

    raw_key: str
    reason: Reason
    detail: str
