"""A web server on 127.0.0.1 that sends exactly the bytes it is told to, and keeps a log of what it was asked."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

STATUS = {200: "OK", 301: "Moved Permanently", 302: "Found", 304: "Not Modified", 404: "Not Found"}


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked; header names in lower case."""

    target: str
    headers: Mapping[str, str]


Answer = Callable[[Request], AsyncIterator[bytes]]
"""Gives the bytes of a response piece by piece; ConnectionResetError in it drops the connection."""


@dataclass(slots=True)
class Site:
    """A running server: where it is, what it answers by path, and what it was asked so far."""

    port: int
    pages: dict[str, Answer]
    scheme: str = "http"
    log: list[Request] = field(default_factory=list)

    @property
    def place(self) -> str:
        """Host and port, as an allow list wants them."""
        return f"127.0.0.1:{self.port}"

    def url(self, path: str = "/") -> str:
        """The address of a path on this site."""
        return f"{self.scheme}://{self.place}{path}"

    def asked(self, path: str) -> list[Request]:
        """The requests for one path."""
        return [request for request in self.log if request.target == path]


@asynccontextmanager
async def serving(pages: Mapping[str, Answer], tls: ssl.SSLContext | None = None) -> AsyncIterator[Site]:
    """A site for the time of a test; a path that ``pages`` does not name answers 404."""
    site = Site(0, dict(pages), "https" if tls else "http")

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = _request(await reader.readuntil(b"\r\n\r\n"))
            site.log.append(request)
            async for piece in site.pages.get(request.target, reply(b"no such page", 404))(request):
                writer.write(piece)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.CancelledError):
            writer.transport.abort()
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=tls)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()


def reply(body: bytes | str = b"", status: int = 200, **headers: str) -> Answer:
    """An honest response; ``content_type="text/html"`` becomes a header, and an empty value leaves one out."""
    content = body.encode() if isinstance(body, str) else body
    given = {"content_type": "text/html; charset=utf-8", "content_length": str(len(content)), **headers}

    async def answer(request: Request) -> AsyncIterator[bytes]:
        yield head(status, **given)
        yield content

    return answer


def head(status: int, **headers: str) -> bytes:
    """The first bytes of a response, up to its body."""
    lines = [f"HTTP/1.1 {status} {STATUS.get(status, 'Whatever')}", "Connection: close"]
    lines += [f"{name.replace('_', '-').title()}: {value}" for name, value in headers.items() if value]
    return "\r\n".join([*lines, "", ""]).encode("utf-8")


def _request(head: bytes) -> Request:
    first, *lines = head.decode("latin-1").split("\r\n")
    fields = (line.partition(":") for line in lines if line)
    return Request(first.split(" ")[1], {name.lower(): value.strip() for name, _, value in fields})
