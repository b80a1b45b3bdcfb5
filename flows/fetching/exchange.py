"""One request and its answer, within its limits of time and size; every way it can fail has its name."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass

import httpx

from tamis.flows.fetching import addresses
from tamis.flows.fetching.addresses import Address
from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.records import Refusal
from tamis.flows.fetching.unpacking import Unpacker

DOCUMENT = frozenset({200, 203})
REDIRECT = frozenset({301, 302, 303, 307, 308})
# Kept as they came, these would store other people's session keys.
UNKEPT = frozenset({"set-cookie", "set-cookie2"})
CONNECT_SECONDS = 10.0
NOT_TEXT = ("image/", "audio/", "video/", "font/", "model/", "application/pdf", "application/zip", "application/vnd.")


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A response; ``headers`` have names in lower case, ``body`` is unpacked and empty unless a document came."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """What one exchange may cost. ``cut`` keeps the first ``max_bytes`` of a longer body instead of refusing it."""

    seconds: float
    max_bytes: int
    cut: bool = False


async def exchange(
    transport: httpx.AsyncBaseTransport, address: Address, headers: Sequence[tuple[bytes, bytes]], limits: FetchLimits
) -> HttpAnswer:
    """Asks once for ``address``; bodies are read of documents only. Redirects are not followed.

    Raises SkipAddress with the reason; ``retry_in`` is set where asking again can help.
    """
    begun = False
    timeouts = httpx.Timeout(limits.seconds, connect=min(limits.seconds, CONNECT_SECONDS)).as_dict()
    try:
        async with asyncio.timeout(limits.seconds):
            request = httpx.Request("GET", address.href, headers=list(headers), extensions={"timeout": timeouts})
            # Not through httpx's client: it would follow cookies, credentials and, to parse them, redirects.
            async with aclosing(await transport.handle_async_request(request)) as response:
                begun = True
                kept = joined(response.headers.raw)
                if response.status_code not in DOCUMENT:
                    return HttpAnswer(response.status_code, kept)
                check_kind(kept.get("content-type", ""))
                return HttpAnswer(response.status_code, kept, await _body(response, kept, limits))
    except (TimeoutError, httpx.TimeoutException) as error:
        raise SkipAddress(Refusal.TOO_SLOW, f"no whole answer in {limits.seconds:g} s", retry_in=0.0) from error
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError, OSError) as error:
        raise _named(error, begun=begun) from error


def next_address(address: Address, answer: HttpAnswer) -> Address:
    """Where a redirect leads. Raises SkipAddress (``bad_redirect``)."""
    location = answer.headers.get("location", "").strip(" \t")
    if not location:
        raise SkipAddress(Refusal.BAD_REDIRECT, f"{address.href} answers {answer.status} without a Location")
    try:
        # Sites write Location in UTF-8, though headers are read as Latin-1.
        return addresses.parse(location.encode("latin-1").decode("utf-8", "replace"), base=address.href)
    except SkipAddress as error:
        raise SkipAddress(Refusal.BAD_REDIRECT, f"{address.href} leads to {error.detail}") from error


async def _body(response: httpx.Response, headers: Mapping[str, str], limits: FetchLimits) -> bytes:
    """The raw bytes are counted and unpacked here: httpx would unpack a bomb before anyone could count."""
    unpacker = Unpacker(headers.get("content-encoding", ""), limits.max_bytes)
    length = headers.get("content-length", "")
    if not limits.cut and length.isdecimal() and int(length) > limits.max_bytes:
        raise SkipAddress(Refusal.TOO_LARGE, f"{int(length):,} bytes are announced, more than {limits.max_bytes:,}")
    try:
        async for piece in response.aiter_raw():
            unpacker.add(piece)
    except SkipAddress as error:
        if limits.cut and error.reason is Refusal.TOO_LARGE:
            return unpacker.so_far()
        raise
    return unpacker.end()


def joined(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Header names in lower case; repeated ones joined as RFC 9110 (5.3) says, each byte kept as it came."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in raw:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        if name not in UNKEPT:
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def check_kind(content_type: str) -> str:
    """The media type of a Content-Type header. Raises SkipAddress (``media_type``) where it is no kind of text."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind.startswith(NOT_TEXT) and not kind.endswith("+xml"):
        raise SkipAddress(Refusal.MEDIA_TYPE, f"it is {kind}, not a page; leave it out")
    return kind


def _named(error: Exception, *, begun: bool) -> SkipAddress:
    said = str(error) or type(error).__name__
    secured = next((cause for cause in _causes(error) if isinstance(cause, ssl.SSLError)), None)
    if secured is not None:
        return SkipAddress(Refusal.TLS, f"no trusted connection ({secured.reason or secured})")
    if isinstance(error, httpx.ConnectError):
        return SkipAddress(Refusal.UNREACHABLE, f"no connection ({said})", retry_in=0.0)
    if isinstance(error, (httpx.RemoteProtocolError, httpx.ReadError)) and begun:
        return SkipAddress(Refusal.TRUNCATED, f"the connection ended before the body did ({said})", retry_in=0.0)
    if isinstance(error, (httpx.NetworkError, OSError)) or "Server disconnected" in said:
        return SkipAddress(Refusal.UNREACHABLE, f"the connection broke ({said})", retry_in=0.0)
    return SkipAddress(Refusal.BROKEN_RESPONSE, f"the answer is not HTTP as it should be ({said})")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
