"""Lists of sources, read and written: TOML, OPML, CSV, one address a line. What is written is read back the same."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from lxml import etree

from tamis.cleaners.errors import StopRun
from tamis.flows.fetching import addresses
from tamis.flows.fetching.discover import KINDS, search
from tamis.flows.fetching.discover.markup import check_xml
from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.records import Ask, Source

COLUMNS = ("kind", "url", "name", "language")
FROM_FILES = ("urls", "warc")
NO_ADDRESS_NEEDED = ("gdelt",)
MOST_BYTES = 5 * 1024 * 1024
_OPTION = re.compile(r"[a-z][a-z0-9_]*")


def load(path: Path, kinds: Iterable[str] = KINDS) -> list[Source]:
    """The sources of a list, its form told by the file's suffix (.toml, .opml or .xml, .csv; else one a line).

    Raises StopRun naming every wrong line at once; ``kinds`` are the valid ones.
    """
    try:
        body = path.read_bytes()
        if len(body) > MOST_BYTES:
            raise StopRun(f"{path}: {len(body):,} bytes are no list of sources; at most {MOST_BYTES:,} are read")
        sources = list(_reader(path)(body.decode("utf-8-sig")))
    except (OSError, ValueError, etree.XMLSyntaxError, csv.Error, SkipAddress) as error:
        raise StopRun(f"{path}: cannot be read as a list of sources ({error}); correct it") from error
    check(sources, str(path), kinds)
    return _distinct(sources)


def check(sources: Iterable[Source], where: str, kinds: Iterable[str] = KINDS) -> None:
    """Raises StopRun naming everything that is wrong with ``sources``."""
    valid = sorted(kinds)
    wrong = [f"{number}. {why}" for number, source in enumerate(sources, 1) for why in _wrong(source, valid)]
    if wrong:
        raise StopRun(f"{where}: wrong sources:\n" + "\n".join(f"  - {line}" for line in wrong))


def read_toml(text: str) -> Iterator[Source]:
    """Tables ``[[source]]`` with kind, url, name, language; any other key is an option of the kind."""
    for entry in tomllib.loads(text).get("source", []):
        yield _source({str(key): str(value) for key, value in entry.items()})


def write_toml(sources: Iterable[Source]) -> str:
    """The form that ``read_toml`` reads."""
    return "\n".join("\n".join(("[[source]]", *_toml_lines(source), "")) for source in sources)


def read_opml(text: str) -> Iterator[Source]:
    """The outlines that have an address, at any depth (OPML 2.0): feeds by ``xmlUrl``, other kinds by ``url``."""
    check_xml(text)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    for outline in etree.fromstring(text.encode("utf-8"), parser).iter("{*}outline"):
        given = {str(name): str(value) for name, value in outline.attrib.items()}
        url = given.get("xmlUrl") or given.get("url")
        if url is None:
            continue
        kind = given.pop("tamisKind", "feed" if given.get("xmlUrl") else "auto")
        options = {name.removeprefix("option-"): value for name, value in given.items() if name.startswith("option-")}
        name = given.get("text") or given.get("title") or ""
        yield Source(kind, url, "" if name == url else name, given.get("language", ""), options)


def write_opml(sources: Iterable[Source]) -> str:
    """OPML 2.0 that any feed reader imports; what is no feed keeps its kind in ``tamisKind``."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "tamis"
    body = etree.SubElement(root, "body")
    for source in sources:
        is_feed = source.kind == "feed"
        given = {"type": "rss" if is_feed else "link", "text": source.name or source.url}
        given["xmlUrl" if is_feed else "url"] = source.url
        given |= {} if is_feed else {"tamisKind": source.kind}
        given |= {"language": source.language} if source.language else {}
        given |= {f"option-{name}": value for name, value in source.options.items()}
        etree.SubElement(body, "outline", given)
    return str(etree.tostring(root, encoding="unicode", pretty_print=True))


def read_csv(text: str) -> Iterator[Source]:
    """Rows under a header with at least ``url``; comma, semicolon or tab. A column of another name is an option."""
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    rows = csv.DictReader(io.StringIO(text), delimiter=delimiter, restkey="")
    if "url" not in (rows.fieldnames or ()):
        raise ValueError("its first line must name the columns, with url among them")
    for row in rows:
        yield _source({name: value for name, value in row.items() if name and value})


def write_csv(sources: Iterable[Source]) -> str:
    """The form that ``read_csv`` reads."""
    given = [_fields(source) for source in sources]
    names = list(dict.fromkeys([*COLUMNS, *(name for fields in given for name in fields)]))
    out = io.StringIO()
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(given)
    return out.getvalue()


def read_lines(text: str) -> Iterator[Source]:
    """One address a line, what follows is its name; # begins a comment. A line with {query} is a search."""
    for line in text.splitlines():
        url, _, name = line.strip().partition(" ")
        if url and not url.startswith("#"):
            yield Source("search" if "{query}" in url else "auto", url, name.strip())


READERS: Mapping[str, Callable[[str], Iterator[Source]]] = {
    ".toml": read_toml,
    ".opml": read_opml,
    ".xml": read_opml,
    ".csv": read_csv,
}
WRITERS: Mapping[str, Callable[[Iterable[Source]], str]] = {
    ".toml": write_toml,
    ".opml": write_opml,
    ".csv": write_csv,
}


def _reader(path: Path) -> Callable[[str], Iterator[Source]]:
    return READERS.get(path.suffix.lower(), read_lines)


def _source(given: Mapping[str, str]) -> Source:
    url = given.get("url", "")
    kind = given.get("kind") or ("search" if "{query}" in url else "auto")
    options = {name: value for name, value in given.items() if name not in COLUMNS}
    return Source(kind, url, given.get("name", ""), given.get("language", ""), options)


def _fields(source: Source) -> dict[str, str]:
    given = {"kind": source.kind, "url": source.url, "name": source.name, "language": source.language, **source.options}
    return {name: value for name, value in given.items() if value or name in COLUMNS[:2]}


def _toml_lines(source: Source) -> Iterator[str]:
    for name, value in _fields(source).items():
        # JSON's strings are TOML's, but for one character.
        yield f"{name} = {json.dumps(value, ensure_ascii=False)}".replace("\x7f", "\\u007f")


def _distinct(sources: Iterable[Source]) -> list[Source]:
    return list({(source.kind, source.url, *sorted(source.options.items())): source for source in sources}.values())


def _wrong(source: Source, kinds: list[str]) -> Iterator[str]:
    if source.kind not in kinds:
        yield f"{source.url or 'no url'}: no such kind: {source.kind!r}; valid are {', '.join(kinds)}"
        return
    strange = [name for name in source.options if not _OPTION.fullmatch(name)]
    if strange:
        yield f"{source.url}: option names are letters, digits and _: {', '.join(map(repr, strange))}"
    if source.kind == "search":
        try:
            list(search.search_addresses(source, Ask(queries=("q",))))
        except ValueError as error:
            yield f"{source.url!r} is no template ({error}); its fields may be {', '.join(search.FIELDS)}"
    elif source.kind in KINDS and not source.url:
        if source.kind not in NO_ADDRESS_NEEDED:
            yield f"{source.name or source.kind}: it has no url"
    elif source.kind in KINDS and source.kind not in FROM_FILES and not addresses.is_address(source.url):
        yield f"{source.url!r} is not an http(s) address"
