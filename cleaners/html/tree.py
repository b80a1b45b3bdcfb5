"""The tree above a page's blocks as arrays: which element each stands in at every level, and what those hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from tamis.cleaners.html.blocks import HtmlBlock
from tamis.cleaners.html.elements import Element

Array = npt.NDArray[np.float32]
Index = npt.NDArray[np.int64]

_PROSE_WORDS = 12
_TOKEN = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}(?![a-z])")


@dataclass(frozen=True, slots=True)
class Tree:
    """The elements around a page's blocks as arrays, the body first.

    ``up`` holds the element of each block at each level above it (0: its own), a row a level, the body beyond the last;
    ``forms`` a number for each block that is the same where the place has the same form (tags and names).
    """

    elements: tuple[Element, ...]
    parents: Index
    up: Index
    forms: Index
    depth: Index
    words: Array
    linked: Array
    prose: Array
    blocks: Array


@lru_cache(maxsize=20_000)
def tokens(names: str) -> tuple[str, ...]:
    """The words of classes and ids: ``post-Content`` gives post, content and post-content."""
    lower = names.lower()
    parts = _TOKEN.findall(names)
    return (*(parts if lower == names else map(str.lower, parts)), *lower.split())


def plant(blocks: Sequence[HtmlBlock]) -> Tree:
    """The tree above the blocks (at least one), with what stands in each element."""
    elements: list[Element] = []
    number: dict[int, int] = {}
    parent: list[int] = []
    for block in blocks:
        new = []
        element: Element | None = block.owner
        while element is not None and id(element) not in number:
            new.append(element)
            element = element.parent
        for element in reversed(new):
            number[id(element)] = len(elements)
            elements.append(element)
            parent.append(number[id(element.parent)] if element.parent is not None else 0)
    owners = [number[id(block.owner)] for block in blocks]
    words, linked, prose, count = ([0] * len(elements) for _ in range(4))
    for block, owner in zip(blocks, owners, strict=True):
        words[owner] += block.words
        linked[owner] += block.linked
        count[owner] += 1
        if block.words >= _PROSE_WORDS and 3 * block.linked < block.words:
            prose[owner] += block.words
    for inside in range(len(elements) - 1, 0, -1):  # those inside come behind those around them
        above = parent[inside]
        words[above] += words[inside]
        linked[above] += linked[inside]
        prose[above] += prose[inside]
        count[above] += count[inside]
    parents = np.array(parent, dtype=np.int64)
    up = [np.array(owners, dtype=np.int64)]
    while up[-1].any():
        up.append(parents[up[-1]])
    depth = np.array([element.depth for element in elements], dtype=np.int64)
    sums = np.array((words, linked, prose, count), dtype=np.float32)
    levels = np.stack(up)
    return Tree(tuple(elements), parents, levels, _forms(elements, levels), depth, *sums)


def _forms(elements: Sequence[Element], up: Index) -> Index:
    """A number for the kinds of a block's element and of the two around it."""
    known: dict[tuple[str, str], int] = {}
    kinds = np.array([known.setdefault((e.tag, e.names), len(known)) for e in elements], dtype=np.int64)
    own, *above = kinds[up[:3]]
    for kind in above:
        own = own * len(known) + kind
    return np.unique(own, return_inverse=True)[1]


def chain(tree: Tree, element: int) -> list[int]:
    """The numbers of an element and of all around it, out to the body."""
    chain = [element]
    while chain[-1]:
        chain.append(int(tree.parents[chain[-1]]))
    return chain
