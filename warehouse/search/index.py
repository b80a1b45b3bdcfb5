"""Keeping full-text search up to date with the documents, at the cost of the new ones.

The macro ``search`` reads four tables: ``indexed_documents``, ``words``, ``postings`` and ``recent_postings``.
What they hold is a function of the set of documents, but for the numbers that stand for them, for how they are parted
into segments, and for what forgotten documents left behind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tamis.cleaners.records import Wording
from tamis.warehouse.loading import rows, staging
from tamis.warehouse.migrations import transaction
from tamis.warehouse.search import postings

Word = Callable[[str | None, str, str | None], Wording]

SEGMENT = 1_000_000  # recent postings that are worth a sorted segment of their own
_CHUNK = 1000  # documents that are caught up with in one transaction

_LAST = """
SELECT coalesce(max(number), 0) FROM (SELECT number FROM indexed_documents UNION ALL FROM forgotten_numbers)
"""
# Sorted so that a word, its forms and those that begin like it lie in few groups of rows.
_WORDS = """
INSERT INTO words BY NAME
SELECT DISTINCT * FROM staged_words ANTI JOIN words USING (term, stem)
ORDER BY split_part(stem, ':', 1), word, stem
"""
_SETTLE = """
INSERT INTO postings
SELECT
    term, flatten(list(numbers ORDER BY numbers[1])), flatten(list(times ORDER BY numbers[1])),
    flatten(list(places ORDER BY numbers[1]))
FROM recent_postings
GROUP BY term
ORDER BY term
"""
# What forgotten documents left behind is swept out once it is most of what there is.
_STALE = "SELECT (SELECT count(*) FROM forgotten_numbers) > (SELECT count(*) FROM indexed_documents)"
_SWEPT = """
CREATE OR REPLACE TEMP TABLE swept AS
SELECT term, list(number ORDER BY number) AS numbers, list(times ORDER BY number) AS times,
    list(places ORDER BY number) AS places
FROM (
    SELECT term, unnest(numbers) AS number, unnest(times) AS times, unnest(places) AS places
    FROM (FROM postings UNION ALL FROM recent_postings)
)
SEMI JOIN indexed_documents USING (number)
GROUP BY term
"""
_MISSING = """
SELECT document, title, text, language
FROM documents
WHERE document IN (SELECT document FROM documents ANTI JOIN indexed_documents USING (document) LIMIT $chunk)
"""


@dataclass(frozen=True, slots=True)
class Segment:
    """What some documents add to search, before they have a number: they are counted from 0 on."""

    documents: pa.Table
    postings: pa.Table
    words: pa.Table


def turned(wordings: pa.Table, words: pa.Table) -> Segment:
    """The staged ``wordings`` and ``words`` as a segment. Needs no database: it may be done beside other work."""
    return Segment(wordings.select(["document", "length"]), postings.by_word(wordings), words)


def append(con: duckdb.DuckDBPyConnection, segment: Segment) -> None:
    """Adds a segment of documents that search does not know.

    reads: forgotten_numbers, indexed_documents, words
    writes: indexed_documents, words
    """
    if not len(segment.documents):
        return
    ((last,),) = con.execute(_LAST).fetchall()
    numbers = np.arange(last + 1, last + 1 + len(segment.documents), dtype=np.int32)
    with rows.visible(con, "numbered", segment.documents.append_column("number", pa.array(numbers))):
        con.execute("INSERT INTO indexed_documents BY NAME FROM numbered")
    with rows.visible(con, "segment", rows.regrouped(postings.moved(segment.postings, last + 1))):
        many = pc.sum(pc.list_value_length(segment.postings["numbers"])).as_py() or 0
        con.execute(f"INSERT INTO {'postings' if many >= SEGMENT else 'recent_postings'} FROM segment")
    with rows.visible(con, "staged_words", segment.words):
        con.execute(_WORDS)
    settle(con)


def settle(con: duckdb.DuckDBPyConnection, segment: int = SEGMENT) -> None:
    """Moves the recent postings to the sorted ones once there are ``segment`` of them.

    reads: recent_postings
    writes: postings, recent_postings
    """
    ((recent,),) = con.execute("SELECT coalesce(sum(len(numbers)), 0) FROM recent_postings").fetchall()
    if recent >= segment:
        con.execute(_SETTLE)
        con.execute("DELETE FROM recent_postings")


def forget(con: duckdb.DuckDBPyConnection) -> None:
    """Takes the documents of the temporary table ``changing`` out of search.

    ``append`` or ``catch_up`` brings back those that still exist, under other numbers. Words stay known.

    reads: changing, forgotten_numbers, indexed_documents
    writes: forgotten_numbers, indexed_documents
    """
    con.execute(
        "INSERT INTO forgotten_numbers SELECT number FROM indexed_documents SEMI JOIN changing USING (document)"
    )
    con.execute("DELETE FROM indexed_documents WHERE document IN (SELECT document FROM changing)")
    if con.execute(_STALE).fetchall() == [(True,)]:
        sweep(con)


def sweep(con: duckdb.DuckDBPyConnection) -> None:
    """Takes the postings of forgotten documents away.

    reads: indexed_documents, postings, recent_postings
    writes: postings
    """
    con.execute(_SWEPT)
    for table in ("postings", "recent_postings", "forgotten_numbers"):
        con.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours
    con.execute("INSERT INTO postings FROM swept ORDER BY term")
    con.execute("DROP TABLE swept")


def catch_up(con: duckdb.DuckDBPyConnection, word: Word) -> int:
    """Indexes the documents that search does not know, in short transactions; how many there were.

    They are those that were loaded before there was a search, or that were replaced and not indexed since.
    ``word`` is ``cleaners.search.wording``.

    reads: documents, indexed_documents
    """
    total = 0
    while missing := con.execute(_MISSING, {"chunk": _CHUNK}).fetchall():
        wordings = {document: word(title, text, language) for document, title, text, language in missing}
        with transaction(con):
            append(con, turned(*staging.wording_tables(wordings)))
        total += len(missing)
    return total
