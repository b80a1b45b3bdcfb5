"""The guard at the socket: a name is resolved once, every answer is checked, and a checked address is dialled.

It stands below httpx, so that redirects, retries and names that change their address between two look-ups
all pass through it; certificate and Host stay those of the name.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import Any

import httpcore
import httpx

from tamis.flows.fetching import networks
from tamis.flows.fetching.addresses import DEFAULT_PORTS
from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.networks import Allowed
from tamis.flows.fetching.records import Refusal

Resolve = Callable[[str, int], Awaitable[list[str]]]
DIALLED_AT_MOST = 3
KEPT_SECONDS = 30.0
RETRY_NAME_IN = 60.0


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, best first. Raises SkipAddress (``unknown_host``)."""
    try:
        answers = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        passing = isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
        detail = f"{host}: {getattr(error, 'strerror', None) or error}; check the spelling"
        raise SkipAddress(Refusal.UNKNOWN_HOST, detail, retry_in=RETRY_NAME_IN if passing else None) from error
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """httpcore's way to the network, narrowed to what ``networks.check`` lets through."""

    def __init__(self, allowed: Allowed, resolve: Resolve = resolve) -> None:
        self._allowed = allowed
        self._resolve = resolve
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to a checked address of ``host``. Raises SkipAddress, or httpcore's errors."""
        checked = networks.check(host, port, await self._resolve(host, port), self._allowed)
        *others, last = checked[:DIALLED_AT_MOST]
        for address in others:
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._network.connect_tcp(last, port, timeout, local_address, socket_options)

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002 - httpcore's signature
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        """Always raises SkipAddress (``private_address``)."""
        raise SkipAddress(Refusal.PRIVATE_ADDRESS, f"{path} is a local socket, not an address of the web")

    async def sleep(self, seconds: float) -> None:
        """Waits between httpcore's own attempts, of which there are none here."""
        await asyncio.sleep(seconds)


class GuardedTransport(httpx.AsyncHTTPTransport):
    """httpx's transport with a pool of our making, which it offers no argument for."""

    def __init__(self, pool: httpcore.AsyncConnectionPool) -> None:
        self._pool = pool


def guarded_transport(
    allowed: Allowed, resolve: Resolve, tls: ssl.SSLContext, proxy: str | None, connections: int
) -> GuardedTransport:
    """The only way to the network that the client has; through ``proxy``, only the proxy itself is dialled."""
    common: dict[str, Any] = {
        "ssl_context": tls,
        "max_connections": connections,
        "keepalive_expiry": KEPT_SECONDS,
        "http2": True,
    }
    if proxy is None:
        return GuardedTransport(
            httpcore.AsyncConnectionPool(network_backend=GuardedBackend(allowed, resolve), **common)
        )
    to = httpx.Proxy(proxy)
    place = (to.url.host, to.url.port or DEFAULT_PORTS[to.url.scheme])
    backend = GuardedBackend(replace(allowed, places=allowed.places | {place}), resolve)
    pool = httpcore.AsyncHTTPProxy(str(to.url), proxy_auth=to.raw_auth, network_backend=backend, **common)
    return GuardedTransport(pool)
