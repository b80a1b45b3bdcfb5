"""Opening a warehouse: one writer at a time, who queues politely; readers who can only read and never wait.

DuckDB lets one process write a file or many read it. So writers have a working file, and readers open the
snapshot of it that was published last (``warehouse.files.publishing``); ``warehouse.files.paths`` says where both lie.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from tamis.cleaners.errors import RetryLater, StopRun
from tamis.warehouse import migrations
from tamis.warehouse.address import Address, Lake
from tamis.warehouse.files import ledger, lock, paths, working
from tamis.warehouse.files.paths import Files
from tamis.warehouse.lake import ducklake

Config = dict[str, str | bool | int | float | list[str]]

# Read-only alone is no sandbox: SQL could still read any file, write with COPY, load extensions, and read
# the variables of this program.
_READER: Config = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "python_enable_replacements": "false",
    "memory_limit": "2GB",
}
_RETRIES = 5


@contextmanager
def open_writer(path: Address, *, wait: float = 600.0) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse at ``path``, open for writing by this process alone, with the schema of this program.

    What is written is seen by readers once it is published. A warehouse that is not there is created, its
    folder too. A second writer waits up to ``wait`` seconds.

    Raises RetryLater when another process still holds the warehouse then, naming it; StopRun when the file
    is no warehouse, is of a newer tamis, has lost what was committed or cannot be written. In each case the
    file is left as it was.
    """
    if isinstance(path, Lake):
        with ducklake.open_writer(path, wait=wait) as con:
            yield con
        return
    with turn(path, wait) as (files, deadline):
        con = working.connect(files, deadline)
        try:
            migrations.migrate(con, working.now())
            yield con
            ledger.note(con, files)
        except duckdb.Error as error:
            if not working.is_of_the_file(error):
                raise
            raise StopRun(
                f"{files.path} could not be written: {working.first_line(error)}. What was committed before is safe;"
                f" make room in {files.folder}, or mend its rights, and run again"
            ) from error
        finally:
            con.close()


@contextmanager
def open_reader(path: Address, *, wait: float = 10.0, any_schema: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """The state of the warehouse that was published last, read-only, and safe for SQL that somebody typed.

    Such SQL cannot read or write other files, load extensions, see variables of this program or change
    these settings. No run makes a reader wait; where another program has opened the snapshot for writing, the
    working file stands in for it.

    Raises StopRun when there is no warehouse, the file is none, or (unless ``any_schema``) an older tamis
    made it; RetryLater when other programs hold both files longer than ``wait`` seconds.
    """
    if isinstance(path, Lake):
        with ducklake.open_reader(path, any_schema=any_schema) as con:
            yield con
        return
    files = paths.of(path)
    con = _read(files, time.monotonic() + wait)
    try:
        migrations.check(con)
        if not any_schema and migrations.is_behind(con):
            raise StopRun(
                f"{files.path} was made by an older tamis; bring it up to date: tamis publish -w {files.path}"
            )
        _lock_settings(con)
        yield con
    except duckdb.Error as error:
        if not working.is_of_the_file(error):
            raise
        raise StopRun(
            f"{files.path} cannot be read: {working.first_line(error)}; see: tamis doctor -w {files.path}"
        ) from error
    finally:
        con.close()


@contextmanager
def open_working_reader(path: Address, *, wait: float = 60.0) -> Iterator[duckdb.DuckDBPyConnection]:
    """The newest state, published or not, of any schema, for what a run must know before it writes.

    It keeps writers waiting: be short. Raises as ``open_reader`` does.
    """
    if isinstance(path, Lake):
        with ducklake.open_reader(path, any_schema=True) as con:
            yield con
        return
    files = paths.of(path)
    file = files.path if files.unlinked else files.working
    if not file.exists():
        raise StopRun(working.gone(files) if files.path.is_symlink() else _missing(files))
    con = working.patiently(_reading, file, time.monotonic() + wait)
    try:
        migrations.check(con)
        _lock_settings(con)
        yield con
    finally:
        con.close()


@contextmanager
def turn(path: Path, wait: float = 600.0) -> Iterator[tuple[Files, float]]:
    """The warehouse at ``path``, with its lock of writers held and its working file made.

    With it comes the end of patience, for what else must be waited for. Raises as ``open_writer`` does.
    """
    files, deadline = paths.of(path), time.monotonic() + wait
    _make_folder(files.path)
    with lock.hold(files.lock, deadline):
        working.prepare(files, deadline)
        yield files, deadline


def _read(files: Files, deadline: float) -> duckdb.DuckDBPyConnection:
    """The snapshot; or, where somebody shuts others out of it, the working file."""
    for _ in range(_RETRIES):
        if not files.path.exists():
            if files.working.exists() or files.path.is_symlink():
                raise StopRun(
                    f"{files.path} has not been published yet; publish it with: tamis publish -w {files.path}"
                )
            raise StopRun(_missing(files))
        file = files.snapshot or files.path  # not the link: DuckDB would show a process the state it opened first
        try:
            return _either(file, files, deadline)
        except StopRun:
            if file.exists():
                raise
        # Published twice between our looking and our opening: look again.
    raise RetryLater(f"{files.path} changes faster than it can be opened; try again")


def _either(file: Path, files: Files, deadline: float) -> duckdb.DuckDBPyConnection:
    alone = files.unlinked
    try:
        return working.patiently(_reading, file, deadline if alone else time.monotonic())
    except RetryLater:
        if alone:
            raise
    return working.patiently(_reading, files.working, deadline)


def _lock_settings(con: duckdb.DuckDBPyConnection) -> None:
    # Connections of one process to one file share their settings: another thread may have locked them already.
    with suppress(duckdb.InvalidInputException):
        con.execute("SET lock_configuration = true")


def _reading(file: str) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(file, read_only=True, config=_READER)


def _missing(files: Files) -> str:
    return f"there is no warehouse at {files.path}; make one with: tamis ingest PATH --warehouse {files.path}"


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StopRun(f"cannot make the folder {path.parent} for the warehouse: {error.strerror}") from error
