"""A ledger beside the database of what each commit left in it, so that a loss does not pass for a small corpus.

DuckDB opens a log (WAL) that was cut in half without a word, with half of the commits. The ledger is behind the
file where a writer was killed, never before it: raw documents are only added, so the last line is a floor.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from tamis.cleaners.errors import StopRun
from tamis.warehouse.files.paths import Files

_TAIL = 64 * 1024  # bytes from the end that are sure to hold the last whole line


@dataclass(frozen=True, slots=True)
class Entry:
    """What one commit left: rows of raw documents and runs, and a hash of their keys in any order."""

    at: str
    schema: int
    raw_documents: int
    load_runs: int
    keys: str


def entry(con: duckdb.DuckDBPyConnection, *, since: Entry | None = None) -> Entry:
    """What the database holds now; where ``since`` is given, only what was added to that is looked at.

    Raw documents are only ever added, so those of ``since`` are the first rows of their table.
    """
    schema, documents, runs, added = con.execute(
        "SELECT (SELECT coalesce(max(version), 0) FROM migrations), (SELECT count(*) FROM raw_documents),"
        " (SELECT count(*) FROM load_runs),"
        " (SELECT coalesce(bit_xor(md5_number(raw_key)), 0) :: VARCHAR FROM raw_documents WHERE rowid >= ?)",
        [since.raw_documents if since else 0],
    ).fetchall()[0]
    keys = int(added) ^ int(since.keys) if since else int(added)
    return Entry(datetime.now(UTC).isoformat(timespec="seconds"), schema, documents, runs, str(keys))


def note(con: duckdb.DuckDBPyConnection, files: Files) -> None:
    """Adds a line for what ``con`` has committed, where that is news."""
    before = last(files.ledger)
    now = entry(con, since=before)
    if before is not None and entry_of(before) == entry_of(now):
        return
    with files.ledger.open("ab") as file:
        if file.tell() and not files.ledger.read_bytes().endswith(b"\n"):  # cut by a kill, or by a full disk
            file.write(b"\n")
        file.write(json.dumps(asdict(now)).encode() + b"\n")


def last(file: Path) -> Entry | None:
    """The last whole line of a ledger; None where there is none."""
    try:
        with file.open("rb") as stream:
            stream.seek(max(0, os.fstat(stream.fileno()).st_size - _TAIL))
            lines = stream.read().splitlines()
    except FileNotFoundError:
        return None
    for line in reversed(lines):
        try:
            return Entry(**json.loads(line))
        except (ValueError, TypeError):
            continue
    return None


def missing(con: duckdb.DuckDBPyConnection, file: Path) -> str | None:
    """What the ledger says the database must hold and it does not, in words; None where nothing is missing.

    The hash is compared where the number is that of the ledger: after a kill the file may hold more.
    """
    promised = last(file)
    if promised is None:
        return None
    now = entry(con)
    if now.raw_documents < promised.raw_documents:
        return (
            f"{promised.raw_documents:,} raw documents were committed by {promised.at}, {now.raw_documents:,} are left"
        )
    if now.raw_documents == promised.raw_documents and now.keys != promised.keys:
        return f"its raw documents are not those that were committed by {promised.at}"
    return None


def check(con: duckdb.DuckDBPyConnection, files: Files) -> None:
    """Raises StopRun where the database has lost what was committed, before anything more is written to it."""
    if lost := missing(con, files.ledger):
        raise StopRun(
            f"{files.working} has lost documents: {lost}. Nothing was written. What readers see may still be whole:"
            f" tamis doctor -w {files.path}"
        )


def entry_of(entry: Entry) -> tuple[object, ...]:
    """An entry without its time."""
    return entry.schema, entry.raw_documents, entry.load_runs, entry.keys
