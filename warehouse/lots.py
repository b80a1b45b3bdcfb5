"""Sorted lots of hashes in files beside the working file: who has a hash is told without reading all sketches.

A log-structured merge tree (O'Neil et al. 1996, "The log-structured merge-tree"): ``LOT`` documents make a lot, two
neighbours of one size become one of twice that; what came later is not in a lot yet. A lot is never changed: of
documents that went it keeps the numbers, which nobody gets again. Lots save time and hold nothing of their own: those
that are lost are made anew, and a lake has none.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt

LOT = 32_768
_PART = 1 << 20  # hashes of a lot that are in memory at once

Hashes = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.uint32]
Part = tuple[Hashes, Numbers]

_FOLDER = "SELECT path FROM duckdb_databases() WHERE database_name = current_database() AND type = 'duckdb'"
_OF_DOCUMENTS = """
SELECT hash, number :: UINTEGER AS number
FROM (SELECT number, unnest(hashes) AS hash FROM sketched_documents WHERE number BETWEEN $first AND $last)
ORDER BY hash, number
"""


@dataclass(frozen=True, slots=True)
class Lot:
    """The hashes of the documents with the numbers ``first`` to ``last``, ascending, and then their numbers."""

    file: str
    first: int
    last: int
    entries: int

    @property
    def documents(self) -> int:
        """How many numbers it covers."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Lots:
    """The lots of a warehouse that are there, from number 1 on without a gap."""

    folder: Path
    lots: tuple[Lot, ...] = ()

    @property
    def last(self) -> int:
        """The number up to which documents are in a lot."""
        return self.lots[-1].last if self.lots else 0

    @property
    def entries(self) -> int:
        """The hashes in all lots."""
        return sum(lot.entries for lot in self.lots)

    def having(self, asked: Hashes) -> tuple[Numbers, Hashes]:
        """The numbers of the documents that have one of ``asked`` (ascending), each with the hash."""
        found = [_find(part, asked) for lot in self.lots for part in _parts(self.folder / lot.file, lot.entries)]
        numbers = [np.empty(0, np.uint32), *(number for number, _ in found)]
        return np.concatenate(numbers), np.concatenate([np.empty(0, np.uint64), *(value for _, value in found)])


def of(con: duckdb.DuckDBPyConnection) -> Lots | None:
    """The lots of the warehouse that ``con`` writes; None where it is no file."""
    path = con.execute(_FOLDER).fetchall()
    if not path or not path[0][0]:
        return None
    folder, lots = Path(f"{path[0][0]}.lots"), []
    for row in con.execute("SELECT file, first, last, entries FROM sketch_lots ORDER BY first").fetchall():
        lot = Lot(*row)
        file = folder / lot.file
        if not file.exists() or file.stat().st_size != 12 * lot.entries:
            break
        lots.append(lot)
    return Lots(folder, tuple(lots))


def settle(con: duckdb.DuckDBPyConnection) -> None:
    """Makes lots of the documents that came, once they are enough.

    Inside the transaction of the load: files that it leaves behind when it is rolled back are removed by the next.
    """
    there = of(con)
    if there is None:
        return
    newest = con.execute("SELECT coalesce(max(number), 0) FROM sketched_documents").fetchall()[0][0]
    if newest - there.last < LOT:
        return
    there.folder.mkdir(exist_ok=True)
    lots = list(there.lots)
    _remove(there.folder, keep={lot.file for lot in lots})
    while newest - (last := lots[-1].last if lots else 0) >= LOT:
        lots.append(_made(con, there.folder, last + 1, last + LOT))
        while len(lots) > 1 and lots[-1].documents == lots[-2].documents:
            lots[-2:] = [_merged(there.folder, *lots[-2:])]
            _remove(there.folder, keep={lot.file for lot in (*there.lots, *lots)})
    con.execute("DELETE FROM sketch_lots")
    con.executemany("INSERT INTO sketch_lots VALUES (?, ?, ?, ?)", [astuple(lot) for lot in lots])


def _remove(folder: Path, keep: set[str]) -> None:
    """Removes files that no transaction, committed or not, names any more."""
    for file in folder.iterdir():
        if file.name not in keep:
            file.unlink()


def _made(con: duckdb.DuckDBPyConnection, folder: Path, first: int, last: int) -> Lot:
    """A lot of documents that are in none."""
    found = con.sql(_OF_DOCUMENTS, params={"first": first, "last": last}).to_arrow_table()
    return _write(folder, first, last, len(found), iter([(found["hash"].to_numpy(), found["number"].to_numpy())]))


def _merged(folder: Path, one: Lot, two: Lot) -> Lot:
    """Two neighbours as one lot, part by part."""
    pair = [(folder / lot.file, lot.entries) for lot in (one, two)]
    hashes = [_mapped(path, entries, 0, entries)[0] for path, entries in pair]
    borders = hashes[0][_PART::_PART].copy()
    starts = [[0, *np.searchsorted(each, borders).tolist(), len(each)] for each in hashes]
    del hashes

    def parts() -> Iterator[Part]:
        for spans in zip(*map(pairwise, starts), strict=True):
            found = [_mapped(*lot, start, end - start) for lot, (start, end) in zip(pair, spans, strict=True)]
            both, numbers = (np.concatenate(each) for each in zip(*found, strict=True))
            order = np.argsort(both, kind="stable")
            yield both[order], numbers[order]

    return _write(folder, one.first, two.last, one.entries + two.entries, parts())


def _write(folder: Path, first: int, last: int, entries: int, parts: Iterator[Part]) -> Lot:
    """A lot as a file of a name that was never used, on the disk before the transaction names it."""
    name = uuid.uuid4().hex
    path = folder / name
    with path.open("wb") as out, path.open("r+b") as behind:
        behind.seek(8 * entries)
        for hashes, numbers in parts:
            out.write(hashes.astype("<u8", copy=False).tobytes())
            behind.write(numbers.astype("<u4", copy=False).tobytes())
        for each in (out, behind):
            each.flush()
            os.fsync(each.fileno())
    return Lot(name, first, last, entries)


def _parts(path: Path, entries: int) -> Iterator[Part]:
    """The lot in mapped parts, of which only the pages that are looked at are read."""
    for start in range(0, entries, _PART):
        yield _mapped(path, entries, start, min(_PART, entries - start))


def _mapped(path: Path, entries: int, start: int, length: int) -> Part:
    if not length:
        return np.empty(0, np.uint64), np.empty(0, np.uint32)
    hashes = np.memmap(path, "<u8", "r", 8 * start, (length,))
    return hashes, np.memmap(path, "<u4", "r", 8 * entries + 4 * start, (length,))


def _find(part: Part, asked: Hashes) -> tuple[Numbers, Hashes]:
    hashes, numbers = part
    low, high = np.searchsorted(asked, hashes[[0, -1]])
    wanted = asked[low : high + 1]
    begin = np.searchsorted(hashes, wanted)
    there = begin < len(hashes)
    wanted, begin = wanted[there], begin[there]
    there = hashes[begin] == wanted
    wanted, begin = wanted[there], begin[there]
    times = np.searchsorted(hashes, wanted, side="right") - begin
    # The places of each: begin, begin + 1, … as often as it stands there.
    places = np.repeat(begin - np.cumsum(times) + times, times) + np.arange(times.sum())
    return np.asarray(numbers[places]), np.repeat(wanted, times)
