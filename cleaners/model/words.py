"""A document's words as numbers, so that counting them is work on arrays."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
import numpy.typing as npt

_TOKEN = re.compile(r"\w+|\n")
Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Words:
    """A document's words as numbers: `known` in order of appearance, `ids` token by token, each with its line.

    Line n's tokens are those from ``bounds[n]`` to ``bounds[n + 1]``.
    """

    known: Sequence[str]
    ids: Ids
    line: Ids
    bounds: Ids

    def text(self, line: int) -> str:
        """The words of a line with single spaces between and around them."""
        return f" {' '.join(map(self.known.__getitem__, self.ids[self.bounds[line] : self.bounds[line + 1]]))} "


def words_of(joined: str) -> Words:
    """Number the words of lower-case lines that are joined by newlines."""
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    end = numbers["\n"]
    found = _TOKEN.findall(joined)
    ids = np.fromiter(map(numbers.__getitem__, found), dtype=np.int64, count=len(found))
    ends = ids == end
    line = np.cumsum(ends)[~ends]
    bounds = np.searchsorted(line, np.arange(int(ends.sum()) + 2))
    return Words(tuple(numbers), ids[~ends], line, bounds)
