"""The client: asks for pages as a guest, and tells of each address how it ended.

    fetch -> for each hop of a redirect: robots.txt, the host's queue, one exchange -> rights -> outcome

Nothing but a wrong setting is raised: an address that gives no page becomes a ``Refused`` with its reason.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from datetime import datetime

import httpx

from tamis.cleaners.errors import StopRun
from tamis.cleaners.records import RawDocument
from tamis.flows.fetching import addresses, dialling, entering, networks, retrying, settings
from tamis.flows.fetching.addresses import Address
from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.exchange import DOCUMENT, REDIRECT, FetchLimits, HttpAnswer, next_address
from tamis.flows.fetching.hosts import STRUGGLES, Headers, Hosts, Time
from tamis.flows.fetching.records import Fetched, NotModified, Outcome, Refusal, Refused, Validators
from tamis.flows.fetching.robots import RobotsFile
from tamis.flows.fetching.settings import FetchSettings
from tamis.flows.fetching.sites import Sites
from tamis.flows.reading import sources

PERMANENT = frozenset({301, 308})
NOT_MODIFIED = 304
NAMED = {
    401: Refusal.FORBIDDEN,
    403: Refusal.FORBIDDEN,
    404: Refusal.NOT_FOUND,
    410: Refusal.GONE,
    429: Refusal.TOO_MANY_REQUESTS,
    451: Refusal.FORBIDDEN,
}
UNTOLD = ("", "application/octet-stream", "binary/octet-stream")


class Client:
    """Fetches pages; made by ``open_client``."""

    def __init__(self, hosts: Hosts, sites: Sites, settings: FetchSettings, time: Time) -> None:
        self._hosts = hosts
        self._sites = sites
        self._settings = settings
        self._limits = FetchLimits(settings.seconds, settings.max_bytes)
        self._time = time

    async def fetch(self, url: str, validators: Validators | None = None) -> Outcome:
        """The page at ``url``; with the ``validators`` of an earlier visit, NotModified if it is as it was."""
        try:
            return await self._follow(url, validators)
        except SkipAddress as error:
            return entering.refused(Refused(url, error.reason, error.detail, error.status, error.retry_in))
        except StopRun:
            raise
        except Exception as error:  # whatever nobody foresaw: this address alone is lost, and can be had later
            detail = f"{type(error).__name__}: {error}; please report it"
            return entering.refused(Refused(url, Refusal.INTERNAL_ERROR, detail, retry_in=0.0))

    async def _follow(self, url: str, validators: Validators | None) -> Outcome:
        address = addresses.parse(url)
        seen = {address.href}
        moved_for_good = True
        while True:
            await self._sites.check_robots(address)
            known = validators if validators and validators.url == address.href else None
            answer = await self._hosts.ask(address, self._limits, _conditions(known))
            if answer.status not in REDIRECT:
                moved_to = address.href if moved_for_good and len(seen) > 1 else None
                return await self._outcome(url, address, answer, known, moved_to)
            moved_for_good = moved_for_good and answer.status in PERMANENT
            address = next_address(address, answer)
            if address.href in seen:
                raise SkipAddress(Refusal.REDIRECT_LOOP, f"the redirects lead back to {address.href}")
            if len(seen) > self._settings.redirects:
                detail = f"more than {self._settings.redirects} redirects, the last to {address.href}"
                raise SkipAddress(Refusal.TOO_MANY_REDIRECTS, detail)
            seen.add(address.href)

    async def _outcome(
        self, url: str, address: Address, answer: HttpAnswer, known: Validators | None, moved_to: str | None
    ) -> Outcome:
        if answer.status == NOT_MODIFIED and known is not None:
            return NotModified(url, _validators(address.href, answer, known))
        if answer.status not in DOCUMENT:
            raise _refusal(address, answer, self._time.now)
        kind = _media_type(address, answer)
        rights = await self._sites.rights_of(address, kind, answer)
        if rights.reserved and self._settings.obey_reservations:
            raise SkipAddress(Refusal.RESERVED, "; ".join(rights.evidence), status=answer.status)
        raw = RawDocument(answer.body, url, kind, address.href, self._time.now, answer.headers)
        return Fetched(url, raw, _validators(address.href, answer), rights, moved_to)


@asynccontextmanager
async def open_client(
    given: FetchSettings,
    *,
    robots: MutableMapping[str, RobotsFile] | None = None,
    resolve: dialling.Resolve = dialling.resolve,
    when: Time | None = None,
) -> AsyncIterator[Client]:
    """A client for the time of a run.

    ``robots`` are the robots files of earlier runs by origin; what is read in this run is added to them.
    ``resolve`` and ``when`` stand in for the name service and the clock. Raises StopRun naming every wrong setting.
    """
    settings.check(given)
    tls = httpx.create_ssl_context(trust_env=False)
    if given.ca_file:
        tls.load_verify_locations(given.ca_file)
    allowed = networks.read_allowed(given.allow)
    ticking = when or Time(time.time, asyncio.sleep, random.random)
    async with dialling.guarded_transport(allowed, resolve, tls, given.proxy, given.at_once) as transport:
        hosts = Hosts(transport, given, ticking)
        yield Client(hosts, Sites(hosts, {} if robots is None else robots, given, ticking), given, ticking)


def _conditions(known: Validators | None) -> Headers:
    """The conditional headers (RFC 9110, section 13.1), byte for byte as the site gave them."""
    if known is None:
        return ()
    given = ((b"If-None-Match", known.etag), (b"If-Modified-Since", known.last_modified))
    return [(name, value.encode("latin-1")) for name, value in given if value]


def _validators(url: str, answer: HttpAnswer, known: Validators | None = None) -> Validators:
    """What the answer says; a 304 need not repeat what is known."""
    before = known or Validators(url)
    return Validators(
        url,
        answer.headers.get("etag") or before.etag,
        answer.headers.get("last-modified") or before.last_modified,
    )


def _media_type(address: Address, answer: HttpAnswer) -> str:
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in UNTOLD:
        return sources.media_type(address.target.partition("?")[0], answer.body[: sources.SNIFFED])
    return kind


def _refusal(address: Address, answer: HttpAnswer, now: datetime) -> SkipAddress:
    status = answer.status
    reason = NAMED.get(status, Refusal.SERVER_ERROR if status >= 500 else Refusal.STATUS)
    wait = retrying.retry_after(answer.headers.get("retry-after"), now) or 0.0
    return SkipAddress(
        reason, f"{address.href} answers {status}", status=status, retry_in=wait if status in STRUGGLES else None
    )
