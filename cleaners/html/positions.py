"""Where each block of a page stands in its tree, as numbers: names, containers, repetition, likeness.

Everything is relative to the page itself or to words that many sites use for classes; no site is known.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tamis.cleaners.html.blocks import HtmlBlock
from tamis.cleaners.html.tree import Tree, chain
from tamis.cleaners.model.arrays import FAR, since
from tamis.cleaners.model.shapes import Array
from tamis.cleaners.model.words import Words

Columns = dict[str, Array]
Opinion = Callable[[str], tuple[float, float]]
"""What the names of an element (its class and id) speak for: (lowest, highest) log-odds of content."""

_LEVELS = (0, 1, 2, 3, 5)
_AROUND = ("main", "figure", "li")
_CORES = (0.85, 0.6, 0.35)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LEAST_BODY = 30
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Likeness:
    """Texts a page states of itself, for blocks to be compared with; empty where it states none."""

    title: str = ""
    description: str = ""
    body: str = ""


def columns(blocks: Sequence[HtmlBlock], tree: Tree, words: Words, like: Likeness, opinion: Opinion) -> Columns:
    """All features of a page's blocks by name, without those of their neighbours.

    ``blocks`` must not be empty; ``tree`` (`plant`) and the numbered ``words`` are theirs.
    """
    return (
        _own(blocks, tree)
        | _around(tree)
        | _names(tree, opinion)
        | _repetition(blocks, tree)
        | _likeness(blocks, words, like)
        | _cores(tree)
    )


def _own(blocks: Sequence[HtmlBlock], tree: Tree) -> Columns:
    words, linked, images, is_div, is_heading = np.array(
        [(b.words, b.linked, b.images, b.owner.tag == "div", b.owner.tag in _HEADINGS) for b in blocks],
        dtype=np.float32,
    ).T
    return {
        "link_share": linked / words,
        "images": np.minimum(images, 5),
        "depth": tree.depth[tree.up[0]],
        "is_div": is_div,
        "since_heading": since(is_heading > 0),
    }


def _around(tree: Tree) -> Columns:
    """What surrounds a block: elements with a meaning of their own, and the mass of near containers."""
    tags = np.array([element.tag for element in tree.elements]) == np.array(_AROUND)[:, None]
    above = tags[:, tree.up]
    within = np.where(above.any(axis=1), above.argmax(axis=1) + 1, FAR)
    out: Columns = {f"in_{tag}": row for tag, row in zip(_AROUND, within, strict=True)}
    words = np.maximum(tree.words, 1)
    children = np.array([min(element.children, 50) for element in tree.elements], dtype=np.float32)
    facts = np.stack(
        (
            np.log1p(tree.words),
            tree.words / max(float(tree.words[0]), 1.0),
            tree.linked / words,
            tree.prose / words,
            np.log1p(tree.blocks),
            children,
        )
    )
    names = ("words", "share", "linked", "prose", "blocks", "children")
    for level in _LEVELS:
        at = facts[:, tree.up[min(level, len(tree.up) - 1)]]
        out |= {f"{name}@up{level}": row for name, row in zip(names, at, strict=True)}
    return out


def _names(tree: Tree, opinion: Opinion) -> Columns:
    """What the classes and ids of a block and of those around it speak for; the body's do not count."""
    said = [opinion(e.names) if e.names and place else (0.0, 0.0) for place, e in enumerate(tree.elements)]
    low, high = np.array(said, dtype=np.float32).T
    lows, highs = low[tree.up], high[tree.up]
    top = len(lows) - 1
    return {
        "name_low@up0": lows[0],
        "name_low@up1": lows[min(1, top)],
        "name_low@up2": lows[min(2, top)],
        "name_high@up0": highs[0],
        "name_high@up3": highs[min(3, top)],
        "name_low": lows.min(axis=0),
        "name_high": highs.max(axis=0),
        "name_mean": (lows + highs).sum(axis=0) / (2 * np.maximum(tree.depth[tree.up[0]], 1)),
    }


def _repetition(blocks: Sequence[HtmlBlock], tree: Tree) -> Columns:
    """How often a place of this form, and this very text, occurs on the page."""
    form = tree.forms
    words = np.array([block.words for block in blocks], dtype=np.float64)
    count, mass = np.bincount(form), np.bincount(form, weights=words)
    texts = [block.text.lower() for block in blocks]
    times = Counter(texts)
    seen: Counter[str] = Counter()
    again = []
    for text in texts:
        again.append(seen[text])
        seen[text] += 1
    return {
        "same_place": np.log1p(count[form]),
        "same_place_words": (mass / count)[form],
        "same_place_share": mass[form] / words.sum(),
        "same_text": np.minimum([times[text] for text in texts], 10),
        "again": np.minimum(again, 5),
    }


def _likeness(blocks: Sequence[HtmlBlock], words: Words, like: Likeness) -> Columns:
    """Words shared with what the page says of itself, and the place after its title."""
    known, size = len(words.known), len(blocks)
    sizes = np.bincount(words.owner, minlength=size)

    def common(text: str) -> tuple[Array, int]:
        said = set(_WORD.findall(text.lower()))
        among = np.zeros(known, dtype=bool)
        among[[words.number[word] for word in said & words.number.keys()]] = True
        return np.bincount(words.owner, weights=among[words.each], minlength=size), len(said)

    (in_title, title), (in_description, description) = common(like.title), common(like.description)
    like_title = 2 * in_title / np.maximum(sizes + title, 1)
    heads = [i for i, b in enumerate(blocks) if b.owner.tag == "h1"]
    resembling = np.flatnonzero(like_title >= 0.8) if title >= 3 else np.zeros(0, dtype=np.int64)
    start = max(heads, key=lambda i: float(like_title[i])) if heads else int(resembling[0]) if len(resembling) else 0
    return {
        "like_title": like_title,
        "told": in_description / np.maximum(sizes, 1) if description else np.full(size, -1.0),
        "in_body": _in_body(words, like.body, size),
        "after_title": np.clip(np.arange(size) - start, -FAR, 2 * FAR),
    }


def _in_body(words: Words, body: str, size: int) -> Array:
    """The share of a block's pairs of words that stand in the text that the page states, -1 where it states none."""
    said = _WORD.findall(body.lower())
    if len(said) <= _LEAST_BODY:
        return np.full(size, -1.0)
    known = len(words.known) + 1
    numbers = np.array([words.number.get(word, known) for word in said])
    own = words.line[1:] == words.line[:-1]
    pairs, line = (words.ids[:-1] * known + words.ids[1:])[own], words.line[1:][own]
    hits = np.bincount(line, weights=np.isin(pairs, numbers[:-1] * known + numbers[1:]), minlength=size)
    count = np.bincount(line, minlength=size)
    return np.where(count, hits / np.maximum(count, 1), 0.5)


def _cores(tree: Tree) -> Columns:
    """How far each block stands from the smallest containers that hold most of the page's running text."""
    depth = tree.depth
    cores = [int(np.argmax(np.where(tree.prose >= share * tree.prose[0], depth, -1))) for share in _CORES]
    inside = np.zeros((len(cores), len(tree.elements)), dtype=np.int64)
    for row, core in zip(inside, cores, strict=True):
        around = chain(tree, core)
        row[around] = depth[around]
    meeting = inside[:, tree.up].max(axis=1)
    out: Columns = {}
    for number, (core, met) in enumerate(zip(cores, meeting, strict=True)):
        out[f"out_of_core_{number}"] = depth[core] - met
        out[f"below_core_{number}"] = depth[tree.up[0]] - met
        out[f"in_core_{number}"] = met == depth[core]
        out[f"core_words_{number}"] = np.full(len(met), np.log1p(tree.words[core]))
        linked = tree.linked[core] / max(float(tree.words[core]), 1.0)
        out[f"core_linked_{number}"] = np.full(len(met), linked)
    return out
