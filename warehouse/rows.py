"""Handing rows to DuckDB in bulk, as Arrow: one statement, typed, and nothing of theirs ever becomes SQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import duckdb
import pyarrow as pa

GROUP = 2_048
"""Rows of a group, as the warehouse stores them."""
UNCOMMITTED = 1_000_000_000_000_000
"""From here on DuckDB numbers the rows of a table that the transaction has added."""


class _Lent:
    """Rows that can be taken back: what is registered, DuckDB keeps until the transaction ends."""

    def __init__(self, rows: pa.Table) -> None:
        self.rows = rows

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.rows.__arrow_c_stream__(requested_schema)


@contextmanager
def visible(con: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> Iterator[None]:
    """Inside, SQL can read ``rows`` under ``name``."""
    lent = _Lent(rows)
    con.register(name, lent)
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):  # in a transaction that failed; what failed is to be heard
            con.unregister(name)
        raise
    finally:
        del lent.rows
    con.unregister(name)


def pick(con: duckdb.DuckDBPyConnection, into: str, what: str, table: str, named: str) -> None:
    """Puts ``what`` of the rows of ``table`` whose documents are in ``named`` into the temporary table ``into``.

    Rows that are not committed yet have row numbers far beyond all others. As a document has all of its rows among
    these or none, the whole table is looked through only for documents that have none among them.
    """
    query = f"SELECT {what} FROM {table} WHERE document IN (SELECT document FROM {{}})"  # noqa: S608 - names of ours
    con.execute(f"CREATE OR REPLACE TEMP TABLE {into} AS {query.format(named)} AND rowid >= {UNCOMMITTED}")
    rest = f"(SELECT document FROM {named} EXCEPT SELECT document FROM {into})"  # noqa: S608 - names of ours
    con.execute(f"INSERT INTO {into} {query.format(rest)}")


def append(con: duckdb.DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    """Adds ``rows`` to ``table``, column by name."""
    with visible(con, "rows_to_append", rows):
        con.execute(f'INSERT INTO "{table}" BY NAME SELECT * FROM rows_to_append')  # noqa: S608 - a name of ours


def regrouped(rows: pa.Table) -> pa.Table:
    """The same rows in pieces of ``GROUP``, unless they are several larger ones.

    Several threads add several pieces, but one thread alone what is in one piece, or in pieces smaller than a group.
    """
    pieces = rows.column(0).num_chunks
    if 1 < pieces <= len(rows) // GROUP:
        return rows
    return pa.Table.from_batches(rows.combine_chunks().to_batches(max_chunksize=GROUP), rows.schema)


def of_tuples(schema: pa.Schema, rows: Sequence[tuple[object, ...]]) -> pa.Table:
    """An Arrow table of ``rows``, whose fields stand in the order of ``schema``."""
    columns = [pa.array([row[place] for row in rows], field.type) for place, field in enumerate(schema)]
    return pa.Table.from_arrays(columns, schema=schema)
