"""What a site asks of its guests: its robots.txt before each page, its reservation of rights with it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from tamis.flows.fetching import addresses, entering, retrying, rights, robots
from tamis.flows.fetching.addresses import Address
from tamis.flows.fetching.aside import aside
from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.exchange import DOCUMENT, REDIRECT, FetchLimits, HttpAnswer, next_address
from tamis.flows.fetching.hosts import NOT_ASKED, STRUGGLES, Hosts, Time
from tamis.flows.fetching.records import Refusal, Rights
from tamis.flows.fetching.rights import TdmRule
from tamis.flows.fetching.robots import RobotsFile
from tamis.flows.fetching.settings import FetchSettings

Result = TypeVar("Result")
RIGHTS_BYTES = 512 * 1024
OF_THE_HOST = NOT_ASKED | {Refusal.TLS, Refusal.UNREACHABLE, Refusal.HOST_RESTING}


@dataclass(slots=True)
class _Site:
    """What is known of one origin; ``reading`` lets only one of many requests ask for it."""

    reading: asyncio.Lock = field(default_factory=asyncio.Lock)
    paced_by: RobotsFile | None = None
    rules: tuple[TdmRule, ...] = ()
    rules_expire_at: float = 0.0


class Sites:
    """The small files that sites have for robots, each read once while it is fresh."""

    def __init__(
        self, hosts: Hosts, files: MutableMapping[str, RobotsFile], settings: FetchSettings, time: Time
    ) -> None:
        self._hosts = hosts
        self._files = files
        self._settings = settings
        self._time = time
        self._sites: dict[str, _Site] = defaultdict(_Site)

    async def check_robots(self, address: Address) -> None:
        """Raises SkipAddress (``robots``, ``robots_unreachable``, or why its host cannot be asked at all)."""
        file = await self._robots_of(address)
        if file.unreachable is not None:
            # A name that does not exist, or may not be dialled, is no fault of its robots.txt.
            reason = file.unreachable if file.unreachable in OF_THE_HOST else Refusal.ROBOTS_UNREACHABLE
            wait = max(0.0, file.expires_at - self._time.clock())
            raise SkipAddress(reason, file.detail, retry_in=None if reason in NOT_ASKED else wait)
        if address.target != robots.PATH and not await self._allows(file, address.href):
            detail = f"{address.origin}{robots.PATH} disallows {address.target} for {self._settings.agent}"
            raise SkipAddress(Refusal.ROBOTS, detail)

    async def rights_of(self, address: Address, kind: str, answer: HttpAnswer) -> Rights:
        """What the page says of its rights, and its site where the page is silent."""
        head = answer.body[: rights.HEAD_BYTES]
        stated = entering.rights(await aside(rights.of_page, answer.headers, kind, head, self._settings.agent))
        if stated.tdm_reserved is not None:
            return stated
        site = self._sites[address.origin]
        async with site.reading:
            if site.rules_expire_at <= self._time.clock():
                site.rules = await self._read_rights(address)
                site.rules_expire_at = self._time.clock() + robots.DAY
        return (
            entering.rights(await aside(rights.with_site, stated, site.rules, address.href)) if site.rules else stated
        )

    async def _robots_of(self, address: Address) -> RobotsFile:
        site = self._sites[address.origin]
        async with site.reading:
            file = self._files.get(address.origin)
            if file is None or file.expires_at <= self._time.clock():
                file = self._files[address.origin] = await self._read_robots(address.origin)
            if site.paced_by is not file:
                self._hosts.keep_crawl_delay(address.host, await self._parsed(file, robots.crawl_delay))
                site.paced_by = file
        return file

    async def _allows(self, file: RobotsFile, url: str) -> bool:
        return bool(await self._parsed(file, robots.allows, url))

    async def _parsed(self, file: RobotsFile, ask: Callable[..., Result], *given: str) -> Result:
        """What a robots.txt says. Raises SkipAddress: one that cannot be parsed disallows everything for a while."""
        if not file.body:
            return ask(file, self._settings.agent, *given)
        try:
            return await aside(ask, file, self._settings.agent, *given)
        except SkipAddress as error:
            detail = f"{file.origin}{robots.PATH} cannot be parsed, which disallows everything ({error.detail})"
            wrong = robots.unreachable(file.origin, Refusal.ROBOTS_UNREACHABLE, detail, self._time.clock(), None)
            self._files[file.origin] = wrong
            raise SkipAddress(Refusal.ROBOTS_UNREACHABLE, detail, retry_in=robots.DEFERRED) from error

    async def _read_robots(self, origin: str) -> RobotsFile:
        try:
            answer = await self._read(origin + robots.PATH, robots.PARSED_BYTES)
        except SkipAddress as error:
            detail = f"{origin}{robots.PATH}: {error.detail}"
            return robots.unreachable(origin, error.reason, detail, self._time.clock(), error.retry_in)
        if answer.status in DOCUMENT:
            return robots.found(origin, answer.body, answer.headers, self._time.clock())
        if answer.status in STRUGGLES or answer.status >= 500:
            wait = retrying.retry_after(answer.headers.get("retry-after"), self._time.now)
            detail = f"{origin}{robots.PATH} answers {answer.status}, which disallows everything until it is back"
            return robots.unreachable(origin, Refusal.ROBOTS_UNREACHABLE, detail, self._time.clock(), wait)
        return robots.missing(origin, self._time.clock())

    async def _read_rights(self, address: Address) -> tuple[TdmRule, ...]:
        """The site's rules; none where it has no such file, or where nobody may read it."""
        file = self._files.get(address.origin)
        try:
            if file is not None and not await self._allows(file, address.origin + rights.PATH):
                return ()
            answer = await self._read(address.origin + rights.PATH, RIGHTS_BYTES)
            return await aside(rights.read_site, answer.body) if answer.status in DOCUMENT else ()
        except SkipAddress:
            return ()

    async def _read(self, url: str, max_bytes: int) -> HttpAnswer:
        """A small file along at most five redirects (RFC 9309, section 2.3.1.2); more are as good as none."""
        address = addresses.parse(url)
        limits = FetchLimits(self._settings.seconds, max_bytes, cut=True)
        answer = await self._hosts.ask(address, limits)
        for _ in range(robots.REDIRECTS):
            if answer.status not in REDIRECT:
                return answer
            address = next_address(address, answer)
            answer = await self._hosts.ask(address, limits)
        return replace(answer, status=404) if answer.status in REDIRECT else answer
