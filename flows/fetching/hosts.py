"""One queue a host: a request waits its turn and the host's pace, and is asked again where that helps."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx

from tamis.flows.fetching import pacing, retrying
from tamis.flows.fetching.addresses import Address
from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.exchange import FetchLimits, HttpAnswer, exchange
from tamis.flows.fetching.records import Refusal
from tamis.flows.fetching.settings import FetchSettings
from tamis.flows.fetching.unpacking import OFFERED

ACCEPT = b"text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.5"
STRUGGLES = frozenset({429, 500, 502, 503, 504})
TROUBLE = frozenset({Refusal.TOO_SLOW, Refusal.UNREACHABLE, Refusal.TRUNCATED, Refusal.BROKEN_RESPONSE})
NOT_ASKED = frozenset({Refusal.PRIVATE_ADDRESS, Refusal.PORT, Refusal.UNKNOWN_HOST})

Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Time:
    """What tells the time (seconds since the epoch), waits, and draws jitter (0 to 1)."""

    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    random: Callable[[], float]

    @property
    def now(self) -> datetime:
        """The time of day in UTC."""
        return datetime.fromtimestamp(self.clock(), UTC)


@dataclass(slots=True)
class _Host:
    """Whoever holds ``turn`` may ask next."""

    pace: pacing.Pace
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Hosts:
    """The queues of all hosts, which share ``at_once`` connections."""

    def __init__(self, transport: httpx.AsyncBaseTransport, settings: FetchSettings, time: Time) -> None:
        self._transport = transport
        self._settings = settings
        self._identity = [
            (b"User-Agent", settings.user_agent.encode("ascii")),
            (b"Accept", ACCEPT),
            (b"Accept-Encoding", OFFERED.encode("ascii")),
        ]
        self._time = time
        self._slots = asyncio.Semaphore(settings.at_once)
        self._hosts: dict[str, _Host] = defaultdict(lambda: _Host(pacing.start(settings.delay)))

    def keep_crawl_delay(self, host: str, seconds: float | None) -> None:
        """From now on ``host`` is asked no more often than every so many seconds."""
        queue = self._hosts[host]
        queue.pace = pacing.with_crawl_delay(queue.pace, seconds)

    async def ask(self, address: Address, limits: FetchLimits, headers: Headers = ()) -> HttpAnswer:
        """The answer to one request, tried again after a passing trouble.

        Raises SkipAddress, also where the host asks for more time than we have patience (``host_resting``).
        """
        attempt = 0
        while True:
            try:
                answer = await self._in_turn(address, limits, headers)
            except SkipAddress as error:
                if error.retry_in is None or not self._worth_it(address, attempt):
                    raise
            else:
                if answer.status not in STRUGGLES or not self._worth_it(address, attempt):
                    return answer
            await self._time.sleep(retrying.pause(attempt, self._time.random))
            attempt += 1

    def _worth_it(self, address: Address, attempt: int) -> bool:
        wait = self._hosts[address.host].pace.wait(self._time.clock())
        return attempt < self._settings.retries and wait <= self._settings.patience

    async def _in_turn(self, address: Address, limits: FetchLimits, headers: Headers) -> HttpAnswer:
        host = self._hosts[address.host]
        async with host.turn:
            wait = host.pace.wait(self._time.clock())
            # A crawl delay is kept however long it is; a host that wants a rest is left alone for this run.
            if wait > max(self._settings.patience, host.pace.floor):
                raise SkipAddress(Refusal.HOST_RESTING, f"{address.host} asked for {wait:.0f} s of rest", retry_in=wait)
            await self._time.sleep(wait)
            async with self._slots:
                return await self._timed(host, address, limits, headers)

    async def _timed(self, host: _Host, address: Address, limits: FetchLimits, headers: Headers) -> HttpAnswer:
        """One exchange; the pace of the host follows from how it went."""
        begun = self._time.clock()
        try:
            answer = await exchange(self._transport, address, [*self._identity, *headers], limits)
        except SkipAddress as error:
            if error.reason in TROUBLE:
                host.pace = pacing.after_trouble(host.pace, self._time.clock())
            elif error.reason not in NOT_ASKED:
                host.pace = pacing.after_answer(host.pace, self._time.clock(), self._time.clock() - begun)
            raise
        ended = self._time.clock()
        if answer.status in STRUGGLES:
            asked = retrying.retry_after(answer.headers.get("retry-after"), self._time.now)
            host.pace = pacing.after_trouble(host.pace, ended, asked)
        else:
            host.pace = pacing.after_answer(host.pace, ended, ended - begun)
        return answer
