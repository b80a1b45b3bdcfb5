"""Opening a warehouse: one writer at a time, who queues politely; readers who can only read.

DuckDB lets one process write or many read. A writer therefore first takes ``<warehouse>.lock`` (by flock,
so that a killed process leaves none behind), and holds the file itself for as short as it can.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from cleaners.errors import RetryLater, StopRun
from warehouse import lock, migrations

Config = dict[str, str | bool | int | float | list[str]]
Connect = Callable[[str], duckdb.DuckDBPyConnection]

# The format is one that DuckDB 1.5 and 2.0 both read and write, and that compresses long text. Each checkpoint
# writes the last group of rows of a table anew, and texts are dear to compress: with DuckDB's 122,880 rows a group,
# each small load would cost many seconds of CPU.
_CREATE = "ATTACH '{path}' AS warehouse (STORAGE_VERSION 'v1.5.0', ROW_GROUP_SIZE 2048)"
_ATTACH = "ATTACH '{path}' AS warehouse (ROW_GROUP_SIZE 2048)"
# Read-only alone is no sandbox: SQL could still read any file, write with COPY, load extensions, and read
# the variables of this program.
_READER = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "python_enable_replacements": "false",
}
_PAUSE = 0.1  # seconds between two attempts at a file that another process holds
_LOCKED = "Could not set lock on file"
_HOLDER = re.compile(r"held in (?P<program>.+?) \(PID (?P<pid>\d+)\)")


@contextmanager
def open_writer(path: Path, *, wait: float = 60.0) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse at ``path``, open for writing by this process alone, with the schema of this program.

    A warehouse that is not there is created, its folder too; it appears under its name only when it is
    complete. A second writer waits up to ``wait`` seconds.

    Raises RetryLater when another process still holds the warehouse then, naming it; StopRun when the file
    is no warehouse, is of a newer tamis or cannot be written. In each case the file is left as it was.
    """
    path = path.resolve()
    deadline = time.monotonic() + wait
    _make_folder(path)
    with lock.hold(path.with_name(path.name + ".lock"), deadline):
        if not path.exists() or path.stat().st_size == 0:
            _create(path)
        con = _patiently(lambda file: _attach(file, _ATTACH), path, deadline)
        try:
            migrations.check(con)
            # What a killed writer left in the WAL goes into the file before anything else happens to it.
            con.execute("CHECKPOINT")
            migrations.migrate(con, _now())
            yield con
        finally:
            con.close()


@contextmanager
def open_reader(path: Path, *, memory_limit: str = "2GB", wait: float = 10.0) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse at ``path``, read-only, and safe for SQL that somebody typed.

    Such SQL cannot read or write other files, load extensions, see variables of this program or change
    these settings. ``memory_limit`` is DuckDB's (``'512MB'``). A reader waits up to ``wait`` seconds for a
    writer to finish.

    Raises StopRun when there is no warehouse or the file is none; RetryLater when a writer holds it still.
    """
    path = path.resolve()
    if not path.exists():
        raise StopRun(f"there is no warehouse at {path}; make one with: tamis ingest PATH --warehouse {path}")
    config: Config = {**_READER, "memory_limit": memory_limit}
    con = _patiently(lambda file: duckdb.connect(file, read_only=True, config=config), path, time.monotonic() + wait)
    try:
        migrations.check(con)
        # Connections of one process to one file share their settings: another thread may have locked them already.
        with suppress(duckdb.InvalidInputException):
            con.execute("SET lock_configuration = true")
        yield con
    finally:
        con.close()


open_working_reader = open_reader  # what a run must know of the newest state, whatever others are shown


def _create(path: Path) -> None:
    """Makes an empty warehouse beside ``path`` and moves it there, so that a kill leaves no half file."""
    wal = path.with_name(path.name + ".wal")
    if wal.exists():
        raise StopRun(f"{wal} belongs to a warehouse that is gone; move it away, then run again")
    unfinished = path.with_name(path.name + ".new")
    for leftover in (unfinished, path.with_name(path.name + ".new.wal")):
        leftover.unlink(missing_ok=True)
    con = _patiently(lambda file: _attach(file, _CREATE), unfinished, time.monotonic())
    try:
        migrations.migrate(con, _now())
    finally:
        con.close()
    unfinished.replace(path)


def _attach(file: str, statement: str) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(config={"temp_directory": f"{file}.tmp", "python_enable_replacements": "false"})
    try:
        con.execute(statement.format(path=file.replace("'", "''")))  # DuckDB 1.5 binds no value here
        con.execute("USE warehouse")
    except BaseException:
        con.close()
        raise
    return con


def _patiently(connect: Connect, path: Path, deadline: float) -> duckdb.DuckDBPyConnection:
    """Tries until ``deadline`` while another process holds the file."""
    while True:
        try:
            return connect(str(path))
        except duckdb.Error as error:
            if _LOCKED not in str(error):
                raise StopRun(_unusable(path, error)) from error
            if time.monotonic() >= deadline:
                raise RetryLater(_busy(path, error)) from error
        time.sleep(_PAUSE)


def _busy(path: Path, error: duckdb.Error) -> str:
    holder = _HOLDER.search(str(error))
    who = f"process {holder['pid']} ({holder['program']})" if holder else "another process"
    return f"{path} is open in {who}; close it there (a DuckDB shell, a notebook, a viewer) and run again"


def _unusable(path: Path, error: duckdb.Error) -> str:
    reason = str(error).strip().splitlines()[0]
    if "not a valid DuckDB database" in reason:
        return f"{path} is not a DuckDB database; give another file for the warehouse"
    if "version number" in reason:
        return f"{path} was written by a newer DuckDB than {duckdb.__version__}; upgrade duckdb ({reason})"
    return f"{path} cannot be opened: {reason}"


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StopRun(f"cannot make the folder {path.parent} for the warehouse: {error.strerror}") from error


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
