"""Web archives (WARC 1.0 and 1.1, ISO 28500; CC-NEWS), a record at a time: pages that need no fetching.

A candidate's ``raw.source`` is ``path#offset``. With ``after`` among the source's options (the offset of the last
record that was dealt with) reading goes on behind it. ``reserved = "keep"`` gives reserved pages, too.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from tamis.cleaners.records import RawDocument
from tamis.flows.fetching import addresses, rights
from tamis.flows.fetching.aside import aside
from tamis.flows.fetching.discover.kind import Fetch, Found
from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.exchange import DOCUMENT, check_kind, joined
from tamis.flows.fetching.records import Ask, Candidate, Refusal, Refused, Source
from tamis.flows.fetching.unpacking import Unpacker

RECORD_BYTES = 5 * 1024 * 1024
AGENT = "tamis"
_GZIP_MEMBER, _PLAIN_RECORD = b"\x1f\x8b\x08", b"WARC/1."
_CHUNK = 1024 * 1024
PORTION, PORTION_BYTES, PORTION_SECONDS = 200, 16 * 1024 * 1024, 2.0
MOST_BYTES = 256 * 1024 * 1024
"""The pages of an archive are held in memory until they are ranked: no more of them than this at once."""
MOST_STOPPED = 5


async def discover(source: Source, ask: Ask, fetch: Fetch) -> AsyncIterator[Found]:  # noqa: ARG001 - all kinds alike
    """The pages of the archive file ``source.url``, each with its bytes, in the order of the file.

    It is read a portion at a time in a child process; a record that stops the child is named and left out.
    """
    path, weight, stopped = str(Path(source.url).expanduser().absolute()), 0, 0
    after, size = source.options.get("after", ""), PORTION
    if after and not after.isdecimal():
        yield Refused(source.url, Refusal.UNREADABLE, f"after = {after!r} is no offset; take the number behind the #")
        return
    here = int(after) if after else -1
    while True:
        try:
            found, behind = await aside(portion, path, source, here, size)
        except SkipAddress as error:
            if size > 1:  # which record it was shows when they are read one by one
                size = 1
                continue
            stopped += 1
            place = await _next(path, here) if stopped <= MOST_STOPPED else None
            where, end = (source.url, "; it was read no further") if place is None else (f"{source.url}#{place}", "")
            yield Refused(where, error.reason, error.detail + end)
            if place is None:
                return
            here, size = place, PORTION
            continue
        for each in found:
            yield each
            weight += len(each.raw.body) if isinstance(each, Candidate) and each.raw else 0
        if behind is None:
            return
        here = behind
        if weight > MOST_BYTES:
            detail = f"{weight:,} bytes of pages were read; for the others say after = {here} with the source"
            yield Refused(source.url, Refusal.TOO_LARGE, detail)
            return


async def _next(path: str, behind: int) -> int | None:
    try:
        return await aside(next_record, path, behind)
    except SkipAddress:
        return None


def portion(path: str, source: Source, behind: int, size: int) -> tuple[list[Found], int | None]:
    """The next pages behind an offset, of ``size`` records at most, and the offset to go on behind; None at the end."""
    found: list[Found] = []
    begun, weight = monotonic(), 0
    for records, (offset, each) in enumerate(_steps(path, source, behind), 1):
        if isinstance(each, Candidate) and each.raw:
            weight += len(each.raw.body)
        if each is not None:
            found.append(each)
        if records >= size or weight >= PORTION_BYTES or monotonic() - begun > PORTION_SECONDS:
            return found, offset
    return found, None


def next_record(path: str, behind: int) -> int | None:
    """The offset of the first record behind another one, whatever it holds."""
    with Path(path).open("rb") as file:
        return next((each.stream_pos for each in _records(file, behind) if isinstance(each, WarcRecord)), None)


def _steps(path: str, source: Source, after: int) -> Iterator[tuple[int, Found | None]]:
    """Each record behind ``after`` with its offset; None for one that holds no page."""
    try:
        with Path(path).open("rb") as file:
            for place in _records(file, after):
                if isinstance(place, _Damage):
                    where = f"{source.url}#{place.offset}"
                    damage = (
                        f"the archive is damaged behind this record ({place.why}); it goes on with the next sound one"
                    )
                    yield place.offset, Refused(where, Refusal.CUT, damage)
                else:
                    yield place.stream_pos, _found(place, source)
    except (OSError, ValueError) as error:
        detail = f"it is no archive file that opens ({error}); download it first"
        yield after, Refused(source.url, Refusal.UNREADABLE, detail)


@dataclass(frozen=True, slots=True)
class _Damage:
    offset: int
    why: str


def _records(file: BinaryIO, after: int) -> Iterator[WarcRecord | _Damage]:
    """The records behind ``after``. Where the file is damaged, the next beginning of a record is looked for."""
    mark = _GZIP_MEMBER if file.read(len(_GZIP_MEMBER)) == _GZIP_MEMBER else _PLAIN_RECORD
    start: int | None = max(after, 0)
    sound = True
    while start is not None:
        file.seek(start)
        last = start
        try:
            for record in ArchiveIterator(file, record_types=WarcRecordType.any_type, parse_http=False):
                last, sound = record.stream_pos, True
                if record.stream_pos > after:
                    yield record
            return
        except OSError as error:
            if sound:
                yield _Damage(last, str(error))
            sound = False
            start = _find(file, mark, last + 1)


def _find(file: BinaryIO, mark: bytes, start: int) -> int | None:
    """Where ``mark`` stands next, or None; the file is read in pieces that overlap by the mark's length."""
    file.seek(start)
    tail, offset = b"", start
    while piece := file.read(_CHUNK):
        at = (tail + piece).find(mark)
        if at >= 0:
            return offset - len(tail) + at
        offset += len(piece)
        tail = (tail + piece)[-len(mark) + 1 :]
    return None


def _found(record: WarcRecord, source: Source) -> Found | None:
    """The page in a record; None where it holds none. A record that nobody foresaw stops only itself."""
    place = f"{source.url}#{record.stream_pos}"
    if record.record_type != WarcRecordType.response:
        return None
    try:
        raw = _page(record, place)
        if raw is None:
            return None
        stated = rights.of_page(raw.http, raw.media_type, raw.body, AGENT)
    except SkipAddress as error:
        return Refused(place, error.reason, error.detail)
    except Exception as error:
        return Refused(place, Refusal.UNREADABLE, f"{type(error).__name__}: {error}")
    if stated.reserved and source.options.get("reserved") != "keep":
        return Refused(raw.url or place, Refusal.RESERVED, "; ".join(stated.evidence))
    return Candidate(
        raw.url or "",
        source.name or source.url,
        source.kind,
        seen=raw.fetched_at,
        language=source.language,
        raw=raw,
    )


def _page(record: WarcRecord, place: str) -> RawDocument | None:
    """The page in a record; None where the archive holds an error, a redirect or a picture. Raises SkipAddress."""
    stated = record.headers.get("Content-Length") or ""
    if stated.isdecimal() and int(stated) > RECORD_BYTES:
        raise SkipAddress(Refusal.TOO_LARGE, f"{int(stated):,} bytes, more than {RECORD_BYTES:,}")
    record.freeze()
    if stated != str(record.content_length):
        raise SkipAddress(
            Refusal.CUT, f"{record.content_length} bytes are there of {stated or 'a record'}; the archive was cut"
        )
    if "WARC-Block-Digest" in record.headers and not record.verify_block_digest():
        raise SkipAddress(Refusal.DIGEST, "its bytes are not those that its digest was taken of, or some are missing")
    record.parse_http(auto_decode="transfer")
    if record.http_headers is None or record.http_headers.status_code not in DOCUMENT:
        return None
    if "WARC-Block-Digest" not in record.headers and "WARC-Payload-Digest" in record.headers:
        _check_payload(record)
    headers = joined((name.lower(), value) for name, value in record.http_headers.items_bytes())
    kind = check_kind(headers.get("content-type", ""))
    url = addresses.parse(record.headers.get("WARC-Target-URI", "") or "").href
    body = _unpacked(record.reader.read(), headers.get("content-encoding", ""))
    return RawDocument(body, place, kind or "text/html", url, record.record_date, headers)


def _check_payload(record: WarcRecord) -> None:
    if not record.verify_payload_digest():
        raise SkipAddress(Refusal.DIGEST, "its payload is not what its digest was taken of, or some is missing")


def _unpacked(body: bytes, encoding: str) -> bytes:
    """Some archives keep the header of an encoding that they have undone."""
    if "gzip" in encoding and not body.startswith(_GZIP_MEMBER[:2]):
        return body
    unpacker = Unpacker(encoding, RECORD_BYTES)
    unpacker.add(body)
    return unpacker.end()
