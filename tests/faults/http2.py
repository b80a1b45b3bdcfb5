"""The same for HTTP/2: a server on 127.0.0.1 behind TLS that answers each path with one status and body."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, RequestReceived

from tests.faults.server import Site

FRAME = 16_384
RESET = b"reset"
"""A body that is broken off by RST_STREAM after its first byte."""


@asynccontextmanager
async def serving_http2(pages: Mapping[str, bytes], tls: ssl.SSLContext) -> AsyncIterator[Site]:
    """A site for the time of a test that speaks HTTP/2 only; a path that ``pages`` does not name answers 404."""
    tls.set_alpn_protocols(["h2"])
    site = Site(0, {}, "https")

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = H2Connection(H2Configuration(client_side=False))
        connection.initiate_connection()
        try:
            writer.write(connection.data_to_send())
            while data := await reader.read(65_536):
                for event in connection.receive_data(data):
                    if isinstance(event, RequestReceived):
                        _respond(connection, event, pages)
                    elif isinstance(event, DataReceived):
                        connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                writer.write(connection.data_to_send())
                await writer.drain()
        except (ConnectionError, ssl.SSLError, asyncio.CancelledError):
            writer.transport.abort()
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=tls)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()


def _respond(connection: H2Connection, asked: RequestReceived, pages: Mapping[str, bytes]) -> None:
    path = dict(asked.headers or ())[b":path"].decode()
    status, body = ("200", pages[path]) if path in pages else ("404", b"")
    connection.send_headers(asked.stream_id, [(":status", status), ("content-type", "text/html")])
    if body is RESET:
        connection.send_data(asked.stream_id, b"x")
        connection.reset_stream(asked.stream_id)
    else:
        for start in range(0, len(body), FRAME):
            connection.send_data(asked.stream_id, body[start : start + FRAME])
        connection.end_stream(asked.stream_id)
