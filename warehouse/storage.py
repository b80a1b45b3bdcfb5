"""What a warehouse has besides its tables, be it a file or a lake: being there, size, turns, writing."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import duckdb

from tamis.warehouse.address import Address, Lake
from tamis.warehouse.connection import open_writer
from tamis.warehouse.files import lock, paths
from tamis.warehouse.lake import ducklake
from tamis.warehouse.migrations import transaction

Result = TypeVar("Result")
Work = Callable[[duckdb.DuckDBPyConnection], Result]
PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds before a write that met a conflict is done again."""


def is_there(address: Address) -> bool:
    """Whether the warehouse was made already. Raises as ``open_reader`` does where a lake cannot be asked."""
    return ducklake.is_made(address) if isinstance(address, Lake) else paths.exists(address)


def size(address: Address, con: duckdb.DuckDBPyConnection) -> int:
    """Bytes of the warehouse at ``address``, open as ``con``: of its file, or of the lake's Parquet files."""
    return ducklake.size(con) if isinstance(address, Lake) else address.stat().st_size


@contextmanager
def turn(address: Address, name: str, what: str) -> Iterator[None]:
    """Holds the turn ``name``, which one process at a time has of those that share the warehouse.

    Raises RetryLater at once where another one has it, naming it and saying that ``what``.
    """
    if isinstance(address, Lake):
        with ducklake.hold(address, name, time.monotonic(), what):
            yield
    else:
        address.parent.mkdir(parents=True, exist_ok=True)
        with lock.hold(address.with_name(f".{address.name}.{name}.lock"), time.monotonic(), what):
            yield


def write(address: Address, work: Work[Result], *, first: Work[object] = lambda _: None) -> Result:
    """What ``work`` gives, done in one transaction; all of it is done again where a lake was changed meanwhile.

    ``first`` is what is to be done before, in transactions of its own. Writers of tamis take turns, so that this comes
    of other programs: a lake's files were merged, say. Raises as ``open_writer`` does, and RetryLater where that
    happens again and again.
    """
    for pause in PAUSES:
        with open_writer(address) as con:
            try:
                first(con)
                with transaction(con):
                    return work(con)
            except duckdb.TransactionException as error:
                if ducklake.CONFLICT not in str(error):
                    raise
        time.sleep(pause * random.uniform(0.5, 1.5))
    with open_writer(address) as con:
        first(con)
        with transaction(con):
            return work(con)
