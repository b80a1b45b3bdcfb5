"""What finding and fetching pass along: sources, candidates, and how each address ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tamis.cleaners.records import RawDocument


class Refusal(StrEnum):
    """Why an address, a source or a part of one gave nothing; the one vocabulary of fetching."""

    # the address
    BAD_ADDRESS = "bad_address"  # not an http(s) address, or one with a password in it
    PRIVATE_ADDRESS = "private_address"  # it leads to a network that is not public
    PORT = "port"  # a port other than 80 and 443
    UNKNOWN_HOST = "unknown_host"
    # what the site asks for
    ROBOTS = "robots"  # robots.txt disallows it
    ROBOTS_UNREACHABLE = "robots_unreachable"  # robots.txt cannot be read now, which disallows everything
    RESERVED = "reserved"  # rights to text and data mining are reserved
    HOST_RESTING = "host_resting"  # its host asked for more time than a run waits
    # the connection
    UNREACHABLE = "unreachable"
    TLS = "tls"
    TOO_SLOW = "too_slow"
    BROKEN_RESPONSE = "broken_response"
    TRUNCATED = "truncated"
    # the answer
    NOT_FOUND = "not_found"
    GONE = "gone"
    FORBIDDEN = "forbidden"
    TOO_MANY_REQUESTS = "too_many_requests"
    SERVER_ERROR = "server_error"
    STATUS = "status"  # any other status that is not a document
    REDIRECT_LOOP = "redirect_loop"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    BAD_REDIRECT = "bad_redirect"
    # the body
    TOO_LARGE = "too_large"
    ENCODING = "encoding"  # a content encoding that was not offered, or that does not decode
    MEDIA_TYPE = "media_type"  # a picture, a film, an archive
    # what a source holds
    HOSTILE_MARKUP = "hostile_markup"
    UNREADABLE = "unreadable"  # not of the kind that the source is said to be
    CUT = "cut"  # the rest of it is missing
    INTERNAL_ERROR = "internal_error"  # a mistake of ours: please report it
    DIGEST = "digest"  # its bytes are not those that were archived


@dataclass(frozen=True, slots=True)
class Validators:
    """What to send so that an unchanged page is not sent again (RFC 9110, section 13.1).

    ``url`` is the address they came from: after a redirect, the last one.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Rights:
    """What a site says about text and data mining.

    ``tdm_reserved`` is None where it says nothing (TDMRep, W3C Community Group 2024); ``noai`` is set by
    ``X-Robots-Tag`` or meta robots. ``evidence`` names each place with what stands there.
    """

    tdm_reserved: bool | None = None
    tdm_policy: str | None = None
    noai: bool = False
    evidence: tuple[str, ...] = ()

    @property
    def reserved(self) -> bool:
        """Whether the page is not to be mined."""
        return bool(self.tdm_reserved) or self.noai


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page that came whole. ``raw.url`` is where it was found at last, ``url`` what was asked for.

    ``moved_to`` is set where every redirect on the way was permanent: the source list can be mended.
    """

    url: str
    raw: RawDocument
    validators: Validators
    rights: Rights
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class NotModified:
    """The page is as it was when ``validators`` were taken."""

    url: str
    validators: Validators


@dataclass(frozen=True, slots=True)
class Refused:
    """An address that gave no page, and why; ``retry_in`` seconds later it may, None if that cannot help."""

    url: str
    reason: Refusal
    detail: str
    status: int | None = None
    retry_in: float | None = None


Outcome = Fetched | NotModified | Refused


@dataclass(frozen=True, slots=True)
class Source:
    """One line of a source list: where to look, and how (``kind`` is a name in the registry of discover).

    ``url`` is an address, a template with ``{query}``, or the path of a file; ``options`` are the kind's own.
    """

    kind: str
    url: str
    name: str = ""
    language: str = ""
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ask:
    """What is looked for: search words, each a query of its own, and how far back.

    ``since`` is UTC; ``languages`` are ISO 639-1 codes, the first one first.
    """

    queries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that a source names, with what the source says of it; the page itself may say otherwise.

    ``published`` is UTC and only what the source calls the publication; ``modified`` and ``seen`` (when
    somebody's crawler met it) are kept apart from it. ``raw`` is the page where the source holds it already
    (a WARC record), so that it need not be fetched.
    """

    url: str
    source: str
    kind: str
    title: str = ""
    summary: str = ""
    published: datetime | None = None
    modified: datetime | None = None
    seen: datetime | None = None
    language: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    raw: RawDocument | None = None
