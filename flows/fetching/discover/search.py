"""Any search that answers with a feed, by the template of its address: ``https://…/search?q={query}&hl={lang}``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from string import Formatter
from urllib.parse import quote_plus

from tamis.flows.fetching.discover.auto import follow
from tamis.flows.fetching.discover.kind import Fetch, Found
from tamis.flows.fetching.records import Ask, Fetched, Refusal, Refused, Source

FIELDS = ("query", "lang", "hl", "since")


async def discover(source: Source, ask: Ask, fetch: Fetch) -> AsyncIterator[Found]:
    """What the search finds for each query, in each language where the template asks for one."""
    try:
        asked = list(dict.fromkeys(search_addresses(source, ask)))
    except (ValueError, KeyError, IndexError, AttributeError) as error:
        detail = f"{source.url!r} is no template ({error}); its fields may be " + ", ".join(f"{{{f}}}" for f in FIELDS)
        yield Refused(source.url, Refusal.BAD_ADDRESS, detail)
        return
    for url in asked:
        outcome = await fetch(url)
        if isinstance(outcome, Refused):
            yield outcome
        elif isinstance(outcome, Fetched):
            async for found in follow(outcome.raw, source, ask, fetch):
                yield found


def search_addresses(source: Source, ask: Ask) -> Iterator[str]:
    """The template filled in. Raises ValueError or KeyError where it is none."""
    fields = {name for _, name, _, _ in Formatter().parse(source.url) if name is not None}
    if "query" not in fields or not fields <= {*FIELDS}:
        raise ValueError("it lacks {query}" if "query" not in fields else f"unknown: {', '.join(fields - {*FIELDS})}")
    languages = (source.language,) if source.language else (ask.languages or ("en",))
    since = ask.since.date().isoformat() if ask.since else ""
    for query in ask.queries:
        for language in languages if fields & {"lang", "hl"} else languages[:1]:
            # Filled in by parts: a format specification in a template could ask for a gigabyte of spaces.
            yield _filled(source.url, {"query": query, "lang": language, "hl": language, "since": since})


def _filled(template: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        template = template.replace(f"{{{name}}}", quote_plus(value))
    return template
