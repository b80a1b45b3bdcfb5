"""Training dumps in the three styles from the pages of `labels.toml`, labelled through their visible lines."""

from __future__ import annotations

import gzip
import json
import re
import tomllib
from pathlib import Path

import trafilatura
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.quality.dumps import BOILERPLATE, CONTENT, TITLE, UNCLEAR, Dump, dump

_SKIPPED = set("script style noscript template svg iframe select textarea head".split())
_BLOCKS = set(
    "p div h1 h2 h3 h4 h5 h6 li ul ol table tr td th section article header footer nav aside main blockquote figure"
    " figcaption dl dt dd form fieldset address pre br hr body option button label".split()
)
_PARTED = set("p h1 h2 h3 h4 h5 h6 ul ol table section article blockquote figure header footer".split())


def labelled(bench: Path) -> list[Dump]:
    """Every page of `labels.toml`, three dumps each."""
    pages = {row["id"]: row for row in map(json.loads, (bench / "trafilatura-eval/gold.jsonl").open())}
    table = tomllib.loads(Path(__file__).with_name("labels.toml").read_text())
    found = []
    for name, entry in sorted(table.items()):
        html = gzip.open(bench / "trafilatura-eval" / pages[name]["file"]).read().decode("utf-8", "replace")
        lines = visible(html)
        label = dict.fromkeys(range(len(lines)), BOILERPLATE)
        for value, key in ((TITLE, "title"), (CONTENT, "content"), (UNCLEAR, "unclear")):
            label |= dict.fromkeys(_numbers(entry.get(key, "")), value)
        known: dict[str, int] = {}
        for number, line in enumerate(lines):
            known[_folded(line)] = max(label[number], known.get(_folded(line), UNCLEAR))
        text = "\n".join(line for number, line in enumerate(lines) if label[number] == CONTENT)
        styles = {
            "recall": (trafilatura.extract(html, favor_recall=True, include_comments=False, include_images=True) or "").split("\n"),
            "visible": lines,
            "main": main(html),
        }
        for style, dumped in styles.items():
            labels = [_label(line, known, _folded(text)) for line in dumped]
            if style == "visible":
                labels = [label[number] for number in range(len(lines))]
            row = {"id": f"{name}-{style}", "source": "labels", "lang": entry["lang"], "url": pages[name]["url"]}
            found.append(dump(row | {"style": style, "dump": "\n".join(dumped), "text": text, "labels": labels}))
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
    out: list[str] = []
    pieces: list[str] = []

    def close(*, parted: bool = False) -> None:
        line = " ".join("".join(pieces).split())
        pieces.clear()
        if line:
            out.append(line)
        if parted and out and out[-1]:
            out.append("")

    def walk(node: LexborNode) -> None:
        child = node.child
        while child is not None:
            tag = child.tag or ""
            if tag == "-text":
                pieces.append(child.text_content or "")
            elif tag not in _SKIPPED and tag[:1] not in ("", "_", "-"):
                if tag in _BLOCKS:
                    close()
                walk(child)
                if tag in _BLOCKS:
                    close(parted=tag in _PARTED)
            child = child.next

    if root is not None:
        walk(root)
    close()
    return out


def _label(line: str, known: dict[str, int], text: str) -> int | None:
    folded = _folded(line)
    if not line.strip():
        return None
    if folded in known:
        return known[folded]
    if re.search(r"!\[|\.(jpg|png)", line):
        return BOILERPLATE
    return CONTENT if len(folded.split()) > 3 and folded in text else UNCLEAR


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower().replace("\xad", "")))


def _numbers(ranges: str) -> list[int]:
    bounds = [part.split("-") for part in ranges.split(",") if part]
    return [number for bound in bounds for number in range(int(bound[0]), int(bound[-1]) + 1)]
