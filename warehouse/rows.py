"""Handing rows to DuckDB in bulk, as Arrow: one statement, typed, and nothing of theirs ever becomes SQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import duckdb
import pyarrow as pa


@contextmanager
def visible(con: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> Iterator[None]:
    """Inside, SQL can read ``rows`` under ``name``."""
    con.register(name, rows)
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):  # in a transaction that failed; what failed is to be heard
            con.unregister(name)
        raise
    con.unregister(name)


def append(con: duckdb.DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    """Adds ``rows`` to ``table``, column by name."""
    with visible(con, "rows_to_append", rows):
        con.execute(f'INSERT INTO "{table}" BY NAME SELECT * FROM rows_to_append')  # noqa: S608 - a name of ours


def of_tuples(schema: pa.Schema, rows: Sequence[tuple[object, ...]]) -> pa.Table:
    """An Arrow table of ``rows``, whose fields stand in the order of ``schema``."""
    columns = [pa.array([row[place] for row in rows], field.type) for place, field in enumerate(schema)]
    return pa.Table.from_arrays(columns, schema=schema)
