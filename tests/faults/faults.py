"""The faults: each a site, the path to ask it for, and the outcome that a fetcher must come to."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field

from tamis.flows.fetching.records import Refusal
from tests.faults.server import Answer, Request, head, reply

FETCHED = "fetched"
MEBIBYTE = 1024 * 1024
LIMIT = MEBIBYTE
PAGE = "<!doctype html><title>Coopération</title><p>Rabat et Paris renforcent leur coopération policière.</p>"
PIECES = 10_000
"""Every endless answer ends after so many pieces, should nobody hang up."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One misbehaviour; ``outcome`` is the value of a Refusal, or ``fetched`` where it must be survived."""

    name: str
    outcome: str
    page: Answer
    others: Mapping[str, Answer] = field(default_factory=dict)

    @property
    def pages(self) -> dict[str, Answer]:
        """The whole site, with the page at ``/page``."""
        return {"/page": self.page, **self.others}


def faults() -> Iterator[Fault]:
    """All faults, by theme."""
    yield from _bodies()
    yield from _packed()
    yield from _slow()
    yield from _broken()
    yield from _redirects()
    yield from _statuses()
    yield from _robots()
    yield from _rights()
    yield from _kinds()


def _bodies() -> Iterator[Fault]:
    yield Fault("good", FETCHED, reply(PAGE))
    yield Fault("endless body", Refusal.TOO_LARGE, _pieces(head(200), b"x" * 65_536))
    yield Fault(
        "endless chunks", Refusal.TOO_LARGE, _pieces(head(200, transfer_encoding="chunked"), _chunk(b"x" * 65_536))
    )
    yield Fault("too large as announced", Refusal.TOO_LARGE, reply(b"", content_length=str(LIMIT + 1)))
    yield Fault("as large as allowed", FETCHED, reply(b"x" * LIMIT))
    yield Fault("empty body", FETCHED, reply(b""))
    yield Fault("shorter than announced", Refusal.TRUNCATED, reply(PAGE, content_length=str(len(PAGE) + 500)))
    yield Fault(
        "chunks without an end", Refusal.TRUNCATED, _raw(head(200, transfer_encoding="chunked") + _chunk(b"<p>half"))
    )
    yield Fault(
        "connection dropped in the body", Refusal.TRUNCATED, _dropped(head(200, content_length="900") + b"<p>half")
    )


def _packed() -> Iterator[Fault]:
    packed, bomb = gzip.compress(PAGE.encode()), _bomb()
    yield Fault("gzip", FETCHED, reply(packed, content_encoding="gzip"))
    yield Fault("gzip in two members", FETCHED, reply(packed + gzip.compress(b"<p>more"), content_encoding="gzip"))
    yield Fault("deflate", FETCHED, reply(zlib.compress(PAGE.encode()), content_encoding="deflate"))
    bare = zlib.compressobj(wbits=-15)
    yield Fault("bare deflate", FETCHED, reply(bare.compress(PAGE.encode()) + bare.flush(), content_encoding="deflate"))
    yield Fault("gzip bomb", Refusal.TOO_LARGE, reply(bomb, content_encoding="gzip"))
    yield Fault("gzip in a gzip", Refusal.ENCODING, reply(gzip.compress(packed), content_encoding="gzip, gzip"))
    yield Fault("very many gzip members", Refusal.ENCODING, reply(gzip.compress(b"") * 20_000, content_encoding="gzip"))
    yield Fault("cut gzip", Refusal.TRUNCATED, reply(packed[:-12], content_encoding="gzip"))
    yield Fault("gzip that is none", Refusal.ENCODING, reply(PAGE, content_encoding="gzip"))
    yield Fault("gzip with a wrong checksum", Refusal.ENCODING, reply(packed[:-8] + b"\0" * 8, content_encoding="gzip"))
    yield Fault("padding behind gzip", FETCHED, reply(packed + b"\0" * 64, content_encoding="gzip"))
    yield Fault("brotli that was not offered", Refusal.ENCODING, reply(b"\x0b\x02\x80", content_encoding="br"))
    yield Fault("zstd that was not offered", Refusal.ENCODING, reply(b"\x28\xb5\x2f\xfd", content_encoding="zstd"))


def _slow() -> Iterator[Fault]:
    yield Fault("silence", Refusal.TOO_SLOW, _pieces(b"", b"", pause=0.2, pieces=60))
    yield Fault(
        "dripping headers", Refusal.TOO_SLOW, _pieces(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", pause=0.2, pieces=60)
    )
    yield Fault("dripping body", Refusal.TOO_SLOW, _pieces(head(200, content_length="900"), b"x", pause=0.2, pieces=60))


def _broken() -> Iterator[Fault]:
    yield Fault("no answer", Refusal.UNREACHABLE, _raw(b""))
    yield Fault("connection dropped", Refusal.UNREACHABLE, _dropped(b""))
    yield Fault("not HTTP", Refusal.BROKEN_RESPONSE, _raw(b"220 mail.example ESMTP ready\r\n\r\n"))
    yield Fault(
        "endless headers", Refusal.BROKEN_RESPONSE, _pieces(b"HTTP/1.1 200 OK\r\n", b"X-A: " + b"b" * 8192 + b"\r\n")
    )
    yield Fault(
        "two lengths",
        Refusal.BROKEN_RESPONSE,
        _raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 9\r\n\r\nhello"),
    )
    yield Fault(
        "bytes in the headers that are no text",
        FETCHED,
        _raw(head(200)[:-2] + b'ETag: "\xff\xe9"\r\n\r\n' + PAGE.encode()),
    )


def _redirects() -> Iterator[Fault]:
    there = {"/there": reply(PAGE)}
    yield Fault("redirect", FETCHED, _to("/there"), there)
    yield Fault("redirect in UTF-8", FETCHED, _to("/là"), {"/l%C3%A0": reply(PAGE)})
    yield Fault("redirect to itself", Refusal.REDIRECT_LOOP, _to("/page"))
    yield Fault("redirect loop", Refusal.REDIRECT_LOOP, _to("/there"), {"/there": _to("/page")})
    yield Fault(
        "redirects without end",
        Refusal.TOO_MANY_REDIRECTS,
        _to("/1"),
        {f"/{n}": _to(f"/{n + 1}") for n in range(1, 30)},
    )
    yield Fault("redirect to nowhere", Refusal.BAD_REDIRECT, reply(b"", 302))
    yield Fault("redirect to a file", Refusal.BAD_REDIRECT, _to("file:///etc/passwd"))
    yield Fault("redirect to a script", Refusal.BAD_REDIRECT, _to("javascript:alert(1)"))
    yield Fault("redirect with a password", Refusal.BAD_REDIRECT, _to("http://root:secret@127.0.0.1/"))
    yield Fault("redirect to another port", Refusal.PORT, _to("http://127.0.0.1:1/"))
    for place in PRIVATE:
        yield Fault(f"redirect to {place}", Refusal.PRIVATE_ADDRESS, _to(f"http://{place}/latest/meta-data/"))
    forbidden = {"/there": reply(PAGE), "/robots.txt": reply("User-agent: *\nDisallow: /there\n")}
    yield Fault("redirect to what robots.txt disallows", Refusal.ROBOTS, _to("/there"), forbidden)


PRIVATE = (
    "127.0.0.1", "localhost", "0.0.0.0", "0", "2130706433", "0x7f000001", "017700000001", "127.1", "①②⑦.0.0.1",
    "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.100.100.200", "169.254.169.254", "168.63.129.16", "[::1]", "[::]",
    "[::ffff:127.0.0.1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::a00:1]", "[2002:7f00:1::]",
    "[2001:0:7f00:1::]", "[fe80::1]", "[fd00:ec2::254]", "[2a00::5efe:7f00:1]", "[ff02::1]",
)  # fmt: skip


def _statuses() -> Iterator[Fault]:
    named = {
        204: Refusal.STATUS, 304: Refusal.STATUS, 401: Refusal.FORBIDDEN, 403: Refusal.FORBIDDEN,
        404: Refusal.NOT_FOUND, 410: Refusal.GONE, 418: Refusal.STATUS, 429: Refusal.TOO_MANY_REQUESTS,
        451: Refusal.FORBIDDEN,
        500: Refusal.SERVER_ERROR, 503: Refusal.SERVER_ERROR, 599: Refusal.SERVER_ERROR,
    }  # fmt: skip
    for status, reason in named.items():
        body = b"" if status in (204, 304) else b"sorry"
        yield Fault(f"status {status}", reason, reply(body, status))
    yield Fault("429 for an hour", Refusal.TOO_MANY_REQUESTS, reply(b"", 429, retry_after="3600"))
    yield Fault("503 with a date that is none", Refusal.SERVER_ERROR, reply(b"", 503, retry_after="soon"))


def _robots() -> Iterator[Fault]:
    yield _with_robots("robots allows", FETCHED, reply("User-agent: *\nDisallow: /private\n"))
    yield _with_robots("robots disallows", Refusal.ROBOTS, reply("User-agent: *\nDisallow: /\n"))
    yield _with_robots(
        "robots behind a byte-order mark", Refusal.ROBOTS, reply(b"\xef\xbb\xbfUser-agent: *\nDisallow: /page")
    )
    yield _with_robots(
        "robots disallows tamis alone",
        Refusal.ROBOTS,
        reply("User-agent: Tamis\nDisallow: /\n\nUser-agent: *\nAllow: /"),
    )
    yield _with_robots("robots disallows others alone", FETCHED, reply("User-agent: otherbot\nDisallow: /\n"))
    yield _with_robots("robots allows a part", FETCHED, reply("User-agent: *\nDisallow: /\nAllow: /page$\n"))
    yield _with_robots("no robots", FETCHED, reply(b"", 404))
    yield _with_robots("robots forbidden", FETCHED, reply(b"", 403))
    yield _with_robots("robots as binary", FETCHED, reply(bytes(range(256)) * 64))
    yield _with_robots("robots as a page", FETCHED, reply(PAGE))
    yield _with_robots("robots broken down", Refusal.ROBOTS_UNREACHABLE, reply(b"", 500))
    yield _with_robots("robots unavailable", Refusal.ROBOTS_UNREACHABLE, reply(b"", 503, retry_after="120"))
    yield _with_robots("robots too often asked", Refusal.ROBOTS_UNREACHABLE, reply(b"", 429))
    yield _with_robots("robots cut", Refusal.ROBOTS_UNREACHABLE, reply("User-agent: *\n", content_length="400"))
    yield _with_robots("robots never comes", Refusal.ROBOTS_UNREACHABLE, _pieces(b"", b"", pause=0.2, pieces=60))
    yield _with_robots("robots drops the connection", Refusal.UNREACHABLE, _dropped(b""))
    yield _with_robots(
        "robots without end",
        Refusal.ROBOTS,
        _pieces(head(200) + b"User-agent: *\nDisallow: /page\n", b"# more\n" * 9000),
    )
    yield _with_robots("robots as a bomb", FETCHED, reply(_bomb(), content_encoding="gzip"))
    yield _with_robots("robots moved", Refusal.ROBOTS, _to("/2"), {"/2": reply("User-agent: *\nDisallow: /page\n")})
    yield _with_robots("robots moved on and on", FETCHED, _to("/1"), {f"/{n}": _to(f"/{n + 1}") for n in range(1, 30)})
    yield _with_robots(
        "robots moved to a private address", Refusal.PRIVATE_ADDRESS, _to("http://169.254.169.254/robots.txt")
    )


def _rights() -> Iterator[Fault]:
    path = "/.well-known/tdmrep.json"
    site = reply('[{"location": "/page", "tdm-reservation": 1, "tdm-policy": "https://site.example/policy"}]')
    yield Fault("rights reserved in a header", Refusal.RESERVED, reply(PAGE, tdm_reservation="1"))
    yield Fault(
        "rights reserved in a meta", Refusal.RESERVED, reply('<meta name="TDM-Reservation" content="1">' + PAGE)
    )
    yield Fault("rights reserved for the site", Refusal.RESERVED, reply(PAGE), {path: site})
    yield Fault(
        "rights of another page reserved",
        FETCHED,
        reply(PAGE),
        {path: reply('[{"location": "/other", "tdm-reservation": 1}]')},
    )
    yield Fault("a header against the site", FETCHED, reply(PAGE, tdm_reservation="0"), {path: site})
    yield Fault(
        "a meta against a header",
        Refusal.RESERVED,
        reply('<meta name="tdm-reservation" content="1">' + PAGE, tdm_reservation="0"),
    )
    yield Fault("noai in a header", Refusal.RESERVED, reply(PAGE, x_robots_tag="noindex, noai"))
    yield Fault("noai for another", FETCHED, reply(PAGE, x_robots_tag="otherbot: noai"))
    yield Fault("noai in a meta", Refusal.RESERVED, reply('<meta name="robots" content="noai, noimageai">' + PAGE))
    yield Fault("a reservation that is no JSON", FETCHED, reply(PAGE), {path: reply("[" * 5000)})


def _kinds() -> Iterator[Fault]:
    yield Fault("a picture", Refusal.MEDIA_TYPE, reply(b"\x89PNG", content_type="image/png"))
    yield Fault("a film without end", Refusal.MEDIA_TYPE, _pieces(head(200, content_type="video/mp4"), b"x" * 65_536))
    yield Fault("a page of unknown type", FETCHED, reply(PAGE, content_type=""))
    yield Fault("a page said to be bytes", FETCHED, reply(PAGE, content_type="application/octet-stream"))
    yield Fault("a charset that is none", FETCHED, reply(PAGE, content_type="text/html; charset=hex"))
    yield Fault(
        "a charset that is another", FETCHED, reply(PAGE.encode("cp1252"), content_type="text/html; charset=utf-8")
    )


def _with_robots(name: str, outcome: str, robots: Answer, others: Mapping[str, Answer] | None = None) -> Fault:
    return Fault(name, outcome, reply(PAGE), {"/robots.txt": robots, **(others or {})})


def _to(location: str) -> Answer:
    return reply(b"", 302, location=location)


def _raw(content: bytes) -> Answer:
    return _pieces(content, b"", pieces=0)


def _pieces(first: bytes, again: bytes, pause: float = 0.0, pieces: int = PIECES) -> Answer:
    async def answer(request: Request) -> AsyncIterator[bytes]:
        yield first
        for _ in range(pieces):
            await asyncio.sleep(pause)
            yield again

    return answer


def _dropped(content: bytes) -> Answer:
    async def answer(request: Request) -> AsyncIterator[bytes]:
        yield content
        await asyncio.sleep(0.05)  # what was sent arrives before the connection is gone
        raise ConnectionResetError

    return answer


def _chunk(content: bytes) -> bytes:
    return f"{len(content):x}\r\n".encode() + content + b"\r\n"


def _bomb() -> bytes:
    """Two hundred times as large unpacked as is allowed; 200 KB to send."""
    packer = zlib.compressobj(wbits=31)
    return b"".join(packer.compress(b"\0" * MEBIBYTE) for _ in range(200)) + packer.flush()
