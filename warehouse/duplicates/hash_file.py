"""Some documents and their hashes in one sorted file: written once, asked by bisection, merged with the next.

Its file has site, text and page of each document (as hashes; what is asked of whoever is found), then the hashes of
all, ascending, and then the numbers of the documents that have them. Of those that have one hash the documents of one
site stand together, by number: so a site's are found among however many.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

_PART = 1 << 20  # hashes that are in memory at once

Hashes = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.uint32]
Places = npt.NDArray[np.int64]
Part = tuple[Hashes, Numbers]

ANY = 0
"""Where a site is asked for: any, or none."""
SITE, TEXT, PAGE = range(3)  # the rows of what is known of documents
FOUND = pa.schema({"number": pa.uint32(), **dict.fromkeys(("site", "hash", "text_hash", "page"), pa.uint64())})
"""What a file answers: one row a document and hash that it has."""


@dataclass(frozen=True, slots=True)
class HashFile:
    """The documents with the numbers ``first`` to ``last``, and those that went since."""

    name: str
    first: int
    last: int
    entries: int

    @property
    def documents(self) -> int:
        """How many numbers it covers."""
        return self.last - self.first + 1

    @property
    def size(self) -> int:
        """The bytes of its file."""
        return 24 * self.documents + 12 * self.entries


def merged(folder: Path, one: HashFile, two: HashFile) -> HashFile:
    """Two neighbours as one file, part by part."""
    documents = np.concatenate([_documents(folder, file) for file in (one, two)], axis=1)
    hashes = [_part(folder, file, 0, file.entries)[0] for file in (one, two)]
    borders = hashes[0][_PART::_PART].copy()
    starts = [[0, *np.searchsorted(each, borders).tolist(), len(each)] for each in hashes]
    del hashes

    def parts() -> Iterator[Part]:
        for spans in zip(*map(pairwise, starts), strict=True):
            found = [_part(folder, file, start, end) for file, (start, end) in zip((one, two), spans, strict=True)]
            hashes, numbers = (np.concatenate(each) for each in zip(*found, strict=True))
            order = _order(hashes, documents[SITE, numbers - one.first])
            yield hashes[order], numbers[order]

    both = HashFile(uuid.uuid4().hex, one.first, two.last, one.entries + two.entries)
    return write(folder, both, documents, parts())


def _order(hashes: Hashes, sites: Hashes) -> Places:
    """The order by hash and then by site, of what is two sorted runs: sites are looked at where hashes are equal."""
    order: Places = np.argsort(hashes, kind="stable")
    equal = np.diff(hashes[order]) == 0
    several = np.flatnonzero(np.append(equal, False) | np.append(False, equal))
    tied = order[several]
    order[several] = tied[np.lexsort((sites[tied], hashes[tied]))]
    return order


def write(folder: Path, file: HashFile, documents: Hashes, parts: Iterator[Part]) -> HashFile:
    """Writes the file under a name that was never used; it is on the disk before the transaction names it."""
    path = folder / file.name
    with path.open("wb") as out, path.open("r+b") as behind:
        out.write(documents.astype("<u8", copy=False).tobytes())
        behind.seek(documents.nbytes + 8 * file.entries)
        for hashes, numbers in parts:
            out.write(hashes.astype("<u8", copy=False).tobytes())
            behind.write(numbers.astype("<u4", copy=False).tobytes())
        for each in (out, behind):
            each.flush()
            os.fsync(each.fileno())
    return file


def _documents(folder: Path, file: HashFile) -> Hashes:
    """Site, text and page of its documents, as a row each; mapped, as parts are: only what is looked at is read."""
    return np.memmap(folder / file.name, "<u8", "r", 0, (3, file.documents))


def _part(folder: Path, file: HashFile, start: int, end: int) -> Part:
    """The hashes at the places ``start`` to ``end`` and the numbers of the documents that have them."""
    if start == end:
        return np.empty(0, np.uint64), np.empty(0, np.uint32)
    behind, path = 24 * file.documents, folder / file.name
    hashes = np.memmap(path, "<u8", "r", behind + 8 * start, (end - start,))
    return hashes, np.memmap(path, "<u4", "r", behind + 8 * file.entries + 4 * start, (end - start,))


def having(folder: Path, file: HashFile, asked: Hashes, sites: Hashes) -> pa.Table:
    """The documents that have one of ``asked`` (ascending) and are of the site beside it, or of ``ANY``."""
    documents = _documents(folder, file)
    found = [(np.empty(0, np.uint64), np.empty(0, np.uint32))]
    found += [
        _find(_part(folder, file, start, min(start + _PART, file.entries)), documents[SITE], file.first, asked, sites)
        for start in range(0, file.entries, _PART)
    ]
    hashes, numbers = (np.concatenate(each) for each in zip(*found, strict=True))
    site, text, page = documents[:, numbers - file.first]
    return pa.table([numbers, site, hashes, text, page], schema=FOUND)


def _find(part: Part, site_of: Hashes, first: int, asked: Hashes, sites: Hashes) -> Part:
    """What the part has of ``asked``; ``site_of`` has the sites of the documents from number ``first`` on."""
    hashes, numbers = part
    low, high = np.searchsorted(asked, hashes[0]), np.searchsorted(asked, hashes[-1], side="right")
    asked, sites = asked[low:high], sites[low:high]
    begin = np.searchsorted(hashes, asked)  # never behind the last, which is none of the smaller
    there = np.flatnonzero(hashes[begin] == asked)
    asked, sites, begin = asked[there], sites[there], begin[there]
    end = np.searchsorted(hashes, asked, side="right")
    of_one = np.flatnonzero(sites != ANY)
    if len(of_one):
        span = begin[of_one], end[of_one]
        for side, before in ((begin, np.less), (end, np.less_equal)):
            side[of_one] = _bisect(*span, lambda at, of: before(site_of[numbers[at] - first], sites[of_one[of]]))  # noqa: B023
    times = end - begin
    # The places of each: begin, begin + 1, … as often as it stands there.
    places = np.repeat(begin - np.cumsum(times) + times, times) + np.arange(times.sum())
    return np.repeat(asked, times), np.asarray(numbers[places])


def _bisect(low: Places, high: Places, before: Callable[[Places, Places], npt.NDArray[np.bool_]]) -> Places:
    """For many spans at once the first place in each that is not ``before`` (place, which span)."""
    low, high = low.copy(), high.copy()
    while len(open_ := np.flatnonzero(low < high)):
        middle = (low[open_] + high[open_]) // 2
        right = before(middle, open_)
        low[open_[right]] = middle[right] + 1
        high[open_[~right]] = middle[~right]
    return low
