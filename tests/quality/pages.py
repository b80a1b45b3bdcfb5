"""Further training dumps, cut from the HTML pages of trafilatura's evaluation set.

Those of `labels.toml` are labelled line by line by hand, those of `agreed.toml` by two extractors that agree.
"""

from __future__ import annotations

import gzip
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import trafilatura
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.quality.dumps import BOILERPLATE, CONTENT, STYLES, TITLE, UNCLEAR, Dump, dump

_PARTING = "\f"
HUGE = 1_500_000
"""Characters of HTML beyond which a page is no page to learn from."""
_SKIPPED = {"script", "style", "noscript", "template", "svg", "iframe", "select", "textarea", "head"}
_PARTED = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "section", "article", "blockquote"),
    *("figure", "header", "footer"),
}
_BLOCKS = _PARTED | {
    *(
        "div",
        "li",
        "tr",
        "td",
        "th",
        "nav",
        "aside",
        "main",
        "figcaption",
        "dl",
        "dt",
        "dd",
        "form",
        "fieldset",
    ),
    *("address", "pre", "br", "hr", "body", "option", "button", "label"),
}


def labelled(bench: Path) -> list[Dump]:
    """Every page of `labels.toml`, three dumps each."""
    return [dump for name, entry, page in _listed(bench, "labels.toml") for dump in _dumps(bench, name, entry, page)]


def agreed(bench: Path) -> list[Dump]:
    """Every page of `agreed.toml` (see `agree.py`), in the two styles that need no extractor."""
    return [
        dump
        for name, entry, page in _listed(bench, "agreed.toml")
        for dump in _dumps(bench, name, entry, page, ("visible", "main"), "agreed")
    ]


def _listed(bench: Path, name: str) -> Iterator[tuple[str, dict[str, str], dict[str, str]]]:
    """Each page of a label file: its id, its labels, its record in the set."""
    pages = {row["id"]: row for row in map(json.loads, (bench / "trafilatura-eval/gold.jsonl").open())}
    table = tomllib.loads(Path(__file__).with_name(name).read_text())
    yield from ((page, entry, pages[page]) for page, entry in sorted(table.items()))


def _dumps(
    bench: Path,
    name: str,
    entry: dict[str, str],
    page: dict[str, str],
    styles: Sequence[str] = STYLES,
    source: str = "labels",
) -> Iterator[Dump]:
    source_html = html(bench, page["file"])
    lines = visible(source_html)
    label = dict.fromkeys(range(len(lines)), BOILERPLATE)
    for value, key in ((TITLE, "title"), (CONTENT, "content"), (UNCLEAR, "unclear")):
        label |= dict.fromkeys(_numbers(entry.get(key, "")), value)
    known: dict[str, int] = {}
    for number, line in enumerate(lines):
        known[folded(line)] = max(label[number], known.get(folded(line), UNCLEAR))
    text = "\n".join(line for number, line in enumerate(lines) if label[number] == CONTENT)
    for style in styles:
        dumped = lines if style == "visible" else main(source_html) if style == "main" else recall(source_html)
        labels = [_label(line, known, folded(text)) for line in dumped]
        if style == "visible":
            labels = [label[number] for number in range(len(lines))]
        row = {"id": f"{name}-{style}", "source": source, "lang": entry["lang"], "url": page["url"], "style": style}
        if labels:
            yield dump(row | {"dump": "\n".join(dumped), "text": text, "labels": labels})


def visible(html: str) -> list[str]:
    """The lines of all the visible text."""
    return [line for line in _lines(LexborHTMLParser(html).body) if line]


def recall(html: str) -> list[str]:
    """The lines that trafilatura keeps when asked for more rather than less."""
    kept = trafilatura.extract(html, favor_recall=True, include_comments=False, include_images=True)
    return (kept or "").split("\n")


def main(html: str) -> list[str]:
    """The lines of the main element without its navigation, paragraphs parted by empty lines."""
    tree = LexborHTMLParser(html)
    for node in tree.css("nav,footer,aside,form"):
        node.decompose()
    return _lines(tree.css_first("main") or max(tree.css("article") or [tree.body], key=lambda node: len(node.text())))


def _lines(root: LexborNode | None) -> list[str]:
    lines = [""]
    for piece in _pieces(root) if root is not None else ():
        if piece is None:
            lines.append("")
        elif piece == _PARTING:
            lines += [_PARTING, ""]
        else:
            lines[-1] += piece
    out: list[str] = []
    for line in lines:
        squeezed = " ".join(line.split()) if line != _PARTING else ""
        if squeezed or (line == _PARTING and out and out[-1]):
            out.append(squeezed)
    return out


def _pieces(node: LexborNode) -> Iterator[str | None]:
    """Text as it comes, None where a line ends, `_PARTING` where a paragraph does."""
    child = node.child
    while child is not None:
        tag = child.tag or ""
        if tag == "-text":
            yield child.text_content or ""
        elif tag not in _SKIPPED and tag[:1] not in ("", "_", "-"):
            if tag in _BLOCKS:
                yield None
            yield from _pieces(child)
            if tag in _BLOCKS:
                yield _PARTING if tag in _PARTED else None
        child = child.next


def _label(line: str, known: dict[str, int], text: str) -> int | None:
    words = folded(line)
    if not line.strip():
        return None
    if words in known:
        return known[words]
    if re.search(r"!\[|\.(jpg|png)", line):
        return BOILERPLATE
    return CONTENT if len(words.split()) > 3 and words in text else UNCLEAR


def html(bench: Path, name: str) -> str:
    """The text of a page of trafilatura's evaluation set."""
    return gzip.decompress((bench / "trafilatura-eval" / name).read_bytes()).decode("utf-8", "replace")


def by_segment(line: str, page: dict[str, list[str]]) -> int:
    """The label that a required or a forbidden segment gives the line that holds it, else unclear."""
    if any(squeezed in line for squeezed in _squeezed(page.get("must", ()))):
        return CONTENT
    # A forbidden word within a long line says nothing of the line.
    unwanted = _squeezed(page.get("must_not", ()))
    return BOILERPLATE if any(s in line and len(line) < 4 * len(s) + 20 for s in unwanted) else UNCLEAR


def _squeezed(segments: Iterable[str]) -> list[str]:
    return [" ".join(segment.split()) for segment in segments if segment and segment.strip()]


def folded(text: str) -> str:
    """The words of a text alone, in lower case."""
    return " ".join(re.findall(r"\w+", text.lower().replace("\xad", "")))


def _numbers(ranges: str) -> list[int]:
    bounds = [part.split("-") for part in ranges.split(",") if part]
    return [number for bound in bounds for number in range(int(bound[0]), int(bound[-1]) + 1)]
