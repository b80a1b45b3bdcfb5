"""A document's words as numbers, so that counting them is work on arrays."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count

import numpy as np
import numpy.typing as npt

_WORD = re.compile(r"\w+")
Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Words:
    """A document's words as numbers: `known` in order of appearance, `ids` token by token, each with its line.

    The first is no word: 0 stands for none. `number` gives the number of each; `each` and `owner` are the different
    words of each line and that line.

    Line n's tokens are those from ``bounds[n]`` to ``bounds[n + 1]``.
    """

    known: Sequence[str]
    number: Mapping[str, int]
    ids: Ids
    line: Ids
    bounds: Ids
    each: Ids
    owner: Ids

    def text(self, line: int) -> str:
        """The words of a line with single spaces between and around them."""
        return f" {' '.join(map(self.known.__getitem__, self.ids[self.bounds[line] : self.bounds[line + 1]]))} "


def words_of(joined: str) -> Words:
    """Number the words of lower-case lines that are joined by newlines."""
    return numbered([_WORD.findall(line) for line in joined.split("\n")])


def numbered(found: Sequence[Sequence[str]]) -> Words:
    """Number the words that were found on each line."""
    numbers: defaultdict[str, int] = defaultdict(count(1).__next__, {"": 0})
    ids = np.fromiter(map(numbers.__getitem__, chain.from_iterable(found)), dtype=np.int64)
    lengths = np.fromiter(map(len, found), dtype=np.int64, count=len(found))
    line = np.repeat(np.arange(len(found)), lengths)
    pairs = np.sort(line * len(numbers) + ids)
    owner, each = np.divmod(pairs[np.diff(pairs, prepend=-1) > 0], len(numbers))
    return Words(tuple(numbers), dict(numbers), ids, line, np.append(0, np.cumsum(lengths)), each, owner)
