"""Keeping full-text search up to date with the documents, at the cost of the new ones.

The macro ``search`` reads four tables: ``indexed_documents``, ``words``, ``postings`` and ``recent_postings``.
What they hold is a function of the set of documents, but for the numbers that stand for them and for which
postings are still recent.
"""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pyarrow as pa

from cleaners.records import Wording
from warehouse import rows, staging
from warehouse.migrations import transaction

Word = Callable[[str | None, str, str | None], Wording]

LOT = 1_000_000  # recent postings that are worth a sorted lot of their own
_CHUNK = 1000  # documents that are caught up with in one transaction

_NUMBER = """
INSERT INTO indexed_documents
SELECT
    document,
    (SELECT coalesce(max(number), 0) FROM indexed_documents) + row_number() OVER (ORDER BY document) AS number,
    length
FROM staged_wordings
SEMI JOIN arriving USING (document)
"""
_COUNT = "SELECT coalesce(sum(len(terms)), 0) FROM staged_wordings SEMI JOIN arriving USING (document)"
_POST = """
SELECT unnest(terms) AS term, number, unnest(in_text) AS in_text, unnest(in_title) AS in_title
FROM staged_wordings
JOIN (FROM indexed_documents SEMI JOIN arriving USING (document)) USING (document)
"""
_WORDS = "INSERT INTO words BY NAME SELECT DISTINCT * FROM staged_words ANTI JOIN words USING (term, stem)"
_MISSING = """
SELECT document, title, text, language
FROM documents
WHERE document IN (SELECT document FROM documents ANTI JOIN indexed_documents USING (document) LIMIT $chunk)
"""
_OF_CHANGING = "SELECT number FROM indexed_documents SEMI JOIN changing USING (document)"


def append(con: duckdb.DuckDBPyConnection, wordings: pa.Table, words: pa.Table) -> None:
    """Adds those of the staged ``wordings`` that belong to the documents of the temporary table ``arriving``."""
    with rows.visible(con, "staged_wordings", wordings), rows.visible(con, "staged_words", words):
        con.execute(_NUMBER)
        ((many,),) = con.execute(_COUNT).fetchall()
        con.execute(
            f"INSERT INTO postings {_POST} ORDER BY term, number"
            if many >= LOT
            else f"INSERT INTO recent_postings {_POST}"
        )
        con.execute(_WORDS)
    settle(con)


def settle(con: duckdb.DuckDBPyConnection, lot: int = LOT) -> None:
    """Moves the recent postings to the sorted ones once there are ``lot`` of them."""
    ((recent,),) = con.execute("SELECT count(*) FROM recent_postings").fetchall()
    if recent >= lot:
        con.execute("INSERT INTO postings FROM recent_postings ORDER BY term, number")
        con.execute("DELETE FROM recent_postings")


def forget(con: duckdb.DuckDBPyConnection) -> None:
    """Takes the documents of the temporary table ``changing`` out of search.

    ``append`` or ``catch_up`` brings back those that still exist. Words stay known.
    """
    for table in ("postings", "recent_postings"):
        con.execute(f"DELETE FROM {table} WHERE number IN ({_OF_CHANGING})")  # noqa: S608 - names of ours
    con.execute("DELETE FROM indexed_documents WHERE document IN (SELECT document FROM changing)")


def catch_up(con: duckdb.DuckDBPyConnection, word: Word) -> int:
    """Indexes the documents that search does not know, in short transactions; how many there were.

    They are those that were loaded before there was a search, or that were replaced and not indexed since.
    ``word`` is ``cleaners.search.wording``.
    """
    total = 0
    while missing := con.execute(_MISSING, {"chunk": _CHUNK}).fetchall():
        wordings = {document: word(title, text, language) for document, title, text, language in missing}
        with transaction(con):
            con.execute("CREATE OR REPLACE TEMP TABLE arriving (document VARCHAR)")
            con.execute("INSERT INTO arriving SELECT unnest($documents :: VARCHAR[])", {"documents": [*wordings]})
            append(con, *staging.wording_tables(wordings))
        total += len(missing)
    return total
