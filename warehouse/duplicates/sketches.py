"""The sketches of all documents, one list each; and which documents have a hash of those that are asked for."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from tamis.warehouse.duplicates import hash_files
from tamis.warehouse.loading import rows

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
_OF = """
CREATE OR REPLACE TEMP TABLE sketches_of AS
WITH there AS ({there})
SELECT number, site, unnest(hashes) AS hash FROM there
"""
_NOTHING = pa.schema({"hash": pa.uint64(), "site": pa.uint64()}).empty_table()
_DEAR = 32  # so many hashes are looked through in the time in which one is looked up
_ASKED = "SELECT hash, site FROM asked_hashes ORDER BY hash"
_IN_LOTS = "SELECT number FROM sketched_documents WHERE number <= $last"
# What is in no file is looked through; one statement a step, as together they would be held in memory together.
_HOLDERS = """
CREATE OR REPLACE TEMP TABLE holders AS
SELECT number, hash
FROM (SELECT number, unnest(hashes) AS hash FROM sketched_documents WHERE number > $last)
SEMI JOIN asked_hashes USING (hash)
"""
_HITS = """
INSERT INTO hits
SELECT h.number, d.site, h.hash, d.text_hash, d.page
FROM holders AS h
JOIN (
    SELECT number, coalesce(md5_number_lower(site), 0) AS site, text_hash, page
    FROM sketched_documents
    WHERE number > $last
) AS d ON d.number = h.number
JOIN asked_hashes AS a ON a.hash = h.hash AND (a.site = 0 OR a.site = d.site)
"""


def append(con: duckdb.DuckDBPyConnection, sketches: pa.Table, documents: pa.Table) -> None:
    """Adds the staged ``sketches`` (one row a document and hash) of the staged ``documents``.

    reads: sketch_lots, sketched_documents
    writes: sketched_documents
    """
    if len(sketches):  # ordered, and so not to be inserted where there are none (see working._WRITER)
        with rows.visible(con, "staged_sketches", sketches), rows.visible(con, "staged_documents", documents):
            con.execute(_APPEND.format(numbers=_NUMBERS))
    hash_files.settle(con)


def of(con: duckdb.DuckDBPyConnection, named: str) -> None:
    """The sketches in those rows that are in the table ``named``, as the temporary table ``sketches_of``.

    One row a hash, with number and site.

    reads: sketched_documents
    writes: sketches_of
    """
    con.execute(_OF.format(there=rows.at("sketched_documents", named)))


def forget(con: duckdb.DuckDBPyConnection) -> None:
    """Takes away the sketches of the documents in the temporary table ``changing``.

    reads: changing
    writes: sketched_documents
    """
    con.execute("DELETE FROM sketched_documents WHERE document IN (SELECT document FROM changing)")


def ask(con: duckdb.DuckDBPyConnection) -> None:
    """Who has the hashes of the temporary table ``asked_hashes``, into the temporary table ``hits``.

    There, ``site`` is the hash of the site whose documents are asked for, or 0 for those of all.

    reads: asked_hashes, sketched_documents
    writes: hits
    """
    nothing = hash_files.HashFiles(Path())
    there = hash_files.of(con) or nothing
    ((asked,),) = con.execute("SELECT count(*) FROM asked_hashes").fetchall()
    if asked * _DEAR > there.entries:
        there = nothing
    hashes = con.sql(_ASKED).to_arrow_table() if there.files else _NOTHING
    found = there.having(hashes["hash"].to_numpy(), hashes["site"].to_numpy())
    exists = np.zeros(there.last + 1, np.bool_)  # of what is in files, documents may be gone
    exists[con.execute(_IN_LOTS, {"last": there.last}).fetchnumpy()["number"]] = True
    rows.append(con, "hits", found.filter(pa.array(exists[found["number"].to_numpy()])))
    for step in (_HOLDERS, _HITS):
        con.execute(step, {"last": there.last})
    con.execute("DROP TABLE holders")
