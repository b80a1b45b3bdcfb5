"""Further training dumps, cut from the HTML pages of trafilatura's evaluation set.

Those of `labels.toml` are labelled line by line, all others by the few segments that their gold requires or
forbids.
"""

from __future__ import annotations

import gzip
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import trafilatura
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.quality.dumps import BOILERPLATE, CONTENT, TITLE, UNCLEAR, Dump, dump

_PARTING = "\f"
_HUGE = 1_500_000  # characters of HTML
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
    pages = {row["id"]: row for row in map(json.loads, (bench / "trafilatura-eval/gold.jsonl").open())}
    table = tomllib.loads(Path(__file__).with_name("labels.toml").read_text())
    found = []
    for name, entry in sorted(table.items()):
        html = _html(bench, pages[name]["file"])
        lines = visible(html)
        label = dict.fromkeys(range(len(lines)), BOILERPLATE)
        for value, key in ((TITLE, "title"), (CONTENT, "content"), (UNCLEAR, "unclear")):
            label |= dict.fromkeys(_numbers(entry.get(key, "")), value)
        known: dict[str, int] = {}
        for number, line in enumerate(lines):
            known[_folded(line)] = max(label[number], known.get(_folded(line), UNCLEAR))
        text = "\n".join(line for number, line in enumerate(lines) if label[number] == CONTENT)
        styles = {
            "recall": (
                trafilatura.extract(html, favor_recall=True, include_comments=False, include_images=True) or ""
            ).split("\n"),
            "visible": lines,
            "main": main(html),
        }
        for style, dumped in styles.items():
            labels = [_label(line, known, _folded(text)) for line in dumped]
            if style == "visible":
                labels = [label[number] for number in range(len(lines))]
            row = {
                "id": f"{name}-{style}",
                "source": "labels",
                "lang": entry["lang"],
                "url": pages[name]["url"],
            }
            found.append(dump(row | {"style": style, "dump": "\n".join(dumped), "text": text, "labels": labels}))
    return found


def by_segments(bench: Path) -> list[Dump]:
    """Dumps of all other pages, labelled only where a line holds a required or a forbidden segment."""
    by_hand = tomllib.loads(Path(__file__).with_name("labels.toml").read_text())
    found = []
    for page in map(json.loads, (bench / "trafilatura-eval/gold.jsonl").open()):
        html = _html(bench, page["file"])
        if page["id"] in by_hand or len(html) > _HUGE:
            continue
        for style, lines in (("visible", visible(html)), ("main", main(html))):
            labels = [_by_segment(line, page) for line in lines]
            row = {
                "id": f"{page['id']}-{style}",
                "source": "segments",
                "lang": "",
                "url": page["url"],
                "text": "",
            }
            if CONTENT in labels or BOILERPLATE in labels:
                found.append(dump(row | {"style": style, "dump": "\n".join(lines), "labels": labels}))
    return found


def visible(html: str) -> list[str]:
    """The lines of all the visible text."""
    return [line for line in _lines(LexborHTMLParser(html).body) if line]


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
    folded = _folded(line)
    if not line.strip():
        return None
    if folded in known:
        return known[folded]
    if re.search(r"!\[|\.(jpg|png)", line):
        return BOILERPLATE
    return CONTENT if len(folded.split()) > 3 and folded in text else UNCLEAR


def _html(bench: Path, name: str) -> str:
    return gzip.decompress((bench / "trafilatura-eval" / name).read_bytes()).decode("utf-8", "replace")


def _by_segment(line: str, page: dict[str, list[str]]) -> int:
    if any(squeezed in line for squeezed in _squeezed(page.get("must", ()))):
        return CONTENT
    # A forbidden word within a long line says nothing of the line.
    unwanted = _squeezed(page.get("must_not", ()))
    return BOILERPLATE if any(s in line and len(line) < 4 * len(s) + 20 for s in unwanted) else UNCLEAR


def _squeezed(segments: Iterable[str]) -> list[str]:
    return [" ".join(segment.split()) for segment in segments if segment and segment.strip()]


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower().replace("\xad", "")))


def _numbers(ranges: str) -> list[int]:
    bounds = [part.split("-") for part in ranges.split(",") if part]
    return [number for bound in bounds for number in range(int(bound[0]), int(bound[-1]) + 1)]
