"""The tree above a page's blocks as arrays: which element each stands in at every level, and what those hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from cleaners.html.blocks import HtmlBlock
from cleaners.html.elements import Element

Array = npt.NDArray[np.float32]
Index = npt.NDArray[np.int64]

_PROSE_WORDS = 12
_TOKEN = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}(?![a-z])")


@dataclass(frozen=True, slots=True)
class Tree:
    """The elements around a page's blocks as arrays, the body first.

    ``up`` holds the element of each block at each level above it (0: its own), the body beyond the last;
    ``forms`` a number for each block that is the same where the place has the same form (tags and names).
    """

    elements: tuple[Element, ...]
    parents: Index
    up: tuple[Index, ...]
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

    def place(element: Element) -> int:
        known = number.get(id(element))
        if known is None:
            above = place(element.parent) if element.parent is not None else -1
            known = number[id(element)] = len(elements)
            elements.append(element)
            parent.append(max(above, 0))
        return known

    owners = [place(block.owner) for block in blocks]
    words, linked, prose, count = ([0] * len(elements) for _ in range(4))
    for block, owner in zip(blocks, owners, strict=True):
        words[owner] += block.words
        linked[owner] += block.linked
        count[owner] += 1
        if block.words >= _PROSE_WORDS and 3 * block.linked < block.words:
            prose[owner] += block.words
    for element in range(len(elements) - 1, 0, -1):  # those inside come behind those around them
        above = parent[element]
        words[above] += words[element]
        linked[above] += linked[element]
        prose[above] += prose[element]
        count[above] += count[element]
    parents = np.array(parent, dtype=np.int64)
    up = [np.array(owners, dtype=np.int64)]
    while up[-1].any():
        up.append(parents[up[-1]])
    depth = np.array([element.depth for element in elements], dtype=np.int64)
    sums = np.array((words, linked, prose, count), dtype=np.float32)
    return Tree(tuple(elements), parents, tuple(up), _forms(elements, owners), depth, *sums)


def _forms(elements: Sequence[Element], owners: Sequence[int]) -> Index:
    known: dict[tuple[str, ...], int] = {}
    of_element: dict[int, int] = {}
    for owner in dict.fromkeys(owners):
        form: tuple[str, ...] = ()
        element: Element | None = elements[owner]
        for _ in range(3):
            if element is not None:
                form += (element.tag, element.names)
                element = element.parent
        of_element[owner] = known.setdefault(form, len(known))
    return np.array([of_element[owner] for owner in owners], dtype=np.int64)


def chain(tree: Tree, element: int) -> list[int]:
    """The numbers of an element and of all around it, out to the body."""
    chain = [element]
    while chain[-1]:
        chain.append(int(tree.parents[chain[-1]]))
    return chain
