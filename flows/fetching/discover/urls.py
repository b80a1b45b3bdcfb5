"""A list of addresses, one a line, from a file or an address; what follows on the line is the title."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from tamis.cleaners.records import RawDocument
from tamis.flows.fetching import addresses
from tamis.flows.fetching.discover.kind import Fetch, Found, read_address, read_aside
from tamis.flows.fetching.discover.markup import one_line
from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.records import Ask, Candidate, Refusal, Refused, Source

FILE_BYTES = 50 * 1024 * 1024


async def discover(source: Source, ask: Ask, fetch: Fetch) -> AsyncIterator[Found]:  # noqa: ARG001 - all kinds alike
    """The addresses of the list at ``source.url``, which may be the path of a file."""
    if addresses.is_address(source.url):
        async for found in read_address(source.url, source, fetch, read):
            yield found
        return
    try:
        with Path(source.url).expanduser().open("rb") as file:
            body = file.read(FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        yield Refused(source.url, Refusal.UNREADABLE, f"it is neither an address nor a file that opens ({error})")
        return
    for found in await read_aside(RawDocument(body[:FILE_BYTES], source.url), source, read):
        yield found
    if len(body) > FILE_BYTES:
        yield Refused(source.url, Refusal.TOO_LARGE, f"only its first {FILE_BYTES:,} bytes were read; split it")


def read(raw: RawDocument, source: Source) -> Iterator[Found]:
    """The addresses of a list; empty lines and those that begin with # are left out.

    Raises SkipAddress (``bad_address``) at the end, naming the lines that are none.
    """
    wrong: list[str] = []
    for number, line in enumerate(raw.body.decode("utf-8-sig", "replace").splitlines(), 1):
        written, _, title = line.strip().partition(" ") if "\t" not in line else line.strip().partition("\t")
        if not written or written.startswith("#"):
            continue
        try:
            url = addresses.parse(written).href
        except SkipAddress:
            wrong.append(str(number))
            continue
        yield Candidate(url, source.name or source.url, source.kind, one_line(title), language=source.language)
    if wrong:
        shown = ", ".join(wrong[:10]) + (f" and {len(wrong) - 10} more" if len(wrong) > 10 else "")
        raise SkipAddress(Refusal.BAD_ADDRESS, f"no http(s) address on line {shown}; the others were read")
