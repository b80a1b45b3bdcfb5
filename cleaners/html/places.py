"""Where each block of a page stands in its tree, as numbers: names, containers, repetition, and what it resembles.

Everything is relative to the page itself or to words that many sites use for their classes; no site is known here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cleaners.html.blocks import Element, HtmlBlock
from cleaners.model.arrays import FAR, shift, since, window

Array = npt.NDArray[np.float32]
Index = npt.NDArray[np.int64]
Columns = dict[str, Array]
Opinion = Callable[[str], tuple[float, float]]
"""What the names of an element (its class and id) speak for: (lowest, highest) log-odds of content."""

_TAGS = ("p", "li", "div", "h1", "h2", "h3", "h4", "tr", "td", "span", "section", "blockquote", "figcaption", "pre", "dd", "dt", "a", "article", "header", "time")  # fmt: skip
_AROUND = ("article", "main", "aside", "nav", "footer", "header", "form", "figure", "table", "ul", "ol", "section", "blockquote", "details", "dialog", "li")  # fmt: skip
_LEVELS = (0, 1, 2, 3, 5)
_CORES = (0.85, 0.6, 0.35)
_SHIFTED = ("link_share", "name_low", "name_high", "is_p", "is_heading", "same_parent", "in_core_1")
_AVERAGED = ("link_share", "name_low", "name_high", "is_p", "in_core_1", "in_core_2", "is_li")
_PROSE_WORDS = 12
_TOKEN = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}(?![a-z])")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Likeness:
    """Texts a page states of itself, for blocks to be compared with; empty where it states none."""

    title: str = ""
    description: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Tree:
    """The elements around a page's blocks as arrays, the body first.

    ``up`` holds the element of each block at each level above it (level 0: its own), the body beyond the last.
    """

    elements: tuple[Element, ...]
    parents: Index
    up: tuple[Index, ...]
    depth: Index
    words: Array
    linked: Array
    prose: Array
    blocks: Array


def tokens(names: str) -> tuple[str, ...]:
    """The words in an element's class and id, each once: ``post-Content__main2`` gives post, content, main."""
    parts = [part.lower() for part in _TOKEN.findall(names)]
    whole = [name.lower() for name in names.split() if len(name) <= 40]
    return tuple(dict.fromkeys((*parts, *whole)))[:40]


def plant(blocks: Sequence[HtmlBlock]) -> Tree:
    """The tree above the blocks (at least one), with the words, linked words, running words and blocks in each element."""
    elements: list[Element] = []
    number: dict[int, int] = {}
    parent: list[int] = []

    def place(element: Element) -> int:
        known = number.get(id(element))
        if known is None:
            above = place(element.parent) if element.parent is not None else -1
            known = number[id(element)] = len(elements)
            elements.append(element)
            parent.append(max(above, 0))
        return known

    owners = np.array([place(block.owner) for block in blocks], dtype=np.int64)
    parents = np.array(parent, dtype=np.int64)
    depth = np.array([element.depth for element in elements], dtype=np.int64)
    words = np.array([block.words for block in blocks], dtype=np.float64)
    linked = np.array([block.linked for block in blocks], dtype=np.float64)
    prose = np.where((words >= _PROSE_WORDS) & (linked < words / 3), words, 0.0)
    up = [owners]
    while up[-1].any():
        up.append(parents[up[-1]])
    sums = []
    for values in (words, linked, prose, np.ones(len(blocks))):
        total = np.zeros(len(elements))
        for level, row in enumerate(up):
            inside = depth[owners] >= level
            total += np.bincount(row[inside], weights=values[inside], minlength=len(elements))
        sums.append(total.astype(np.float32))
    return Tree(tuple(elements), parents, tuple(up), depth, *sums)


def columns(blocks: Sequence[HtmlBlock], tree: Tree, like: Likeness, opinion: Opinion) -> Columns:
    """All features of a page's blocks by name. ``blocks`` must not be empty; ``tree`` is theirs (`plant`)."""
    place = _own(blocks) | _around(tree) | _names(blocks, tree, opinion) | _repetition(blocks, tree) | _likeness(blocks, like)
    place |= _cores(tree)
    return place | _neighbours(tree, place)


def _own(blocks: Sequence[HtmlBlock]) -> Columns:
    words = np.array([b.words for b in blocks], dtype=np.float32)
    tags = np.array([b.owner.tag for b in blocks])
    raw = np.array(
        [(b.linked, min(b.pressed, b.words), min(b.strong, b.words), min(b.links, 20), min(b.images, 5), b.broken,
          b.owner.hidden, b.owner.depth, min(b.owner.position, 50), b.owner.linked) for b in blocks],
        dtype=np.float32,
    )  # fmt: skip
    names = ("link_share", "pressed_share", "strong_share", "links", "images", "broken", "hidden", "depth", "position", "owner_linked")  # fmt: skip
    out = {name: raw[:, place] for place, name in enumerate(names)}
    for name in names[:3]:
        out[name] = out[name] / words
    out |= {f"is_{tag}": (tags == tag).astype(np.float32) for tag in _TAGS}
    out["is_heading"] = np.isin(tags, ("h1", "h2", "h3", "h4", "h5", "h6")).astype(np.float32)
    return out


def _around(tree: Tree) -> Columns:
    """What surrounds a block: the elements with a meaning of their own, and the mass of the nearest containers."""
    page = max(float(tree.words[0]), 1.0)
    tags = np.array([element.tag for element in tree.elements])
    children = np.array([min(element.children, 50) for element in tree.elements], dtype=np.float32)
    out: Columns = {}
    for tag in _AROUND:
        is_it = tags == tag
        distance = np.full(len(tree.up[0]), FAR, dtype=np.float32)
        if is_it.any():
            for level in range(len(tree.up) - 1, -1, -1):
                distance[is_it[tree.up[level]]] = level + 1
        out[f"in_{tag}"] = distance
    words = np.maximum(tree.words, 1)
    facts = {
        "words": np.log1p(tree.words), "share": tree.words / page, "linked": tree.linked / words,
        "prose": tree.prose / words, "blocks": np.log1p(tree.blocks), "children": children,
    }  # fmt: skip
    for level in _LEVELS:
        at = tree.up[min(level, len(tree.up) - 1)]
        out |= {f"{name}@up{level}": values[at] for name, values in facts.items()}
    return out


def _names(blocks: Sequence[HtmlBlock], tree: Tree, opinion: Opinion) -> Columns:
    """What the classes and ids of a block and of those around it speak for; those of the body do not count."""
    said = [opinion(e.names) if e.names and place else (0.0, 0.0) for place, e in enumerate(tree.elements)]
    low, high = np.array(said, dtype=np.float32).T
    out: Columns = {}
    for level in (0, 1, 2, 3):
        at = tree.up[min(level, len(tree.up) - 1)]
        out[f"name_low@up{level}"], out[f"name_high@up{level}"] = low[at], high[at]
    lows, highs = np.stack([low[at] for at in tree.up]), np.stack([high[at] for at in tree.up])
    out["name_low"], out["name_high"] = lows.min(axis=0), highs.max(axis=0)
    out["name_low_at"], out["name_high_at"] = lows.argmin(axis=0).astype(np.float32), highs.argmax(axis=0).astype(np.float32)
    out["name_mean"] = (lows + highs).sum(axis=0) / (2 * np.maximum(tree.depth[tree.up[0]], 1)).astype(np.float32)
    inner = np.array([opinion(b.inner) if b.inner else (0.0, 0.0) for b in blocks], dtype=np.float32)
    out["inner_low"], out["inner_high"] = inner[:, 0], inner[:, 1]
    return out


def _repetition(blocks: Sequence[HtmlBlock], tree: Tree) -> Columns:
    """How often a place of this form, and this very text, occurs on the page."""
    form = forms(tree)
    words = np.array([block.words for block in blocks], dtype=np.float64)
    linked = np.array([block.linked for block in blocks], dtype=np.float64)
    count, mass = np.bincount(form), np.bincount(form, weights=words)
    share = np.bincount(form, weights=linked) / mass
    texts = [block.text.lower() for block in blocks]
    times = Counter(texts)
    seen: Counter[str] = Counter()
    again = []
    for text in texts:
        again.append(min(seen[text], 5))
        seen[text] += 1
    columns = {
        "same_place": np.log1p(count[form]),
        "same_place_words": (mass / count)[form],
        "same_place_share": mass[form] / words.sum(),
        "same_place_linked": share[form],
        "same_text": np.array([min(times[text], 10) for text in texts]),
        "again": np.array(again),
    }
    return {name: column.astype(np.float32) for name, column in columns.items()}


def forms(tree: Tree) -> Index:
    """A number for each block that is the same for blocks whose place has the same form (tags and names)."""
    elements = tree.elements
    known: dict[tuple[str, ...], int] = {}
    of_element: dict[int, int] = {}
    for owner in dict.fromkeys(tree.up[0].tolist()):
        e = elements[owner]
        first = e.parent
        second = first.parent if first else None
        form = (e.tag, e.names, first.tag if first else "", first.names if first else "", second.names if second else "")
        of_element[owner] = known.setdefault(form, len(known))
    return np.array([of_element[owner] for owner in tree.up[0].tolist()], dtype=np.int64)


def _likeness(blocks: Sequence[HtmlBlock], like: Likeness) -> Columns:
    """Words shared with what the page says of itself, and the place after its title."""
    title, description = set(_WORD.findall(like.title.lower())), set(_WORD.findall(like.description.lower()))
    body = _WORD.findall(like.body.lower())
    pairs = set(zip(body, body[1:], strict=False)) if len(body) > 30 else None
    like_title, told, in_body = [], [], []
    for block in blocks:
        listed = _WORD.findall(block.text.lower())
        words = set(listed)
        like_title.append(2 * len(words & title) / max(len(words) + len(title), 1))
        told.append(len(words & description) / len(words) if description else -1.0)
        if pairs is None:
            in_body.append(-1.0)
        else:
            own = list(zip(listed, listed[1:], strict=False))
            in_body.append(sum(pair in pairs for pair in own) / len(own) if own else 0.5)
    heads = [i for i, b in enumerate(blocks) if b.owner.tag == "h1"]
    resembling = [i for i, value in enumerate(like_title) if value >= 0.8 and len(title) >= 3]
    start = max(heads, key=lambda i: like_title[i]) if heads else (resembling[0] if resembling else 0)
    last = resembling[-1] if resembling else start
    here = np.arange(len(blocks), dtype=np.float32)
    return {
        "like_title": np.array(like_title, dtype=np.float32),
        "told": np.array(told, dtype=np.float32),
        "in_body": np.array(in_body, dtype=np.float32),
        "after_title": np.clip(here - start, -FAR, 2 * FAR),
        "after_title_again": np.clip(here - last, -FAR, 2 * FAR),
        "has_title": np.full(len(blocks), float(bool(heads or resembling)), dtype=np.float32),
    }


def _cores(tree: Tree) -> Columns:
    """How far each block stands from the smallest containers that hold most of the page's running text."""
    out: Columns = {}
    owners = tree.up[0]
    own_depth = tree.depth[owners]
    size = len(owners)
    for number, share in enumerate(_CORES):
        enough = tree.prose >= share * tree.prose[0]
        core = int(np.argmax(np.where(enough, tree.depth, -1)))
        inside = np.zeros(len(tree.elements), dtype=bool)
        inside[_chain(tree, core)] = True
        meeting = np.zeros(size, dtype=np.int64)
        for at in reversed(tree.up):
            meeting = np.where(inside[at], np.maximum(meeting, tree.depth[at]), meeting)
        out[f"out_of_core_{number}"] = (tree.depth[core] - meeting).astype(np.float32)
        out[f"below_core_{number}"] = (own_depth - meeting).astype(np.float32)
        out[f"in_core_{number}"] = (meeting == tree.depth[core]).astype(np.float32)
        out[f"core_words_{number}"] = np.full(size, np.log1p(tree.words[core]), dtype=np.float32)
        linked = tree.linked[core] / max(float(tree.words[core]), 1.0)
        out[f"core_linked_{number}"] = np.full(size, linked, dtype=np.float32)
    return out


def _chain(tree: Tree, element: int) -> list[int]:
    """The numbers of an element and of all around it, out to the body."""
    chain = [element]
    while chain[-1]:
        chain.append(int(tree.parents[chain[-1]]))
    return chain


def _neighbours(tree: Tree, place: Mapping[str, Array]) -> Columns:
    owners, parents = tree.up[0], tree.up[min(1, len(tree.up) - 1)]
    depth = place["depth"]
    named = dict(place)
    named["same_parent"] = np.append(False, parents[1:] == parents[:-1]).astype(np.float32)
    out: Columns = {
        "same_parent": named["same_parent"],
        "same_owner": np.append(False, owners[1:] == owners[:-1]).astype(np.float32),
        "since_heading": since(place["is_heading"] > 0),
        "deeper": depth - shift(depth, 1, 0.0),
        "deeper_next": depth - shift(depth, -1, 0.0),
    }
    for name in _SHIFTED:
        for by in (1, -1, 2, -2):
            out[f"{name}@{-by:+d}"] = shift(named[name], by)
    for name in _AVERAGED:
        for reach in (2, 6, 20):
            out[f"{name}~{reach}"] = window(named[name], reach)
    return {name: column.astype(np.float32) for name, column in out.items()}
