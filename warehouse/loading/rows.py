"""Handing rows to DuckDB in bulk, as Arrow: one statement, typed, and nothing of theirs ever becomes SQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import duckdb
import pyarrow as pa

GROUP = 2_048
"""Rows of a group, as the warehouse stores them."""
_UNCOMMITTED = 1_000_000_000_000_000
"""From this number on DuckDB counts the rows that the transaction has added."""


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


# As a document has all of its rows among those that are not committed yet or none, the column of keys is looked through
# only for the documents that have none there, and of the other columns only what stands in the rows found.
_PICK = """
CREATE OR REPLACE TEMP TABLE {into} AS
SELECT {what} FROM {table} WHERE {key} IN (SELECT {key} FROM {named}) AND rowid >= {uncommitted};
CREATE OR REPLACE TEMP TABLE picked AS
SELECT rowid AS row FROM {table} WHERE {key} IN (SELECT {key} FROM {named} ANTI JOIN {into} USING ({key}));
INSERT INTO {into} SELECT {what} FROM {table} WHERE rowid IN (SELECT row FROM picked);
"""


def pick(con: duckdb.DuckDBPyConnection, into: str, what: str, table: str, named: str, key: str = "document") -> None:
    """Puts ``what`` (and the key) of the rows of ``table`` whose key is in ``named`` into the temporary table ``into``.

    Quick where few are named, most of all where the transaction has added them.
    """
    con.execute(_PICK.format(into=into, what=what, table=table, named=named, key=key, uncommitted=_UNCOMMITTED))


# Numbers that are so far beyond all others would spoil the range to look in.
_AT = """
    FROM {table} WHERE rowid IN (SELECT row FROM {named} WHERE row < {uncommitted})
    UNION ALL
    FROM {table} WHERE rowid IN (SELECT row FROM {named} WHERE row >= {uncommitted})
"""


def at(table: str, named: str) -> str:
    """SQL for the rows of ``table`` whose ``rowid`` is in the column ``row`` of the table ``named``.

    Committed ones and those that are not apart: only then DuckDB leaves the other rows on the disk.
    """
    return _AT.format(table=table, named=named, uncommitted=_UNCOMMITTED)


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
