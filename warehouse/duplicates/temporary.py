"""A warehouse for one answer: texts in, their pairs and clusters out, nothing kept.

The tables, the SQL and the functions are those of a warehouse that stays, so the answer is the same.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from tamis.cleaners.relations import Origin
from tamis.warehouse import columns
from tamis.warehouse.connection import open_writer
from tamis.warehouse.duplicates import sketches
from tamis.warehouse.duplicates.clusters import Cluster, Relate, update
from tamis.warehouse.files import working
from tamis.warehouse.loading import rows

_DOCUMENT = pa.schema(
    {
        **dict.fromkeys(("document", "raw_key", "url", "site", "agency"), pa.string()),
        "published_on": pa.date32(),
        "text": pa.string(),
        "text_hash": pa.uint64(),
        "sketch_size": pa.int32(),
        "compared_length": pa.int64(),
        "run": pa.string(),
        "judged_at": pa.timestamp("us"),
    }
)
_NO_RUN, _NEVER = "", datetime(1970, 1, 1)
# All texts are new at once: what has to be in memory together grows with them.
_MEMORY = 4  # KB for each text
_SKETCH = pa.schema({"document": pa.string(), "hash": pa.uint64()})


# Of what it relates to, its own cluster first: a text that stands in a digest may be a copy besides.
_PLACES = """
WITH strongest AS (
    SELECT document, relation, other, containment
    FROM duplicates
    QUALIFY row_number() OVER (
        PARTITION BY document ORDER BY same_cluster DESC, containment DESC, shared DESC, other
    ) = 1
)
SELECT m.document, m.cluster, s.relation, s.other, s.containment
FROM memberships AS m
LEFT JOIN strongest AS s USING (document)
ORDER BY m.document
"""


@dataclass(frozen=True, slots=True)
class Sketched:
    """A text to be compared, with its sketch and where it came from."""

    document: str
    text: str
    sketch: Sequence[int]
    origin: Origin
    published_on: date | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a text ended up: the canonical document of its cluster, and what it relates to, if to any.

    ``score`` is the share of the shorter of the two that stands in the longer.
    """

    document: str
    cluster: str
    relation: str | None
    of: str | None
    score: float | None


@contextmanager
def opened() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty warehouse in a temporary folder, which is gone afterwards.

    writes: fresh
    """
    with tempfile.TemporaryDirectory(prefix="tamis-") as folder, open_writer(Path(folder) / "w.duckdb") as con:
        con.execute("CREATE TEMP TABLE fresh (document VARCHAR)")
        yield con


def add(con: duckdb.DuckDBPyConnection, texts: Sequence[Sketched]) -> None:
    """Adds ``texts``, whose names must be new.

    writes: documents
    """
    documents = rows.of_tuples(_DOCUMENT, [_document(text) for text in texts])
    rows.append(con, "documents", documents)
    hashes = [(text.document, value) for text in texts for value in text.sketch]
    sketches.append(con, rows.of_tuples(_SKETCH, hashes), documents)


def placements(con: duckdb.DuckDBPyConnection, relate: Relate, cluster: Cluster) -> Iterable[Placement]:
    """The place of each text that was added, in the order of their names.

    reads: documents, duplicates, fresh, memberships
    writes: fresh
    """
    con.execute("INSERT INTO fresh SELECT document FROM documents")
    ((texts,),) = con.execute("SELECT count(*) FROM fresh").fetchall()
    con.execute(f"SET memory_limit = '{max(working.MEMORY, texts * _MEMORY // 1000)}MB'")
    update(con, relate, cluster, run=_NO_RUN, now=_NEVER)
    found = con.execute(_PLACES)
    while portion := found.fetchmany(1000):
        yield from (Placement(*row) for row in portion)


def _document(text: Sketched) -> tuple[object, ...]:
    names = (text.document, text.document, text.origin.url, text.origin.site, text.origin.agency)
    compared = (text.text, columns.text_hash(text.text), len(text.sketch), len(text.text))
    return (*names, text.published_on, *compared, _NO_RUN, _NEVER)
