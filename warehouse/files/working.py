"""The working file: found, made, or taken over from where the first edition of tamis had it.

All of this happens while the lock of writers is held, and can be cut off at any moment.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from tamis.cleaners.errors import RetryLater, StopRun
from tamis.warehouse import migrations
from tamis.warehouse.files import ledger, snapshots
from tamis.warehouse.files.lock import Waiting
from tamis.warehouse.files.paths import Files

Connect = Callable[[str], duckdb.DuckDBPyConnection]

# The format is one that DuckDB 1.5 and 2.0 both read and write, and that compresses long text. Each checkpoint
# writes the last group of rows of a table anew, and texts are dear to compress: with DuckDB's 122,880 rows a group,
# each small load would cost many seconds of CPU.
_CREATE = "ATTACH '{path}' AS warehouse (STORAGE_VERSION 'v1.5.0', ROW_GROUP_SIZE 2048)"
_ATTACH = "ATTACH '{path}' AS warehouse (ROW_GROUP_SIZE 2048)"
# Beyond it DuckDB writes to its temporary folder; without it, it would keep whatever it read in memory.
MEMORY = 450  # MB that a writer takes
# Where DuckDB 2.0 is to keep the order of rows, which says nothing here, it loses sight of what one transaction adds to
# a table behind an insert of no rows: more than a group of rows is not found until the transaction has ended.
_WRITER = {
    "memory_limit": f"{MEMORY}MB",
    "python_enable_replacements": "false",
    "preserve_insertion_order": "false",
}
_LOCKED = "Could not set lock on file"
_HOLDER = re.compile(r"held in (?P<program>.+?) \(PID (?P<pid>\d+)\)")
_log = logging.getLogger(__name__)


def prepare(files: Files, deadline: float) -> None:
    """Sees to it that there is a working file, which may still have to be migrated.

    Raises StopRun where what lies at the path of the warehouse is none, and is left as it was.
    """
    if files.unlinked:
        _take_over(files, deadline)
    elif not files.working.exists() and (files.numbered() or files.path.is_symlink()):
        raise StopRun(gone(files))
    elif not files.working.exists():
        _create(files)
    elif not files.path.exists() and files.numbered():
        _log.warning("%s was gone; it comes back from %s. To start anew, remove both", files.path, files.folder)


def connect(files: Files, deadline: float) -> duckdb.DuckDBPyConnection:
    """The working file, open for writing; what a killed writer left in its WAL is in the file.

    Raises StopRun for a file that is no warehouse, is of a newer tamis, or has lost what was committed;
    RetryLater where another program holds it until ``deadline``.
    """
    con = patiently(lambda file: _attach(file, _ATTACH), files.working, deadline)
    try:
        migrations.check(con)
        # Before anything else happens to it: see Pitfalls in the README.
        con.execute("CHECKPOINT")
        if migrations.schema_version(con):
            ledger.check(con, files)
    except BaseException:
        con.close()
        raise
    return con


def patiently(connect: Connect, path: Path, deadline: float) -> duckdb.DuckDBPyConnection:
    """Opens a file; tries until ``deadline`` while another process holds it.

    Raises RetryLater naming that process, StopRun where the file is no database that DuckDB can open.
    """
    waiting = Waiting(deadline)
    while True:
        try:
            return connect(str(path))
        except duckdb.Error as error:
            if _LOCKED not in str(error):
                raise StopRun(_unusable(path, error)) from error
            busy = _busy(path, error)
            if not waiting.goes_on(busy):
                raise RetryLater(
                    f"{busy}; close it there (a DuckDB shell, a notebook, a viewer) and run again"
                ) from error


def now() -> datetime:
    """The time as the warehouse keeps it: UTC without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)


def gone(files: Files) -> str:
    """What to say where there is a snapshot and no working file."""
    return (
        f"the working file of {files.path} is gone; bring back what was published:"
        f" tamis doctor --repair -w {files.path}"
    )


def is_of_the_file(error: duckdb.Error) -> bool:
    """Whether DuckDB complains of the file or the disk, and not of what it was asked. On 2.0 damage has no type."""
    return type(error) is duckdb.Error or isinstance(
        error, duckdb.OperationalError | duckdb.FatalException | duckdb.InternalException
    )


def first_line(error: duckdb.Error) -> str:
    """What DuckDB says, without the stack trace that may follow."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def _create(files: Files) -> None:
    """Makes an empty working file under another name and moves it there, so that a kill leaves no half file."""
    stale = files.path.with_name(files.path.name + ".wal")
    if stale.exists():
        raise StopRun(f"{stale} belongs to a warehouse that is gone; move it away, then run again")
    unfinished = files.working.with_name("new.duckdb")
    files.folder.mkdir(exist_ok=True)
    for leftover in (unfinished, unfinished.with_name("new.duckdb.wal"), files.wal):
        leftover.unlink(missing_ok=True)
    con = patiently(lambda file: _attach(file, _CREATE), unfinished, time.monotonic())
    try:
        migrations.migrate(con, now())
    finally:
        con.close()
    unfinished.replace(files.working)


def _take_over(files: Files, deadline: float) -> None:
    """Makes the file at ``files.path`` the working file, and has readers see a snapshot of it instead."""
    taken = files.working.exists() and files.working.samefile(files.path)  # and then it was killed
    if files.working.exists() and not taken:
        raise StopRun(
            f"{files.path} is a file of its own, but there is a working file in {files.folder} too. To go on with the"
            f" file, move {files.folder} away; to go on with the working file, move {files.path} away; then run again"
        )
    con = patiently(lambda file: _attach(file, _ATTACH), files.path, deadline)
    try:
        migrations.check(con)
        con.execute("CHECKPOINT")
    finally:
        con.close()
    files.folder.mkdir(exist_ok=True)
    if not taken:
        files.wal.unlink(missing_ok=True)
        _second_name(files)
    snapshots.make(files)


def _second_name(files: Files) -> None:
    try:
        files.working.hardlink_to(files.path)
    except OSError:  # a file system without hard links: readers miss the file until it is published
        files.path.rename(files.working)


def _attach(file: str, statement: str) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(config={**_WRITER, "temp_directory": f"{file}.tmp"})
    try:
        con.execute(statement.format(path=file.replace("'", "''")))  # DuckDB 1.5 binds no value here
        con.execute("USE warehouse")
    except BaseException:
        con.close()
        raise
    return con


def _busy(path: Path, error: duckdb.Error) -> str:
    holder = _HOLDER.search(str(error))
    who = f"process {holder['pid']} ({holder['program']})" if holder else "another process"
    return f"{path} is open in {who}"


def _unusable(path: Path, error: duckdb.Error) -> str:
    reason = first_line(error)
    if "not a valid DuckDB database" in reason:
        return f"{path} is not a DuckDB database; give another file for the warehouse"
    if "version number" in reason:
        return f"{path} was written by a newer DuckDB than {duckdb.__version__}; upgrade duckdb ({reason})"
    if "Permission denied" in reason:
        return f"{path} may not be opened; mend its rights (chmod u+rw), or give another file for the warehouse"
    return f"{path} cannot be opened: {reason}"
