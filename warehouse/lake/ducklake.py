"""A warehouse as a lake: DuckLake with its catalog in PostgreSQL, so that several machines share one corpus.

The catalog gives every reader one consistent snapshot and every commit all or nothing. It does not order loads: two
that add rows to one table both succeed, though neither has seen the other's documents. Writers therefore take turns
here too, by an advisory lock of PostgreSQL that ends with its session; what costs time, cleaning, needs no turn.
"""

from __future__ import annotations

import os
import re
import socket
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from tamis.cleaners.errors import RetryLater, StopRun
from tamis.warehouse import migrations
from tamis.warehouse.address import Lake, hide_secrets, workplace
from tamis.warehouse.files.lock import Waiting
from tamis.warehouse.lake import buckets, dialect, extensions
from tamis.warehouse.lake.literals import quoted

EXTENSIONS = ("postgres_scanner", "httpfs", "ducklake")
CONFLICT = "Transaction conflict"
"""What DuckLake says when a commit would undo what another one has done since it began."""
_LOCKS = 0x74616D69  # the first half of every lock of ours: "tami"
_ABSENT = "creating a new DuckLake is explicitly disabled"
_PASSING = re.compile(
    "Connection refused|could not translate host|timeout expired|starting up|shutting down|too many clients"
    "|connection slots|closed the connection|No route to host|Network is unreachable"
)
_HOLDER = (
    "SELECT a.application_name FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)"
    " WHERE l.locktype = ''advisory'' AND l.granted AND l.classid = {group} AND l.objid = {key}"
)


@contextmanager
def open_writer(lake: Lake, *, wait: float = 600.0) -> Iterator[duckdb.DuckDBPyConnection]:
    """The lake, open for writing by this process alone, with the schema of this program; made where it is not there.

    Raises RetryLater when another process writes still after ``wait`` seconds, the server or the data cannot be
    reached, or a program that is not tamis has changed the same rows meanwhile; StopRun when the lake cannot be used.
    """
    with hold(lake, "write", time.monotonic() + wait, f"{lake} is being written"):
        con = _open_or_make(lake)
        try:
            _reach_data(con)
            # In one transaction, since readers do not wait: none shall see tables without the views on them.
            with migrations.transaction(con):
                migrations.check(con)
                now = datetime.now(UTC).replace(tzinfo=None)
                migrations.migrate(con, now, adapt=dialect.of_lake, step=nullcontext)
            yield con
        except (duckdb.TransactionException, duckdb.IOException) as error:
            raise _failed(lake, error) from error
        finally:
            con.close()


@contextmanager
def open_reader(lake: Lake, *, any_schema: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """One snapshot of the lake, read-only; no writer delays it.

    SQL that somebody typed can read no file but the lake's and change no table. What it may do to the server and
    to the files of the lake is for PostgreSQL's roles and the rights on the folder to say.

    Raises StopRun when there is no warehouse or (unless ``any_schema``) an older tamis made it; RetryLater when the
    server or the data cannot be reached.
    """
    con = _attach(lake, "READ_ONLY")
    if con is None:
        raise StopRun(_nothing_at(lake))
    try:
        con.execute("BEGIN")
        version = migrations.schema_version(con)
        if not version:
            raise StopRun(_nothing_at(lake))
        migrations.check(con)
        if not any_schema and version < migrations.newest():
            raise StopRun(f"{lake} was made by an older tamis; bring it up to date: tamis publish --warehouse ADDRESS")
        con.execute("SET memory_limit = '2GB'")
        con.execute(f"SET allowed_directories = [{quoted(_reach_data(con))}]")
        con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
        yield con
    except duckdb.IOException as error:
        raise _failed(lake, error) from error
    finally:
        con.close()


def is_made(lake: Lake) -> bool:
    """Whether somebody has loaded into the lake already. Raises as ``open_reader`` does."""
    con = _attach(lake, "READ_ONLY")
    if con is None:
        return False
    try:
        return migrations.schema_version(con) > 0
    finally:
        con.close()


@contextmanager
def hold(lake: Lake, name: str, deadline: float, what: str) -> Iterator[None]:
    """Holds the lock ``name`` of the lake among all machines; waits for it until ``deadline`` (``time.monotonic``).

    PostgreSQL lets go of it when the session ends, however it ends. ``what`` tells in the message what the holder
    does. Raises RetryLater naming the process that holds it.
    """
    con = _connect(lake)
    try:
        _run(con, lake, f"ATTACH {quoted(lake.catalog)} AS turn (TYPE postgres)")
        con.execute("BEGIN")
        _tell(con, f"SET LOCAL application_name = {quoted(f'tamis, process {os.getpid()} on {socket.gethostname()}')}")
        _tell(con, "SET LOCAL idle_in_transaction_session_timeout = 0")
        _wait(con, {"group": _LOCKS, "key": zlib.crc32(name.encode()) & 0x7FFFFFFF}, what, deadline)
        yield
    finally:
        con.close()


def data_path(con: duckdb.DuckDBPyConnection) -> str:
    """Where the Parquet files of the open lake lie."""
    query = "SELECT value FROM ducklake_options('warehouse') WHERE option_name = 'data_path'"
    return str(con.execute(query).fetchall()[0][0])


def size(con: duckdb.DuckDBPyConnection) -> int:
    """Bytes of the Parquet files that the newest state of the open lake is made of."""
    query = "SELECT coalesce(sum(file_size_bytes + delete_file_size_bytes), 0) FROM ducklake_table_info('warehouse')"
    return int(con.execute(query).fetchall()[0][0])


def _failed(lake: Lake, error: duckdb.Error) -> RetryLater:
    if CONFLICT in str(error):
        return RetryLater(f"{lake} was changed by another program meanwhile; run again")
    reason = hide_secrets(str(error)).strip().splitlines()[0]
    return RetryLater(f"{lake} failed: {reason}; see that its server and its data can be reached, and run again")


def _nothing_at(lake: Lake) -> str:
    return f"there is no warehouse at {lake}; make one with: tamis ingest PATH --warehouse ADDRESS"


def _wait(con: duckdb.DuckDBPyConnection, lock: dict[str, int], what: str, deadline: float) -> None:
    attempt = "SELECT pg_try_advisory_xact_lock({group}, {key})".format(**lock)
    waiting = Waiting(deadline)
    while not con.execute(f"FROM postgres_query('turn', '{attempt}')").fetchall()[0][0]:
        found = con.execute(f"FROM postgres_query('turn', '{_HOLDER.format(**lock)}')").fetchall()
        holder = (found and found[0][0]) or "another process"
        if not waiting.goes_on(f"{what} by {holder}"):
            raise RetryLater(f"{what} by {holder}; wait until it is done, or stop it, and run again")


def _tell(con: duckdb.DuckDBPyConnection, statement: str) -> None:
    con.execute(f"CALL postgres_execute('turn', {quoted(statement)})")


def _open_or_make(lake: Lake) -> duckdb.DuckDBPyConnection:
    there = [f"DATA_PATH {quoted(lake.data)}"] if lake.data else []
    con = _attach(lake, *there, "CREATE_IF_NOT_EXISTS false")
    if con is None:
        if not lake.data:
            raise StopRun(f"{lake} is not there yet; say where its data shall go: append ?data=/shared/folder")
        _check_folder(lake.data)
        con = _attach(lake, *there)
    if con is None:
        raise StopRun(f"{lake} could not be made")
    return con


def _reach_data(con: duckdb.DuckDBPyConnection) -> str:
    """Where the data of the open lake lies, which can be read and written from now on."""
    data = data_path(con)
    if data.startswith(buckets.SCHEME):
        buckets.log_in(con, data)
    else:
        _check_folder(data)
    return data


def _check_folder(data: str) -> None:
    """A folder that is not mounted here would else be made anew, and hold data that no other machine finds."""
    if not data.startswith(buckets.SCHEME) and not Path(data).is_dir():
        raise StopRun(f"the lake's folder {data} is not there; mount it, or make it where all machines find it")


def _attach(lake: Lake, *options: str) -> duckdb.DuckDBPyConnection | None:
    """The lake under the name ``warehouse``; None where the catalog has none."""
    con = _connect(lake)
    try:
        _run(con, lake, f"ATTACH {quoted(f'ducklake:postgres:{lake.catalog}')} AS warehouse ({', '.join(options)})")
        con.execute("USE warehouse")
    except BaseException as error:
        con.close()
        if _ABSENT in str(error):
            return None
        raise
    return con


def _connect(lake: Lake) -> duckdb.DuckDBPyConnection:
    return extensions.connect(
        *EXTENSIONS,
        config={
            "temp_directory": str(workplace(lake) / "spill"),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
        },
    )


def _run(con: duckdb.DuckDBPyConnection, lake: Lake, statement: str) -> None:
    try:
        con.execute(statement)
    except duckdb.Error as error:
        said = hide_secrets(str(error)).strip()
        if _ABSENT in said:
            raise
        reason = said.splitlines()[0]
        if _PASSING.search(said):
            raise RetryLater(f"{lake} cannot be reached: {reason}; is the server up? Try again") from error
        raise StopRun(f"{lake} cannot be opened: {reason}") from error
