"""Publishing: what the runs have committed becomes what readers see, from one moment to the next."""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from tamis.cleaners.errors import StopRun
from tamis.warehouse.address import Address, Lake
from tamis.warehouse.connection import open_writer, turn
from tamis.warehouse.files import paths, snapshots, working


def publish(path: Address) -> bool:
    """Has readers of the warehouse at ``path`` see the newest state; False where they see it already.

    To be called after the last commit of a run. A run that was killed before it came to that is published
    with the next one. Who reads meanwhile goes on reading the state that was opened.

    Raises RetryLater where another process writes for longer than ten minutes, StopRun as
    ``snapshots.make`` and ``open_writer`` do: readers then see what they saw before.
    """
    if isinstance(path, Lake):
        return False  # each commit is seen at once
    if not paths.exists(path):
        raise StopRun(f"there is no warehouse at {path} to publish; make one with: tamis ingest PATH -w {path}")
    with turn(path) as (files, deadline):
        if snapshots.is_newest(files):
            return False
        working.connect(files, deadline).close()  # what is left in the WAL goes into the file
        snapshots.make(files)
        return True


def upgrade(path: Address, first: Callable[[duckdb.DuckDBPyConnection], object] = lambda _: None) -> bool:
    """Brings the warehouse at ``path`` to the schema of this program, does ``first``, and publishes it.

    Gives and raises what ``publish`` does.
    """
    if isinstance(path, Lake) or paths.exists(path):
        with open_writer(path) as con:
            first(con)
    return publish(path)


def is_behind(path: Address) -> bool:
    """Whether something was committed that readers do not see yet: by a run under way, or one that was killed."""
    if isinstance(path, Lake):
        return False
    files = paths.of(path)
    return files.working.exists() and not snapshots.is_newest(files)
