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
from tamis.warehouse.files.paths import Place

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
    place = paths.of(path)
    if not paths.exists(path):
        yield Finding(Level.NOTE, f"there is no warehouse at {place.path} yet", "tamis ingest PATH makes one")
        return
    yield from _newest_state(place.path, place)
    yield from _published(place)
    yield from _beside(place)


def mend(path: Address, first: Callable[[duckdb.DuckDBPyConnection], object] = lambda _: None) -> Iterator[Finding]:
    """Does what is safe, and says what it did: brings back a working file, sets a stray log aside, publishes.

    ``first`` is done before that, as ``publishing.upgrade`` does.

    Raises RetryLater where a run is under way, StopRun where nothing sound is left to go on with.
    """
    if isinstance(path, Lake):
        return
    place = paths.of(path)
    if not paths.exists(path):
        return
    with lock.hold(place.lock, time.monotonic() + _PATIENCE):
        if stray := _stray(place):
            yield Finding(Level.MENDED, f"{stray.name} belongs to no file of today: it is {_aside(stray).name} now")
        if not place.unlinked and (damage := _damage(place)):
            yield _bring_back(place, damage)
        if not place.unlinked and _reads(place):
            snapshots.make(place)
            yield Finding(Level.MENDED, "a new copy was published in place of one that cannot be read")
    if publishing.upgrade(path, first):
        yield Finding(Level.MENDED, "what was committed last is published")


def _newest_state(path: Address, place: Place | None) -> Iterator[Finding]:
    try:
        with open_working_reader(path, wait=2) as con:
            yield from _contents(con, place)
    except RetryLater as error:
        yield Finding(Level.NOTE, f"not looked into: {error}")
    except StopRun as error:
        yield Finding(Level.PROBLEM, str(error), "see --repair: it brings back what was published last")


def _contents(con: duckdb.DuckDBPyConnection, place: Place | None) -> Iterator[Finding]:
    version, newest = migrations.schema_version(con), migrations.newest()
    if version < newest:
        yield Finding(Level.PROBLEM, f"it has schema {version}, this tamis has {newest}", "tamis publish")
    damaged = list(invariants.unreadable(con))
    yield from (Finding(Level.PROBLEM, f"cannot be read: {column}") for column in damaged)
    if damaged:
        return
    if place and (lost := ledger.missing(con, place.ledger)):
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


def _published(place: Place) -> Iterator[Finding]:
    if place.unlinked:
        yield Finding(Level.NOTE, "made by the first edition of tamis; the next run, or tamis publish, takes it over")
        return
    if place.snapshot is None or not place.snapshot.exists():
        yield Finding(Level.PROBLEM, "readers find nothing: it was never published, or removed", "tamis publish")
        return
    damage = _reads(place)
    if damage:
        yield Finding(Level.PROBLEM, f"what readers open is damaged: {damage}", "see --repair: it publishes a new copy")
    elif not publishing.is_behind(place.path):
        yield Finding(Level.FINE, f"published: readers see the newest state ({place.snapshot.parent.name})")
    else:
        yield Finding(
            Level.PROBLEM, "readers do not see the newest state", "tamis publish, or wait for the run under way"
        )


def _beside(place: Place) -> Iterator[Finding]:
    if stray := _stray(place):
        yield Finding(Level.PROBLEM, f"{stray} is the log of a file that is gone", "see --repair: it is set aside")
    free, size = (
        shutil.disk_usage(place.path.parent).free,
        place.working.stat().st_size if place.working.exists() else 0,
    )
    if free < 2 * size:
        yield Finding(Level.NOTE, f"{free / 1e6:,.0f} MB are free, the warehouse has {size / 1e6:,.0f}", "make room")


def _stray(place: Place) -> Path | None:
    """A log beside the link; that of the file it leads to would lie beside the file."""
    log = place.path.with_name(f"{place.path.name}.wal")
    return log if place.path.is_symlink() and log.exists() else None


def _reads(place: Place) -> str | None:
    """What is wrong with the snapshot, if anything; one that somebody holds is not looked into."""
    if place.snapshot is None or not place.snapshot.exists():
        return None
    try:
        with open_reader(place.path, any_schema=True) as con:
            return next(invariants.unreadable(con), None)
    except RetryLater:
        return None
    except StopRun as error:
        return str(error)


def _damage(place: Place) -> str | None:
    """What is wrong with the working file, if it is lost or damaged."""
    if not place.working.exists():
        return "it is gone"
    try:
        with open_working_reader(place.path, wait=2) as con:
            return next(invariants.unreadable(con), None) or ledger.missing(con, place.ledger)
    except StopRun as error:
        return str(error)


def _bring_back(place: Place, damage: str) -> Finding:
    """Goes on with a copy of the snapshot, if that is sound; the damaged file is kept, and so is its ledger."""
    snapshot = place.snapshot
    wrong = _reads(place) if snapshot and snapshot.exists() else "there is none"
    if snapshot is None or wrong:
        raise StopRun(
            f"{place.working} is damaged ({damage}), and what readers open is no help ({wrong});"
            " bring back a backup, or ingest again into a new warehouse"
        )
    fresh = place.working.with_name("new.duckdb")
    shutil.copyfile(snapshot, fresh)
    kept = [_aside(file) for file in (place.wal, place.working) if file.exists()]
    fresh.replace(place.working)
    kept += [_aside(file) for file in (place.ledger,) if file.exists()]  # last: until then, a kill is found out
    return Finding(
        Level.MENDED,
        f"the working file was damaged ({damage}): it is now what was published last; the damaged one is kept"
        f" ({', '.join(file.name for file in kept)}). Run again what was loaded since",
    )


def _aside(file: Path) -> Path:
    return file.rename(file.with_name(f"{file.name}.{time.strftime('%Y%m%dT%H%M%S')}"))
