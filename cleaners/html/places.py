"""Where each block of a page stands in its tree, as numbers: names, containers, repetition, likeness.

Everything is relative to the page itself or to words that many sites use for classes; no site is known.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from cleaners.html.blocks import HtmlBlock
from cleaners.html.tags import AROUND, OWN
from cleaners.html.tree import Array, Tree, chain
from cleaners.model.arrays import FAR, shift, since

Columns = dict[str, Array]
Opinion = Callable[[str], tuple[float, float]]
"""What the names of an element (its class and id) speak for: (lowest, highest) log-odds of content."""

_LEVELS = (0, 1, 2, 3, 5)
_CORES = (0.85, 0.6, 0.35)
_SHIFTED = ("link_share", "name_low", "name_high", "is_p", "is_heading", "same_parent", "in_core_1")
_AVERAGED = ("link_share", "name_low", "name_high", "is_p", "in_core_1", "in_core_2", "is_li")
_REACHES = (2, 6, 20)
_BEGINNING = 400  # characters of a block that are enough to tell what it is like
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Likeness:
    """Texts a page states of itself, for blocks to be compared with; empty where it states none."""

    title: str = ""
    description: str = ""
    body: str = ""


def columns(blocks: Sequence[HtmlBlock], tree: Tree, like: Likeness, opinion: Opinion) -> Columns:
    """All features of a page's blocks by name. ``blocks`` must not be empty; ``tree`` is theirs (`plant`)."""
    place = (
        _own(blocks)
        | _around(tree)
        | _names(blocks, tree, opinion)
        | _repetition(blocks, tree)
        | _likeness(blocks, like)
    )
    place |= _cores(tree)
    return place | _neighbours(tree, place)


def _own(blocks: Sequence[HtmlBlock]) -> Columns:
    words = np.array([b.words for b in blocks], dtype=np.float32)
    tags = np.array([b.owner.tag for b in blocks])
    raw = np.array(
        [
            (
                b.linked,
                min(b.pressed, b.words),
                min(b.strong, b.words),
                min(b.links, 20),
                min(b.images, 5),
                b.broken,
                b.owner.hidden,
                b.owner.depth,
                min(b.owner.position, 50),
                b.owner.linked,
            )
            for b in blocks
        ],
        dtype=np.float32,
    )
    names = (
        "link_share",
        "pressed_share",
        "strong_share",
        "links",
        "images",
        "broken",
        "hidden",
        "depth",
        "position",
        "owner_linked",
    )
    out = {name: raw[:, place] for place, name in enumerate(names)}
    for name in names[:3]:
        out[name] = out[name] / words
    out |= {f"is_{tag}": (tags == tag).astype(np.float32) for tag in OWN}
    out["is_heading"] = np.isin(tags, ("h1", "h2", "h3", "h4", "h5", "h6")).astype(np.float32)
    return out


def _around(tree: Tree) -> Columns:
    """What surrounds a block: elements with a meaning of their own, and the mass of near containers."""
    page = max(float(tree.words[0]), 1.0)
    tags = np.array([element.tag for element in tree.elements])
    children = np.array([min(element.children, 50) for element in tree.elements], dtype=np.float32)
    out: Columns = {}
    above = np.stack(tree.up)
    for tag in AROUND:
        is_it = (tags == tag)[above]
        out[f"in_{tag}"] = np.where(is_it.any(axis=0), is_it.argmax(axis=0) + 1, FAR).astype(np.float32)
    words = np.maximum(tree.words, 1)
    facts = {
        "words": np.log1p(tree.words),
        "share": tree.words / page,
        "linked": tree.linked / words,
        "prose": tree.prose / words,
        "blocks": np.log1p(tree.blocks),
        "children": children,
    }
    for level in _LEVELS:
        at = tree.up[min(level, len(tree.up) - 1)]
        out |= {f"{name}@up{level}": values[at] for name, values in facts.items()}
    return out


def _names(blocks: Sequence[HtmlBlock], tree: Tree, opinion: Opinion) -> Columns:
    """What the classes and ids of a block and of those around it speak for; the body's do not count."""
    said = [opinion(e.names) if e.names and place else (0.0, 0.0) for place, e in enumerate(tree.elements)]
    low, high = np.array(said, dtype=np.float32).T
    out: Columns = {}
    for level in (0, 1, 2, 3):
        at = tree.up[min(level, len(tree.up) - 1)]
        out[f"name_low@up{level}"], out[f"name_high@up{level}"] = low[at], high[at]
    lows, highs = np.stack([low[at] for at in tree.up]), np.stack([high[at] for at in tree.up])
    out["name_low"], out["name_high"] = lows.min(axis=0), highs.max(axis=0)
    out["name_low_at"], out["name_high_at"] = (
        lows.argmin(axis=0).astype(np.float32),
        highs.argmax(axis=0).astype(np.float32),
    )
    out["name_mean"] = (lows + highs).sum(axis=0) / (2 * np.maximum(tree.depth[tree.up[0]], 1)).astype(np.float32)
    inner = np.array([opinion(b.inner) if b.inner else (0.0, 0.0) for b in blocks], dtype=np.float32)
    out["inner_low"], out["inner_high"] = inner[:, 0], inner[:, 1]
    return out


def _repetition(blocks: Sequence[HtmlBlock], tree: Tree) -> Columns:
    """How often a place of this form, and this very text, occurs on the page."""
    form = tree.forms
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


def _likeness(blocks: Sequence[HtmlBlock], like: Likeness) -> Columns:
    """Words shared with what the page says of itself, and the place after its title."""
    title, description = set(_WORD.findall(like.title.lower())), set(_WORD.findall(like.description.lower()))
    body = _WORD.findall(like.body.lower())
    pairs = set(pairwise(body)) if len(body) > 30 else None
    like_title, told, in_body = [], [], []
    for block in blocks:
        listed = _WORD.findall(block.text[:_BEGINNING].lower())
        words = set(listed)
        like_title.append(2 * len(words & title) / max(len(words) + len(title), 1))
        told.append(len(words & description) / len(words) if description else -1.0)
        if pairs is None:
            in_body.append(-1.0)
        else:
            own = list(pairwise(listed))
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
        inside[chain(tree, core)] = True
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
    averaged = np.stack([named[name] for name in _AVERAGED], axis=1)
    means = {reach: _window(averaged, reach) for reach in _REACHES}
    for number, name in enumerate(_AVERAGED):
        out |= {f"{name}~{reach}": means[reach][:, number] for reach in _REACHES}
    return {name: column.astype(np.float32) for name, column in out.items()}


def _window(table: Array, reach: int) -> Array:
    """Mean over the blocks within ``reach``, the block itself left out, for each column of a table."""
    total = np.concatenate((np.zeros((1, table.shape[1])), np.cumsum(table, axis=0, dtype=np.float64)))
    here = np.arange(len(table))
    low, high = np.maximum(here - reach, 0), np.minimum(here + reach + 1, len(table))
    others = np.maximum(high - low - 1, 1)[:, None]
    means: Array = ((total[high] - total[low] - table) / others).astype(np.float32)
    return means
