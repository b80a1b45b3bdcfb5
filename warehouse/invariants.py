"""What must hold in every warehouse: the grain of each table, and the sentences of ``sql/checks``.

A check is one SQL file: its first comment says what holds, its query gives a column ``broken`` with the key of
each row that breaks it. It reads tables only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from tamis.warehouse import migrations

GRAIN = {
    "migrations": ("version",),
    "definitions": ("name",),
    "raw_documents": ("raw_key",),
    "documents": ("document",),
    "blocks": ("document", "block"),
    "rejections": ("raw_key",),
    "sketched_documents": ("document",),
    "sketch_lots": ("first",),
    "indexed_documents": ("document",),
    "words": ("word", "stem"),
    "postings": ("term", "numbers[1]"),
    "recent_postings": ("term", "numbers[1]"),
    "forgotten_numbers": ("number",),
    "common_hashes": ("coalesce(site, '')", "hash"),
    "duplicate_pairs": ("least(document, other)", "greatest(document, other)"),
    "memberships": ("document",),
    "former_memberships": ("document", "cluster", "run", "until"),
    "site_blocks": ("site", "hash"),
    "site_decisions": ("site", "hash"),
    "load_runs": ("run",),
    "sources": ("topic", "source"),
    "addresses": ("topic", "address"),
    "page_versions": ("address", "number"),
    "relevance": ("topic", "document"),
    "robots_files": ("origin",),
    "former_documents": ("document", "until"),
    "former_blocks": ("document", "block", "until"),
    "former_rejections": ("raw_key", "until"),
    "former_relevance": ("topic", "document", "until"),
    "decisions": ("document", "block_hash", "coalesce(occurrence, 0)", "decided_at"),
    "document_decisions": ("document", "field", "decided_at"),
    "reclean_runs": ("run",),
}
"""What there is one row of in each table."""
_HOLDS = "-- Holds: "


@dataclass(frozen=True, slots=True)
class Broken:
    """A sentence that does not hold: how often, and the key of one such row."""

    sentence: str
    rows: int
    example: str


def checks() -> dict[str, str]:
    """The sentences that must hold, each with the query for what breaks it."""
    keys = {table: ", ".join(key) for table, key in GRAIN.items()}
    grains = {
        f"{table} has one row per {key}": f"SELECT concat_ws(' ', {key}) AS broken FROM {table}"  # noqa: S608
        f" GROUP BY {key} HAVING count(*) > 1"
        for table, key in keys.items()
    }
    written = {_sentence(script.sql): script.sql for script in migrations.scripts(migrations.SQL / "checks")}
    return {**grains, **written}


def broken(con: duckdb.DuckDBPyConnection) -> Iterator[Broken]:
    """What does not hold in a warehouse of this program's schema."""
    for sentence, query in checks().items():
        found = con.execute(f"SELECT count(*), coalesce(min(broken), '') FROM ({query})").fetchall()  # noqa: S608
        rows, example = found[0]
        if rows:
            yield Broken(sentence, rows, example)


def unreadable(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Reads every column of every table; names those that cannot be read, with the reason."""
    columns = con.execute(
        "SELECT table_name, column_name FROM duckdb_columns()"
        " WHERE database_name = current_database() AND table_name IN (SELECT table_name FROM duckdb_tables())"
        " ORDER BY table_name, column_index"
    ).fetchall()
    for table, column in columns:
        try:
            con.execute(f'SELECT bit_xor(hash("{column}")) FROM "{table}"').fetchall()  # noqa: S608 - of the catalog
        except duckdb.Error as error:
            yield f"{table}.{column}: {str(error).strip().splitlines()[0]}"


def _sentence(sql: str) -> str:
    return sql.partition("\n")[0].removeprefix(_HOLDS).rstrip(".")
