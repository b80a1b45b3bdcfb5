"""Lists of pages that somebody wants fetched: lines, tables, OPML, TOML; laxer than lists of sources are.

A list names pages, or sources (feeds, sitemaps, searches), which a topic follows and nobody fetches as a page.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from tamis.cleaners.errors import StopRun
from tamis.flows.fetching import addresses, lists
from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.records import Source

PAGE_KINDS = ("", "auto", "page")
ADDRESS_COLUMNS = ("url", "address", "link", "href", "permalink", "adresse", "lien", "enlace")
DOCUMENT_COLUMNS = ("text", "html", "body", "content")
"""Columns by which a table is one of documents, not of addresses."""
TABLE_SUFFIXES = (".csv", ".tsv")
SUFFIXES = (*TABLE_SUFFIXES, ".txt", ".list", ".lst", ".urls", ".opml", ".xml", ".toml", "")
"""How files are called that may be a list."""
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class WantedPages:
    """What a list names, as it is written, in its order and each once: ``pages``, and ``sources`` of pages."""

    pages: tuple[str, ...]
    sources: tuple[str, ...]


def load(path: Path) -> WantedPages:
    """What the list in a file names. Raises as ``read`` does."""
    try:
        size = path.stat().st_size
        if size > lists.MOST_BYTES:
            raise StopRun(f"{path}: {size:,} bytes are no list of addresses; at most {lists.MOST_BYTES:,} are read")
        return read(path.read_bytes(), str(path))
    except OSError as error:
        raise StopRun(f"{path}: cannot be read ({error.strerror or error}); correct the name or its rights") from error


def read(body: bytes, name: str) -> WantedPages:
    """What a list in UTF-8 (or UTF-16 with its mark) names; its form is told by what is in it, and by its ``name``.

    An entry that is no address stays among the pages, for whoever fetches them to tell. Raises StopRun where the list
    cannot be read, names nothing, or where half of it or more are no addresses.
    """
    text = body.decode("utf-16" if body.startswith(_UTF16) else "utf-8-sig", "replace")
    if "\0" in text:
        raise StopRun(f"{name}: this is no text; give a list of addresses (lines, CSV, OPML)")
    try:
        found = list(_sources(text, Path(name).suffix.lower()))
    except (ValueError, etree.XMLSyntaxError, csv.Error, SkipAddress) as error:
        raise StopRun(f"{name}: cannot be read as a list of addresses ({error}); correct it") from error
    strange = [source.url for source in found if _is_page(source) and not addresses.is_address(source.url)]
    if len(strange) * 2 >= len(found):
        why = f"{strange[0][:40]!r} is none" if strange else "it is empty"
        raise StopRun(f"{name}: this is no list of addresses ({why}); write one a line, or a CSV with a column url")
    return WantedPages(
        _each_once(source.url for source in found if _is_page(source)),
        _each_once(source.url or source.name for source in found if not _is_page(source)),
    )


def load_list(path: Path) -> WantedPages | None:
    """What a file names that is a list of addresses and nothing else; None for any other file, a text above all."""
    if path.suffix.lower() not in SUFFIXES or not path.is_file():
        return None
    try:
        wanted = load(path)
    except StopRun:
        return None
    return wanted if all(addresses.is_address(each) for each in (*wanted.pages, *wanted.sources)) else None


def _sources(text: str, suffix: str) -> Iterator[Source]:
    if text.lstrip().startswith("<"):
        return lists.read_opml(text)
    if suffix == ".toml" or text.lstrip().startswith("[[source]]"):
        return lists.read_toml(text)
    first = text.lstrip().partition("\n")[0]
    if suffix in TABLE_SUFFIXES or (
        not addresses.is_address(first.split(maxsplit=1)[0] if first else "")
        and set(_cells(first)) & set(ADDRESS_COLUMNS)
    ):
        return _table(text)
    return _lines(text)


def _lines(text: str) -> Iterator[Source]:
    """One address a line; what follows it is its name; # begins a comment."""
    for line in text.splitlines():
        url, *_ = line.split(maxsplit=1) or [""]
        if url and not url.startswith("#"):
            yield Source("search" if "{query}" in url else "auto", url)


def _table(text: str) -> Iterator[Source]:
    """The addresses of a table with comma, semicolon or tab: of the column that its header calls so, or that has them.

    Raises ValueError for a table that has no such column, or that has the documents themselves.
    """
    lines = text.lstrip().splitlines()
    rows = list(csv.reader(lines, delimiter=_delimiter(lines[0] if lines else "")))
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        return
    header = [cell.strip().casefold() for cell in rows[0]]
    column = next((number for number, name in enumerate(header) if name in ADDRESS_COLUMNS), None)
    if column is not None:
        if set(header) & set(DOCUMENT_COLUMNS):
            raise ValueError("it holds documents, not only their addresses; write it as JSON Lines and ingest that")
        rows = rows[1:]
    else:
        column = next((number for number, cell in enumerate(rows[0]) if addresses.is_address(cell.strip())), None)
    if column is None:
        raise ValueError(f"no column of it is called {' or '.join(ADDRESS_COLUMNS[:3])}")
    kind = header.index("kind") if "kind" in header else None
    for row in rows:
        if len(row) > column and row[column].strip():
            url = row[column].strip()
            said = row[kind].strip() if kind is not None and len(row) > kind else ""
            yield Source(said or ("search" if "{query}" in url else "auto"), url)


def _delimiter(header: str) -> str:
    return max(",;\t", key=header.count)


def _cells(header: str) -> list[str]:
    return [cell.strip().casefold() for cell in header.split(_delimiter(header))]


def _is_page(source: Source) -> bool:
    return source.kind in PAGE_KINDS


def _each_once(urls: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(urls))
