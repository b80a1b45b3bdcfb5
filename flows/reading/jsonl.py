"""JSON Lines in: one object a line, each with ``text`` or ``html``; a bad line spoils only itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from tamis.cleaners.errors import SkipDocument
from tamis.cleaners.normalise import printable, whole
from tamis.cleaners.records import RawDocument, Reason
from tamis.cleaners.site import without_login

CHUNK = 1024 * 1024
Identity = str | int
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a stream: its 1-based number and its bytes, or None where it is longer than the limit.

    ``digest`` is the SHA-256 of a whole line that was too long to keep; ``size`` its length in bytes.
    """

    number: int
    body: bytes | None
    size: int
    digest: str = ""


def lines(stream: BinaryIO, limit: int) -> Iterator[Line]:
    """The lines of ``stream`` that hold something, reading at most ``limit`` bytes of each into memory."""
    number = 0
    while body := stream.readline(limit + 1):
        number += 1
        if len(body) > limit and not body.endswith(b"\n"):
            yield _too_long(stream, number, body)
            continue
        body = body.removeprefix(BYTE_ORDER_MARK) if number == 1 else body
        if body.strip():
            yield Line(number, body, len(body))


def record(body: bytes, source: str, default_id: str | None = None) -> tuple[Identity, RawDocument]:
    """The id and the raw document of one JSON line; its source becomes ``source#id``.

    Raises SkipDocument(BAD_RECORD), naming what is wrong with the line.
    """
    fields = parse(body)
    own = identify(fields)
    identity = default_id if own is None else own
    if identity is None:
        raise _bad('no "id" (a string or a number); add one to each line')
    text, media_type = _content(fields)
    raw = RawDocument(
        body=text.encode(),
        source=f"{source}#{identity}",
        media_type=string(fields, "media_type") or media_type,
        url=_address(string(fields, "url")),
        fetched_at=_moment(string(fields, "fetched_at")),
    )
    return identity, raw


def parse(body: bytes) -> dict[str, object]:
    """The JSON object of one line. Raises SkipDocument(BAD_RECORD) where there is none."""
    try:
        fields = json.loads(body)
    except UnicodeDecodeError as error:
        raise _bad(f"not UTF-8 at byte {error.start}; convert the file to UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise _bad(f"not JSON ({error}); write one object a line") from error
    if not isinstance(fields, dict):
        raise _bad(f"a JSON {type(fields).__name__}, not an object; write one object a line")
    return fields


def identity_of(body: bytes) -> Identity | None:
    """The id of a line that is no good as a record, or None where even that cannot be read."""
    try:
        return identify(parse(body))
    except SkipDocument:
        return None


def identify(fields: dict[str, object]) -> Identity | None:
    """The record's id as it was given, or None where it has none that can be used."""
    identity = fields.get("id")
    if isinstance(identity, str) and identity:
        return printable(identity) or None
    return identity if isinstance(identity, int) and not isinstance(identity, bool) else None


def _content(fields: dict[str, object]) -> tuple[str, str]:
    for name, media_type in (("html", "text/html"), ("text", "text/plain")):
        text = string(fields, name)
        if text is not None:
            return text, media_type
    raise _bad('neither "text" nor "html"; a record needs one of them')


def string(fields: dict[str, object], name: str) -> str | None:
    """The string under ``name``, or None where there is none. Raises SkipDocument(BAD_RECORD) for anything else."""
    value = fields.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise _bad(f'"{name}" is a JSON {type(value).__name__}, not a string')
    return whole(value)


def _address(url: str | None) -> str | None:
    """The address without signs that no address has, and without a login; None for an empty one."""
    if url is None:
        return None
    return without_login("".join(sign for sign in whole(url) if sign.isprintable()).strip()) or None


def _moment(written: str | None) -> datetime | None:
    """A time in UTC; one without an offset is taken as UTC, as most crawlers write it."""
    if not written:
        return None
    try:
        moment = datetime.fromisoformat(written)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _bad(f'"fetched_at" is {written!r}, not an ISO 8601 time such as 2025-08-27T09:30:00Z') from error


def _bad(detail: str) -> SkipDocument:
    return SkipDocument(Reason.BAD_RECORD, detail)


def _too_long(stream: BinaryIO, number: int, start: bytes) -> Line:
    digest, size = hashlib.sha256(start), len(start)
    while chunk := stream.readline(CHUNK):
        digest.update(chunk)
        size += len(chunk)
        if chunk.endswith(b"\n"):
            break
    return Line(number, None, size, digest.hexdigest())
