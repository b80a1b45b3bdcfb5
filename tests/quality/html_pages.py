"""The development pages as examples for the judge of HTML: the share of each block that is gold.

Gold texts say what the main text is, not which block it came from, so both are aligned: long blocks
by their word triples, short ones by their place between long ones. Sets with segments only label those blocks
in which exactly one segment stands; the pages of `labels.toml` are labelled whole.
"""

from __future__ import annotations

import gzip
import json
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tamis.cleaners.decode import decode
from tamis.cleaners.html.html_page import HtmlPage, read_page
from tests.quality import pages
from tests.quality.dumps import site

SETS = ("wcxb-dev", "trafilatura-eval", "fundus-dev")
UNKNOWN = -1.0
_SIZE = 3
# Scripts without spaces: each sign counts as a word, or a page of them would be one.
_ALONE = "\u3040-\u30ff\u4e00-\u9fff\u0e00-\u0e7f\uac00-\ud7af"
_TOKEN = re.compile(rf"[{_ALONE}]|[^\W{_ALONE}]+")


@dataclass(frozen=True)
class Example:
    """A page with its gold: ``share`` is the part of each block's words that is main text, or UNKNOWN."""

    id: str
    set: str
    site: str
    row: dict[str, object]
    page: HtmlPage
    share: npt.NDArray[np.float32]
    whole: bool
    """Whether all blocks are labelled and most of the gold text was found in them."""


def read(bench: Path, name: str) -> list[Example]:
    """The article pages of one set."""
    rows = [json.loads(line) for line in (bench / name / "gold.jsonl").open(encoding="utf-8")]
    by_hand = tomllib.loads(Path(__file__).with_name("labels.toml").read_text()) if name == "trafilatura-eval" else {}
    return [
        _example(bench / name, name, row, by_hand.get(row["id"]))
        for row in rows
        if row.get("page_type", "article") == "article"
    ]


def _example(folder: Path, name: str, row: dict[str, object], labels: dict[str, object] | None) -> Example:
    body = gzip.decompress((folder / str(row["file"])).read_bytes())
    url = str(row["url"])
    page = read_page(decode(body, "text/html").text, url)
    texts = [block.text for block in page.blocks]
    gold = str(row.get("text") or "")
    if labels is not None:
        lines = pages.visible(body.decode("utf-8", "replace"))
        content = pages._numbers(labels.get("content", ""))
        gold = "\n".join(lines[number] for number in sorted(content))
    if gold:
        share, found = align(texts, gold)
        whole = found
    else:
        share, whole = by_segments(texts, row.get("must") or (), row.get("must_not") or ()), False  # type: ignore[arg-type]
    return Example(f"{name}/{row['id']}", name, site(url), row, page, share, whole)


def by_segments(texts: Sequence[str], must: Sequence[str], must_not: Sequence[str]) -> npt.NDArray[np.float32]:
    """1 for the block that holds a required segment, 0 for those that hold a forbidden one, else UNKNOWN."""
    share = np.full(len(texts), UNKNOWN, dtype=np.float32)
    flat = [" ".join(text.split()) for text in texts]
    for segments, value in ((must, 1.0), (must_not, 0.0)):
        for segment in (" ".join(s.split()) for s in segments):
            hits = [i for i, text in enumerate(flat) if segment in text]
            hits = hits or [i for i, text in enumerate(flat) if len(text) > 20 and text in segment]
            if len(hits) == 1 or value == 0.0:
                share[hits] = value
    return share


def align(texts: Sequence[str], gold: str) -> tuple[npt.NDArray[np.float32], bool]:
    """(share of each block's words that stand in the gold text, whether most of the gold text was found).

    A long block that repeats a part of the gold already taken is UNKNOWN: which of the two was meant is open.
    """
    wanted = _TOKEN.findall(gold.lower())
    blocks = [_TOKEN.findall(text.lower()) for text in texts]
    share, start = _long(blocks, wanted)
    _short(blocks, wanted, share, start)
    found = sum(len(block) * (s >= 0.5) for block, s in zip(blocks, share, strict=True))
    return share, bool(wanted) and found >= 0.6 * len(wanted)


def _long(blocks: Sequence[list[str]], wanted: list[str]) -> tuple[npt.NDArray[np.float32], list[int | None]]:
    places = defaultdict(list)
    for i in range(len(wanted) - _SIZE + 1):
        places[tuple(wanted[i : i + _SIZE])].append(i)
    left = Counter({gram: len(found) for gram, found in places.items()})
    share = np.full(len(blocks), np.nan, dtype=np.float32)
    start: list[int | None] = [None] * len(blocks)
    for number, block in enumerate(blocks):
        if len(block) < _SIZE + 2:
            continue
        grams = [tuple(block[i : i + _SIZE]) for i in range(len(block) - _SIZE + 1)]
        covered = np.zeros(len(block), dtype=bool)
        for i, gram in enumerate(grams):
            if gram in places:
                covered[i : i + _SIZE] = True
        share[number] = part = float(covered.mean())
        if part < 0.5:
            continue
        need = Counter(gram for gram in grams if gram in places)
        offsets = Counter(place - i for i, gram in enumerate(grams) for place in places.get(gram, ())[:20])
        best, support = offsets.most_common(1)[0]
        if sum(min(n, left[gram]) for gram, n in need.items()) < 0.34 * need.total():
            share[number] = UNKNOWN
        elif support < max(2, 0.2 * len(grams)) and len(block) < 30:
            share[number] = UNKNOWN if part > 0.8 else 0.0
        else:
            start[number] = best
            for gram, n in need.items():
                left[gram] -= min(n, left[gram])
    return share, start


def _short(
    blocks: Sequence[list[str]],
    wanted: list[str],
    share: npt.NDArray[np.float32],
    start: Sequence[int | None],
) -> None:
    """Fill in the short blocks: gold where their words stand in it between the long blocks around them."""
    places = defaultdict(list)
    for i, word in enumerate(wanted):
        places[word].append(i)
    following, ahead = [], len(wanted)
    for begin in reversed(start):
        following.append(ahead)
        ahead = begin if begin is not None else ahead
    used: set[int] = set()
    done = 0
    for number, (block, after) in enumerate(zip(blocks, reversed(following), strict=True)):
        begin = start[number]
        if begin is not None:
            done = begin + len(block)
        elif np.isnan(share[number]):
            high = after + 2 if after >= done else done + 60
            fits = [
                p
                for p in places.get(block[0] if block else "", ())
                if done - 2 <= p <= high and wanted[p : p + len(block)] == block and p not in used
            ]
            share[number] = 1.0 if fits else 0.0
            if fits:
                used.update(range(fits[0], fits[0] + len(block)))
