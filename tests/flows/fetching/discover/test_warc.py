"""Archives: every sound record is read, every damaged one named, and reading goes on where it was left."""

from __future__ import annotations

import base64
import gzip
import hashlib
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path

import pytest

from tamis.flows.fetching.discover import warc
from tamis.flows.fetching.discover.kind import Found
from tamis.flows.fetching.records import Candidate, Refused, Source
from tests.flows.fetching.discover.finding import find


def record(
    number: int, body: bytes = b"<p>page</p>" * 40, kind: str = "response", digest: str = "block", http: str = ""
) -> bytes:
    block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{http}\r\n".encode() + body
    digested = {"block": ("Block", block), "payload": ("Payload", body)}.get(digest)
    lines = [
        "WARC/1.0",
        f"WARC-Type: {kind}",
        f"WARC-Target-URI: https://a.example/{number}",
        "WARC-Date: 2026-11-20T08:30:00Z",
        "WARC-Record-ID: <urn:uuid:12345678-1234-1234-1234-123456789012>",
        "Content-Type: application/http; msgtype=response",
        f"Content-Length: {len(block)}",
    ]
    if digested:
        lines.append(f"WARC-{digested[0]}-Digest: sha1:{base64.b32encode(hashlib.sha1(digested[1]).digest()).decode()}")
    return "\r\n".join([*lines, "", ""]).encode() + block + b"\r\n\r\n"


PLAIN = [record(number) for number in range(5)]
PACKED = [gzip.compress(each) for each in PLAIN]


def read(folder: Path, archive: bytes, **options: str) -> list[Found]:
    file = folder / "a.warc"
    file.write_bytes(archive)
    source = Source("warc", str(file), options=options)
    return warc.portion(str(file), source, int(options.get("after", -1)), size=1_000)[0]


def outcomes(found: list[Found]) -> list[str]:
    """The last part of each page's address, or the reason of a refusal."""
    return [each.reason.value if isinstance(each, Refused) else each.url[-1] for each in found]


@pytest.mark.parametrize("records", [PLAIN, PACKED], ids=["plain", "gzip"])
def test_pages_come_with_their_bytes_and_the_time_they_were_fetched(tmp_path: Path, records: list[bytes]) -> None:
    found = read(tmp_path, b"".join(records))
    assert outcomes(found) == list("01234")
    first = found[1]
    assert isinstance(first, Candidate)
    assert first.raw is not None
    assert first.raw.body == b"<p>page</p>" * 40
    assert first.raw.fetched_at == datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    assert first.raw.source == f"{tmp_path / 'a.warc'}#{len(records[0])}"
    assert (first.raw.media_type, first.raw.http["content-type"]) == ("text/html", "text/html")
    assert first.published is None


@pytest.mark.parametrize("records", [PLAIN, PACKED], ids=["plain", "gzip"])
def test_reading_goes_on_behind_any_record(tmp_path: Path, records: list[bytes]) -> None:
    for number, offset in enumerate([0, *accumulate(map(len, records))][:-1]):
        assert outcomes(read(tmp_path, b"".join(records), after=str(offset))) == list("01234")[number + 1 :]


def flipped(archive: bytes, at: int) -> bytes:
    return archive[:at] + bytes([archive[at] ^ 1]) + archive[at + 1 :]


DAMAGED = {
    "cut in a record": (b"".join(PLAIN)[:-300], [*"0123", "cut"]),
    "cut in a header": (b"".join(PLAIN[:1]) + PLAIN[1][:60], ["0", "cut"]),
    "cut in a packed record": (b"".join(PACKED)[:-30], [*"0123", "cut"]),
    "cut without a digest": (record(0) + record(1, digest="")[:-12], ["0", "cut"]),
    "a flipped bit": (flipped(b"".join(PLAIN), len(PLAIN[0]) + 500), ["0", "digest", *"234"]),
    "a flipped bit in a payload": (flipped(record(0, digest="payload") + PLAIN[1], 480), ["digest", "1"]),
    "a flipped bit in a packed record": (flipped(b"".join(PACKED), len(PACKED[0]) + 60), ["0", "cut", *"234"]),
    "rubbish between": (b"".join(PLAIN[:2]) + b"\0" * 99 + b"".join(PLAIN[2:]), ["0", "1", "cut", *"234"]),
    "rubbish between packed": (b"".join(PACKED[:2]) + b"\0" * 99 + b"".join(PACKED[2:]), ["0", "1", "cut", *"234"]),
    "no archive": (b"<!doctype html><p>no archive", ["cut"]),
    "too large": (record(0, b"x" * (warc.RECORD_BYTES + 1)) + PLAIN[1], ["too_large", "1"]),
    "a bomb": (
        record(0, gzip.compress(b"\0" * 9_000_000), http="Content-Encoding: gzip\r\n") + PLAIN[1],
        ["too_large", "1"],
    ),
    "no address": (PLAIN[0].replace(b"https://a.example/0", b"urn:no-address-here"), ["bad_address"]),
}


@pytest.mark.parametrize(("archive", "wanted"), DAMAGED.values(), ids=DAMAGED.keys())
def test_damage_is_named_and_costs_no_sound_record(tmp_path: Path, archive: bytes, wanted: list[str]) -> None:
    assert outcomes(read(tmp_path, archive)) == wanted


def test_what_is_no_page_is_left_out(tmp_path: Path) -> None:
    others = [record(1, kind="request"), record(2, digest="").replace(b"200 OK", b"404 No"), PLAIN[3]]
    assert outcomes(read(tmp_path, b"".join(others))) == ["3"]
    picture = record(4).replace(b"text/html", b"image/png")
    assert outcomes(read(tmp_path, record(4, digest="").replace(b"text/html", b"image/png"))) == ["media_type"]
    assert outcomes(read(tmp_path, picture)) == ["digest"]


def test_encodings_are_undone(tmp_path: Path) -> None:
    chunked = b"5\r\n<p>on\r\n6\r\ne page\r\n0\r\n\r\n"
    archive = record(0, gzip.compress(b"<p>one page"), http="Content-Encoding: gzip\r\n")
    archive += record(1, chunked, http="Transfer-Encoding: chunked\r\n")
    archive += record(2, b"<p>one page", http="Content-Encoding: gzip\r\n")
    bodies = [each.raw.body for each in read(tmp_path, archive) if isinstance(each, Candidate) and each.raw]
    assert bodies == [b"<p>one page"] * 3


def test_reservations_are_obeyed_unless_the_user_may_keep_them(tmp_path: Path) -> None:
    archive = record(0, http="TDM-Reservation: 1\r\n")
    assert outcomes(read(tmp_path, archive)) == ["reserved"]
    assert outcomes(read(tmp_path, archive, reserved="keep")) == ["0"]


def test_an_archive_is_a_source_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(b"".join(PACKED))
    found, log = find("warc", {}, url=tmp_path / "a.warc.gz")
    assert outcomes(found) == list("01234")
    assert log == []
    assert outcomes(find("warc", {}, url="no/such/file")[0]) == ["unreadable"]
    assert outcomes(find("warc", {}, url=tmp_path / "a.warc.gz", after="a")[0]) == ["unreadable"]
