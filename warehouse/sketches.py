"""The sketches of all documents, one list each; and which documents have a hash of those that are asked for."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from warehouse import lots, rows

# Numbers only grow, and stay with the row: a document that is replaced gets a new one. Pages are named by a hash that
# is the same in every edition of DuckDB, as hash() is not.
_NUMBERS = "SELECT number AS last FROM sketched_documents UNION ALL SELECT last FROM sketch_lots"
_APPEND = """
INSERT INTO sketched_documents
SELECT
    (SELECT coalesce(max(last), 0) FROM ({numbers})) + row_number() OVER (ORDER BY document) AS number,
    document, site, text_hash, md5_number_lower(coalesce(url, document)) AS page,
    len(hashes) AS size, hashes
FROM (SELECT document, list(hash ORDER BY hash) AS hashes FROM staged_sketches GROUP BY document)
JOIN staged_documents USING (document)
ORDER BY number
"""
# By number of row, committed ones and those that are not apart: only then DuckDB leaves other sketches on the disk.
_OF = """
CREATE OR REPLACE TEMP TABLE rows_of AS
SELECT rowid AS number, rowid >= 1_000_000_000_000_000 AS is_new
FROM sketched_documents
WHERE document IN (SELECT document FROM {named});
CREATE OR REPLACE TEMP TABLE sketches_of AS
SELECT document, site, unnest(hashes) AS hash
FROM sketched_documents
WHERE rowid IN (SELECT number FROM rows_of WHERE NOT is_new)
UNION ALL
SELECT document, site, unnest(hashes) AS hash
FROM sketched_documents
WHERE rowid IN (SELECT number FROM rows_of WHERE is_new)
"""
_DEAR = 32  # so many hashes are looked through in the time in which one is looked up
_ASKED = "SELECT DISTINCT hash FROM asked_hashes ORDER BY hash"
_HOLDERS = """
CREATE OR REPLACE TEMP TABLE holders AS
SELECT number :: INTEGER AS number, hash FROM found_in_lots
UNION ALL
SELECT number, hash
FROM (SELECT number, unnest(hashes) AS hash FROM sketched_documents WHERE number > $last)
SEMI JOIN asked_hashes USING (hash)
"""


def append(con: duckdb.DuckDBPyConnection, sketches: pa.Table, documents: pa.Table) -> None:
    """Adds the staged ``sketches`` (one row a document and hash) of the staged ``documents``."""
    with rows.visible(con, "staged_sketches", sketches), rows.visible(con, "staged_documents", documents):
        con.execute(_APPEND.format(numbers=_NUMBERS))
    lots.settle(con)


def of(con: duckdb.DuckDBPyConnection, named: str) -> None:
    """The sketches of the documents in the table ``named``, one row a hash, as the temporary table ``sketches_of``."""
    con.execute(_OF.format(named=named))


def forget(con: duckdb.DuckDBPyConnection) -> None:
    """Takes away the sketches of the documents in the temporary table ``changing``."""
    con.execute("DELETE FROM sketched_documents WHERE document IN (SELECT document FROM changing)")


def ask(con: duckdb.DuckDBPyConnection) -> None:
    """Who has the hashes of the temporary table ``asked_hashes``: number and hash, in the temporary table ``holders``.

    Numbers of documents that are gone may be among them.
    """
    nothing = lots.Lots(Path())
    there = lots.of(con) or nothing
    ((asked,),) = con.execute("SELECT count(*) FROM asked_hashes").fetchall()
    if asked * _DEAR > there.entries:
        there = nothing
    found = there.having(con.sql(_ASKED).to_arrow_table()["hash"].to_numpy() if there.lots else np.empty(0, np.uint64))
    with rows.visible(con, "found_in_lots", pa.table(dict(zip(("number", "hash"), found, strict=True)))):
        con.execute(_HOLDERS, {"last": there.last})
