"""Sorted files of hashes beside the working file: they tell who has a hash without reading all sketches.

A log-structured merge tree (O'Neil et al. 1996, "The log-structured merge-tree"): ``LEAST`` documents make a file, many
at once a large one, and two neighbours of one size become one of twice that; documents that came later are in no file
yet. A file is never changed: it keeps the numbers of documents that went, and nobody gets such a number again. The
files save time and hold nothing of their own: lost ones are made anew, and a lake has none.
"""

from __future__ import annotations

import uuid
from dataclasses import astuple, dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from tamis.warehouse.duplicates import hash_file
from tamis.warehouse.duplicates.hash_file import Hashes, HashFile

LEAST = 4_096
_LARGEST = 65_536  # documents of a file that is made at once, as its hashes have to be in memory

_FOLDER = """
SELECT path || '.lots' FROM duckdb_databases()
WHERE database_name = current_database() AND type = 'duckdb' AND path <> ''
"""
_DOCUMENTS = """
SELECT number, coalesce(md5_number_lower(site), 0) AS site, text_hash, page
FROM sketched_documents
WHERE number BETWEEN $first AND $last
"""
_HASHES = """
SELECT hash, number :: UINTEGER AS number
FROM (
    SELECT number, coalesce(md5_number_lower(site), 0) AS site, unnest(hashes) AS hash
    FROM sketched_documents
    WHERE number BETWEEN $first AND $last
)
ORDER BY hash, site, number
"""


@dataclass(frozen=True, slots=True)
class HashFiles:
    """The files of a warehouse that are there, from number 1 on without a gap."""

    folder: Path
    files: tuple[HashFile, ...] = ()

    @property
    def last(self) -> int:
        """The number up to which documents are in a file."""
        return self.files[-1].last if self.files else 0

    @property
    def entries(self) -> int:
        """The hashes in all files."""
        return sum(each.entries for each in self.files)

    def having(self, asked: Hashes, sites: Hashes) -> pa.Table:
        """The documents that have one of ``asked`` (ascending) and are of the site beside it (or of ``ANY``)."""
        found = [hash_file.having(self.folder, each, asked, sites) for each in self.files]
        return pa.concat_tables([hash_file.FOUND.empty_table(), *found])


def folder_of(con: duckdb.DuckDBPyConnection) -> Path | None:
    """Where the files of the warehouse that ``con`` writes belong; None where it is no file."""
    return next((Path(folder) for (folder,) in con.execute(_FOLDER).fetchall()), None)


def of(con: duckdb.DuckDBPyConnection) -> HashFiles | None:
    """The files of the warehouse that ``con`` writes; None where it is no file.

    reads: sketch_lots
    """
    folder = folder_of(con)
    if folder is None:
        return None
    files = []
    for row in con.execute("SELECT file, first, last, entries FROM sketch_lots ORDER BY first").fetchall():
        each = HashFile(*row)
        file = folder / each.name
        if not file.exists() or file.stat().st_size != each.size:  # lost, or of an older tamis, which wrote others
            break
        files.append(each)
    return HashFiles(folder, tuple(files))


def settle(con: duckdb.DuckDBPyConnection) -> None:
    """Makes files of the documents that came, once there are enough.

    Inside the transaction of the load: files that it leaves behind when it is rolled back are removed by the next.

    reads: sketched_documents
    writes: sketch_lots
    """
    there = of(con)
    if there is None:
        return
    newest = con.execute("SELECT coalesce(max(number), 0) FROM sketched_documents").fetchall()[0][0]
    if newest - there.last < LEAST:
        return
    there.folder.mkdir(exist_ok=True)
    files = list(there.files)
    _remove(there.folder, keep={each.name for each in files})
    while newest - (last := files[-1].last if files else 0) >= LEAST:
        size = min(_power(newest - last), files[-1].documents if files else _LARGEST, _LARGEST)
        files.append(_made(con, there.folder, last + 1, last + size))
        while len(files) > 1 and files[-1].documents == files[-2].documents:
            files[-2:] = [hash_file.merged(there.folder, *files[-2:])]
            _remove(there.folder, keep={each.name for each in (*there.files, *files)})
    con.execute("DELETE FROM sketch_lots")
    con.executemany("INSERT INTO sketch_lots VALUES (?, ?, ?, ?)", [astuple(each) for each in files])


def _remove(folder: Path, keep: set[str]) -> None:
    """Removes files that no transaction, committed or not, names any more."""
    for file in folder.iterdir():
        if file.name not in keep:
            file.unlink()


def _power(documents: int) -> int:
    """The greatest file, of ``LEAST`` doubled so many times, that so many documents fill."""
    return LEAST << (documents // LEAST).bit_length() - 1


def _made(con: duckdb.DuckDBPyConnection, folder: Path, first: int, last: int) -> HashFile:
    """A file of documents that are in none.

    reads: sketched_documents
    """
    span = {"first": first, "last": last}
    there = con.sql(_DOCUMENTS, params=span).to_arrow_table()
    documents = np.zeros((3, last - first + 1), np.uint64)
    documents[:, there["number"].to_numpy() - first] = [there[name] for name in ("site", "text_hash", "page")]
    found = con.sql(_HASHES, params=span).to_arrow_table()
    part = found["hash"].to_numpy(), found["number"].to_numpy()
    return hash_file.write(folder, HashFile(uuid.uuid4().hex, first, last, len(found)), documents, iter([part]))
