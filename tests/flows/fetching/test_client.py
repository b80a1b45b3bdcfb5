"""The client against local servers: what it sends, what it remembers, when it waits."""

from __future__ import annotations

import asyncio
import datetime as dt
import ssl
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tamis.flows.fetching.client import Client, open_client
from tamis.flows.fetching.records import Fetched, NotModified, Outcome, Refusal, Refused, Validators
from tamis.flows.fetching.robots import DAY, DEFERRED, RobotsFile
from tests.faults.checking import settings_for
from tests.faults.faults import PAGE
from tests.faults.http2 import RESET, serving_http2
from tests.faults.server import Answer, Request, Site, head, reply, serving
from tests.flows.fetching.conftest import FakeTime


def run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(test)


@asynccontextmanager
async def site_and_client(
    pages: dict[str, Answer], time: FakeTime, robots: dict[str, RobotsFile] | None = None, **settings: object
) -> AsyncIterator[tuple[Site, Client]]:
    async with (
        serving(pages) as site,
        open_client(settings_for(site, **settings), robots=robots, when=time.when) as client,
    ):
        yield site, client


def reason(outcome: Outcome) -> Refusal | None:
    return outcome.reason if isinstance(outcome, Refused) else None


def conditional(request: Request) -> AsyncIterator[bytes]:
    """A page that knows what it sent before."""
    known = request.headers.get("if-none-match") == '"v1"' and "if-modified-since" in request.headers
    given = {"etag": '"v1"', "last_modified": "Sat, 21 Nov 2026 07:28:00 GMT"}
    return reply(b"", 304, etag='"v1"')(request) if known else reply(PAGE, **given)(request)


def changing(*answers: Answer) -> Answer:
    """The first answer to the first request, the second to the second, the last to all others."""
    left = list(answers)

    def answer(request: Request) -> AsyncIterator[bytes]:
        return (left.pop(0) if len(left) > 1 else left[0])(request)

    return answer


def test_a_page_comes_whole_with_its_headers(time: FakeTime) -> None:
    async def test() -> None:
        page = reply(PAGE, etag='W/"a"', set_cookie="session=secret", x_powered_by="old iron")
        async with site_and_client({"/page": page}, time) as (site, client):
            outcome = await client.fetch(site.url("/page#top"))
            assert isinstance(outcome, Fetched)
            assert outcome.raw.body.decode() == PAGE
            assert outcome.raw.url == site.url("/page")
            assert outcome.raw.source == site.url("/page#top")
            assert outcome.raw.media_type == "text/html"
            assert outcome.raw.fetched_at == time.when.now
            assert outcome.raw.http["x-powered-by"] == "old iron"
            assert "set-cookie" not in outcome.raw.http
            assert outcome.validators == Validators(site.url("/page"), etag='W/"a"')
            assert outcome.moved_to is None

    run(test())


def test_it_says_who_asks_and_keeps_no_cookie(time: FakeTime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")  # environment variables would lead past the guard
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")

    async def test() -> None:
        pages = {"/page": reply(PAGE, set_cookie="session=secret; Path=/")}
        async with site_and_client(pages, time, contact="me@newsroom.test") as (site, client):
            for _ in range(2):
                assert isinstance(await client.fetch(site.url("/page")), Fetched)
            for request in site.log:
                assert request.headers["user-agent"].startswith("tamis/")
                assert request.headers["user-agent"].endswith("(+mailto:me@newsroom.test)")
                assert "cookie" not in request.headers
                assert "authorization" not in request.headers

    run(test())


def test_robots_and_rights_are_asked_once_and_before(time: FakeTime) -> None:
    async def test() -> None:
        async with site_and_client({"/1": reply(PAGE), "/2": reply(PAGE)}, time) as (site, client):
            await asyncio.gather(client.fetch(site.url("/1")), client.fetch(site.url("/2")))
            assert site.log[0].target == "/robots.txt"
            assert len(site.asked("/robots.txt")) == len(site.asked("/.well-known/tdmrep.json")) == 1

    run(test())


def test_robots_outlive_the_client_and_are_read_again_the_next_day(time: FakeTime) -> None:
    async def test() -> None:
        files: dict[str, RobotsFile] = {}
        async with serving({"/page": reply(PAGE)}) as site:
            for waited, reads in ((0.0, 1), (DAY - 60, 1), (120.0, 2)):
                time.at += waited
                async with open_client(settings_for(site), robots=files, when=time.when) as client:
                    await client.fetch(site.url("/page"))
                assert len(site.asked("/robots.txt")) == reads

    run(test())


def test_robots_that_break_down_defer_the_host_without_asking_it_again(time: FakeTime) -> None:
    async def test() -> None:
        robots = changing(reply(b"", 503), reply(b"User-agent: *\nAllow: /"))
        async with site_and_client({"/page": reply(PAGE), "/robots.txt": robots}, time) as (site, client):
            for _ in range(3):
                outcome = await client.fetch(site.url("/page"))
                assert isinstance(outcome, Refused)
                assert (outcome.reason, outcome.retry_in) == (Refusal.ROBOTS_UNREACHABLE, pytest.approx(DEFERRED))
            assert [request.target for request in site.log] == ["/robots.txt"]
            time.at += DEFERRED + 1
            assert isinstance(await client.fetch(site.url("/page")), Fetched)

    run(test())


def test_an_unchanged_page_is_not_sent_again(time: FakeTime) -> None:
    async def test() -> None:
        async with site_and_client({"/page": conditional}, time) as (site, client):
            first = await client.fetch(site.url("/page"))
            assert isinstance(first, Fetched)
            second = await client.fetch(site.url("/page"), first.validators)
            assert second == NotModified(site.url("/page"), first.validators)

    run(test())


def test_validators_go_only_to_the_address_they_came_from(time: FakeTime) -> None:
    async def test() -> None:
        pages = {"/old": reply(b"", 301, location="/new"), "/new": conditional, "/page": conditional}
        async with site_and_client(pages, time) as (site, client):
            first = await client.fetch(site.url("/old"))
            assert isinstance(first, Fetched)
            assert first.moved_to == first.validators.url == site.url("/new")
            assert isinstance(await client.fetch(site.url("/old"), first.validators), NotModified)
            assert isinstance(await client.fetch(site.url("/page"), first.validators), Fetched)
            assert all("if-none-match" not in request.headers for request in site.asked("/old"))

    run(test())


def test_a_redirect_for_now_moves_nothing_for_good(time: FakeTime) -> None:
    async def test() -> None:
        pages = {
            "/old": reply(b"", 301, location="/now"),
            "/now": reply(b"", 302, location="/new"),
            "/new": reply(PAGE),
        }
        async with site_and_client(pages, time) as (site, client):
            outcome = await client.fetch(site.url("/old"))
            assert isinstance(outcome, Fetched)
            assert (outcome.raw.url, outcome.moved_to) == (site.url("/new"), None)

    run(test())


def test_an_etag_that_is_no_text_comes_back_byte_for_byte(time: FakeTime) -> None:
    async def test() -> None:
        page: Answer = _raw_etag
        async with site_and_client({"/page": page}, time) as (site, client):
            first = await client.fetch(site.url("/page"))
            assert isinstance(first, Fetched)
            await client.fetch(site.url("/page"), first.validators)
            assert site.asked("/page")[1].headers["if-none-match"] == '"é\xff"'

    run(test())


async def _raw_etag(request: Request) -> AsyncIterator[bytes]:
    yield head(200, content_length="0")[:-2] + b'ETag: "\xe9\xff"\r\n\r\n'


def test_requests_to_a_host_keep_the_delay_and_the_crawl_delay(time: FakeTime) -> None:
    async def test() -> None:
        robots = reply("User-agent: *\nCrawl-delay: 7\n")
        pages = {"/robots.txt": robots, "/1": reply(PAGE), "/2": reply(PAGE)}
        async with site_and_client(pages, time, delay=2.0) as (site, client):
            await asyncio.gather(client.fetch(site.url("/1")), client.fetch(site.url("/2")))
            assert len(site.log) == 4
            assert time.waits == [7.0, 7.0, 7.0]

    run(test())


def test_a_crawl_delay_of_an_hour_is_kept_as_two_minutes(time: FakeTime) -> None:
    async def test() -> None:
        pages = {"/robots.txt": reply("User-agent: *\nCrawl-delay: 3600\n"), "/1": reply(PAGE, tdm_reservation="0")}
        async with site_and_client(pages, time, patience=10.0) as (site, client):
            assert isinstance(await client.fetch(site.url("/1")), Fetched)
            assert time.waits == [120.0]

    run(test())


def test_retry_after_is_waited_for_and_the_page_asked_again(time: FakeTime) -> None:
    async def test() -> None:
        page = changing(reply(b"", 429, retry_after="30"), reply(PAGE))
        async with site_and_client({"/page": page}, time, retries=2) as (site, client):
            assert isinstance(await client.fetch(site.url("/page")), Fetched)
            assert len(site.asked("/page")) == 2
            # The jitter before the second attempt counts towards what the host asked for.
            assert time.waits[:2] == [1.0, pytest.approx(29.0)]

    run(test())


def test_a_host_that_asks_for_an_hour_is_left_alone(time: FakeTime) -> None:
    async def test() -> None:
        pages = {"/page": reply(b"", 503, retry_after="3600"), "/other": reply(PAGE)}
        async with site_and_client(pages, time, retries=2) as (site, client):
            first, second = await client.fetch(site.url("/page")), await client.fetch(site.url("/other"))
            assert isinstance(first, Refused)
            assert (first.reason, first.retry_in) == (Refusal.SERVER_ERROR, 3600.0)
            assert isinstance(second, Refused)
            assert (second.reason, second.retry_in) == (Refusal.HOST_RESTING, pytest.approx(3600.0))
            assert len(site.asked("/page")) == 1
            assert site.asked("/other") == []
            time.at += 3601
            assert isinstance(await client.fetch(site.url("/other")), Fetched)

    run(test())


@pytest.mark.parametrize(
    ("status", "times"), [(500, 3), (502, 3), (503, 3), (504, 3), (429, 3), (404, 1), (403, 1), (410, 1), (501, 1)]
)
def test_only_what_passes_is_asked_again(time: FakeTime, status: int, times: int) -> None:
    async def test() -> None:
        async with site_and_client({"/page": reply(b"", status)}, time, retries=2) as (site, client):
            assert isinstance(await client.fetch(site.url("/page")), Refused)
            assert len(site.asked("/page")) == times

    run(test())


def test_a_cut_page_is_asked_for_again(time: FakeTime) -> None:
    async def test() -> None:
        page = changing(reply(PAGE, content_length="900"), reply(PAGE))
        async with site_and_client({"/page": page}, time, retries=1) as (site, client):
            assert isinstance(await client.fetch(site.url("/page")), Fetched)

    run(test())


def test_reserved_pages_are_kept_where_the_user_may(time: FakeTime) -> None:
    async def test() -> None:
        pages = {"/page": reply(PAGE, tdm_reservation="1", tdm_policy="https://site.example/p")}
        async with site_and_client(pages, time, obey_reservations=False) as (site, client):
            outcome = await client.fetch(site.url("/page"))
            assert isinstance(outcome, Fetched)
            assert outcome.rights.reserved
            assert outcome.rights.tdm_policy == "https://site.example/p"
            assert outcome.rights.evidence == ("tdm-reservation header: 1",)

    run(test())


BAD_ADDRESSES = ["", "nonsense", "ftp://a.example/", "http://", "javascript:alert(1)", "http://me:pw@a.example/"]


@pytest.mark.parametrize("url", BAD_ADDRESSES)
def test_what_is_no_address_is_refused_by_name(time: FakeTime, url: str) -> None:
    async def test() -> None:
        async with open_client(settings_for(), when=time.when) as client:
            assert reason(await client.fetch(url)) is Refusal.BAD_ADDRESS

    run(test())


def test_a_name_that_does_not_exist_is_named(time: FakeTime) -> None:
    async def test() -> None:
        async with open_client(settings_for(), when=time.when) as client:
            # No name can be so long: no name service needs to be asked.
            outcome = await client.fetch(f"http://{'a' * 64}.test/")
            assert isinstance(outcome, Refused)
            assert (outcome.reason, outcome.retry_in) == (Refusal.UNKNOWN_HOST, None)

    run(test())


def test_a_name_that_changes_its_address_is_caught_at_each_connection(time: FakeTime) -> None:
    """Rebinding: the second look-up gives another address, and it is the one that would be dialled."""

    async def test() -> None:
        async with serving({"/page": reply(PAGE)}) as site:
            answers = [["127.0.0.1"], ["169.254.169.254"]]

            async def resolve(host: str, port: int) -> list[str]:
                return answers.pop(0)

            settings = settings_for(allow=(site.place,))
            async with open_client(settings, resolve=resolve, when=time.when) as client:
                outcome = await client.fetch(f"http://rebinding.test:{site.port}/page")
                assert reason(outcome) is Refusal.PORT  # robots.txt was had at the first address, the page is not
                assert [request.target for request in site.log] == ["/robots.txt"]
                assert answers == []

    run(test())


def test_one_private_answer_of_many_is_enough_to_refuse(time: FakeTime) -> None:
    async def test() -> None:
        async def resolve(host: str, port: int) -> list[str]:
            return ["93.184.216.34", "10.0.0.1"]

        async with open_client(settings_for(), resolve=resolve, when=time.when) as client:
            assert reason(await client.fetch("http://two-faced.test/")) is Refusal.PRIVATE_ADDRESS

    run(test())


def test_through_a_proxy_only_the_proxy_is_dialled(time: FakeTime) -> None:
    async def test() -> None:
        pages = {"http://far.test/page": reply(PAGE), "http://far.test/robots.txt": reply(b"", 404)}
        async with serving(pages) as proxy:
            settings = settings_for(proxy=proxy.url("/"), allow=())
            async with open_client(settings, when=time.when) as client:
                outcome = await client.fetch("http://far.test/page")
                assert isinstance(outcome, Fetched)
                assert proxy.log[0].target == "http://far.test/robots.txt"

    run(test())


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1 that nobody but its holder trusts, and a server's context with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "certificate.pem"
    pem.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return pem, context


def test_only_a_trusted_certificate_is_good_enough(time: FakeTime, tmp_path: Path) -> None:
    pem, context = certificate(tmp_path)

    async def test() -> None:
        async with serving({"/page": reply(PAGE)}, context) as site:
            async with open_client(settings_for(site), when=time.when) as client:
                assert reason(await client.fetch(site.url("/page"))) is Refusal.TLS
            async with open_client(settings_for(site, ca_file=pem), when=time.when) as client:
                assert isinstance(await client.fetch(site.url("/page")), Fetched)

    run(test())


def test_http2_is_spoken_where_the_site_can(time: FakeTime, tmp_path: Path) -> None:
    pem, context = certificate(tmp_path)

    async def test() -> None:
        pages = {"/page": PAGE.encode(), "/large": b"x" * 60_000, "/broken": RESET}
        async with serving_http2(pages, context) as site:
            async with open_client(settings_for(site, ca_file=pem), when=time.when) as client:
                page = await client.fetch(site.url("/page"))
                assert isinstance(page, Fetched)
                assert page.raw.body == pages["/page"]
                assert reason(await client.fetch(site.url("/gone"))) is Refusal.NOT_FOUND
                assert reason(await client.fetch(site.url("/broken"))) is Refusal.TRUNCATED
                assert isinstance(await client.fetch(site.url("/large")), Fetched)
            async with open_client(settings_for(ca_file=pem), when=time.when) as client:
                assert reason(await client.fetch(site.url("/page"))) is Refusal.PORT

    run(test())


def test_one_broken_page_holds_up_no_other(time: FakeTime) -> None:
    async def test() -> None:
        pages = {f"/{n}": reply(PAGE) for n in range(20)} | {"/3": reply(PAGE, content_length="9999")}
        async with site_and_client(pages, time) as (site, client):
            outcomes = await asyncio.gather(*(client.fetch(site.url(f"/{n}")) for n in range(20)))
            assert [n for n, outcome in enumerate(outcomes) if not isinstance(outcome, Fetched)] == [3]

    run(test())
