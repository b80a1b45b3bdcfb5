"""Examining a warehouse, and mending what can be mended without risk: nothing is ever deleted that was committed."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import duckdb

from tamis.cleaners.errors import RetryLater, StopRun
from tamis.warehouse import invariants, migrations
from tamis.warehouse.address import Address, Lake
from tamis.warehouse.connection import open_reader, open_working_reader
from tamis.warehouse.files import ledger, lock, paths, publishing, snapshots
from tamis.warehouse.files.paths import Files

_PATIENCE = 10.0  # seconds that a run under way is waited for
_FAILING = "SELECT count(*), min(name) FROM sources_health WHERE state = 'failing'"


class Level(StrEnum):
    """How much a finding matters."""

    FINE = "fine"
    NOTE = "note"
    PROBLEM = "PROBLEM"
    MENDED = "mended"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and what is to be done about it where anything is."""

    level: Level
    what: str
    remedy: str = ""


def examine(path: Address) -> Iterator[Finding]:
    """Looks at the files of a warehouse and at what stands in them; nothing is written."""
    if isinstance(path, Lake):
        yield from _newest_state(path, None)
        return
    files = paths.of(path)
    if not paths.exists(path):
        yield Finding(Level.NOTE, f"there is no warehouse at {files.path} yet", "tamis ingest PATH makes one")
        return
    yield from _newest_state(files.path, files)
    yield from _published(files)
    yield from _beside(files)


def mend(path: Address, first: Callable[[duckdb.DuckDBPyConnection], object] = lambda _: None) -> Iterator[Finding]:
    """Does what is safe, and says what it did: brings back a working file, sets a stray log aside, publishes.

    ``first`` is done before that, as ``publishing.upgrade`` does.

    Raises RetryLater where a run is under way, StopRun where nothing sound is left to go on with.
    """
    if isinstance(path, Lake):
        return
    files = paths.of(path)
    if not paths.exists(path):
        return
    with lock.hold(files.lock, time.monotonic() + _PATIENCE):
        if stray := _stray(files):
            yield Finding(Level.MENDED, f"{stray.name} belongs to no file of today: it is {_aside(stray).name} now")
        if not files.unlinked and (damage := _damage(files)):
            yield _bring_back(files, damage)
        if not files.unlinked and _reads(files):
            snapshots.make(files)
            yield Finding(Level.MENDED, "a new copy was published in files of one that cannot be read")
    if publishing.upgrade(path, first):
        yield Finding(Level.MENDED, "what was committed last is published")


def _newest_state(path: Address, files: Files | None) -> Iterator[Finding]:
    try:
        with open_working_reader(path, wait=2) as con:
            yield from _contents(con, files)
    except RetryLater as error:
        yield Finding(Level.NOTE, f"not looked into: {error}")
    except StopRun as error:
        yield Finding(Level.PROBLEM, str(error), "see --repair: it brings back what was published last")


def _contents(con: duckdb.DuckDBPyConnection, files: Files | None) -> Iterator[Finding]:
    version, newest = migrations.schema_version(con), migrations.newest()
    if version < newest:
        yield Finding(Level.PROBLEM, f"it has schema {version}, this tamis has {newest}", "tamis publish")
    damaged = list(invariants.unreadable(con))
    yield from (Finding(Level.PROBLEM, f"cannot be read: {column}") for column in damaged)
    if damaged:
        return
    if files and (lost := ledger.missing(con, files.ledger)):
        yield Finding(Level.PROBLEM, f"documents are lost: {lost}", "see --repair")
    if version < newest:
        return
    wrong = list(invariants.broken(con))
    for each in wrong:
        yield Finding(
            Level.PROBLEM,
            f"{each.rows:,} rows break this: {each.sentence} (as {each.example})",
            "another program has written to it: bring back a backup, or ingest again into a new warehouse",
        )
    if not wrong:
        documents = con.execute("SELECT count(*) FROM raw_documents").fetchall()[0][0]
        yield Finding(
            Level.FINE, f"{documents:,} raw documents, every column read, {len(invariants.checks())} invariants hold"
        )
    failing, name = con.execute(_FAILING).fetchall()[0]
    if failing:
        yield Finding(Level.NOTE, f"{failing} sources are failing ({name})", 'tamis sql "FROM sources_health"')


def _published(files: Files) -> Iterator[Finding]:
    if files.unlinked:
        yield Finding(Level.NOTE, "made by the first edition of tamis; the next run, or tamis publish, takes it over")
        return
    if files.snapshot is None or not files.snapshot.exists():
        yield Finding(Level.PROBLEM, "readers find nothing: it was never published, or removed", "tamis publish")
        return
    damage = _reads(files)
    if damage:
        yield Finding(Level.PROBLEM, f"what readers open is damaged: {damage}", "see --repair: it publishes a new copy")
    elif not publishing.is_behind(files.path):
        yield Finding(Level.FINE, f"published: readers see the newest state ({files.snapshot.parent.name})")
    else:
        yield Finding(
            Level.PROBLEM, "readers do not see the newest state", "tamis publish, or wait for the run under way"
        )


def _beside(files: Files) -> Iterator[Finding]:
    if stray := _stray(files):
        yield Finding(Level.PROBLEM, f"{stray} is the log of a file that is gone", "see --repair: it is set aside")
    free, size = (
        shutil.disk_usage(files.path.parent).free,
        files.working.stat().st_size if files.working.exists() else 0,
    )
    if free < 2 * size:
        yield Finding(Level.NOTE, f"{free / 1e6:,.0f} MB are free, the warehouse has {size / 1e6:,.0f}", "make room")


def _stray(files: Files) -> Path | None:
    """A log beside the link; that of the file it leads to would lie beside the file."""
    log = files.path.with_name(f"{files.path.name}.wal")
    return log if files.path.is_symlink() and log.exists() else None


def _reads(files: Files) -> str | None:
    """What is wrong with the snapshot, if anything; one that somebody holds is not looked into."""
    if files.snapshot is None or not files.snapshot.exists():
        return None
    try:
        with open_reader(files.path, any_schema=True) as con:
            return next(invariants.unreadable(con), None)
    except RetryLater:
        return None
    except StopRun as error:
        return str(error)


def _damage(files: Files) -> str | None:
    """What is wrong with the working file, if it is lost or damaged."""
    if not files.working.exists():
        return "it is gone"
    try:
        with open_working_reader(files.path, wait=2) as con:
            return next(invariants.unreadable(con), None) or ledger.missing(con, files.ledger)
    except StopRun as error:
        return str(error)


def _bring_back(files: Files, damage: str) -> Finding:
    """Goes on with a copy of the snapshot, if that is sound; the damaged file is kept, and so is its ledger."""
    snapshot = files.snapshot
    wrong = _reads(files) if snapshot and snapshot.exists() else "there is none"
    if snapshot is None or wrong:
        raise StopRun(
            f"{files.working} is damaged ({damage}), and what readers open is no help ({wrong});"
            " bring back a backup, or ingest again into a new warehouse"
        )
    fresh = files.working.with_name("new.duckdb")
    shutil.copyfile(snapshot, fresh)
    kept = [_aside(file) for file in (files.wal, files.working) if file.exists()]
    fresh.replace(files.working)
    kept += [_aside(file) for file in (files.ledger,) if file.exists()]  # last: until then, a kill is found out
    return Finding(
        Level.MENDED,
        f"the working file was damaged ({damage}): it is now what was published last; the damaged one is kept"
        f" ({', '.join(file.name for file in kept)}). Run again what was loaded since",
    )


def _aside(file: Path) -> Path:
    return file.rename(file.with_name(f"{file.name}.{time.strftime('%Y%m%dT%H%M%S')}"))
