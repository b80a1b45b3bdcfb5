"""Warehouses as released versions of tamis made them: by their migrations alone, with the views of their time.

``released/NNN.sql`` holds the views and macros that came with schema NNN. The rows come from a warehouse of today,
in the columns of then; the file lies at the path of the warehouse itself, as the first edition had it.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import duckdb

from tamis.cleaners.records import CleanDocument
from tamis.warehouse import migrations, site_memory
from tamis.warehouse.connection import open_writer
from tamis.warehouse.files import paths
from tamis.warehouse.following import topic_store
from tamis.warehouse.following.records import AddressState, Remembered, RobotsRow, SourceState, StoredRelevance, Version
from tamis.warehouse.rejudging import decisions
from tamis.warehouse.rejudging.decisions import Decided, DecisionSet
from tamis.warehouse.search import index
from tests.warehouse import press, rejudging

FOLDER = Path(__file__).parent / "released"
VERSIONS = tuple(int(file.stem) for file in sorted(FOLDER.glob("*.sql")))
_POSTINGS = "(SELECT term, unnest(numbers) AS number, unnest(times) AS in_text, 0 AS in_title FROM today.main.{})"
CALLED = {
    "clusters": "today.main.memberships",
    **{table: _POSTINGS.format(table) for table in ("postings", "recent_postings")},
}
"""Where the rows of a table of then come from, if not from one of that name."""
RENAMED = {"clusters": "memberships"}
MADE_ANEW = ("indexed_documents", "words", "postings", "recent_postings")
"""Search is made anew from the documents, by the first run."""
OWN = ("migrations", "definitions")
URL = "https://a.example/1"


def documents() -> list[press.Document]:
    """Pages of one template, with a copy and a cut copy among them, and two that were refused."""
    template = press.prose(100, 60)
    pages = [press.page(f"{template} {press.prose(n % 6)}", f"{n}.txt", site="a.example", day=1 + n) for n in range(7)]
    refused = [press.refused("picture.png"), press.refused("scan.png")]
    return [*pages, press.page(press.prose(0)[:400], "cut.txt"), *refused]


def build(path: Path, version: int) -> dict[str, list[str]]:
    """Makes the warehouse of a released schema at ``path``, with rows in every table; gives its rows."""
    with tempfile.TemporaryDirectory() as folder:
        today = Path(folder, "today.duckdb")
        _fill(today)
        con = duckdb.connect()
        try:
            con.execute(f"ATTACH '{paths.of(today).working}' AS today (READ_ONLY)")
            con.execute(f"ATTACH '{path}' AS released (STORAGE_VERSION 'v1.5.0')")
            con.execute("USE released")
            _make(con, version)
            for table, columns in _columns(con).items():
                if table not in OWN:
                    named = ", ".join(columns)
                    con.execute(
                        f"INSERT INTO {table} BY NAME SELECT {named} FROM {CALLED.get(table, f'today.main.{table}')}"
                    )
        finally:
            con.close()
    return rows(path, version)


def rows(path: Path, version: int) -> dict[str, list[str]]:
    """The rows of the tables that there were in a released schema, by their names of today, in the columns of then."""
    con = duckdb.connect()
    try:
        _make(con, version)
        columns = _columns(con)
        con.execute(f"ATTACH '{path.resolve()}' AS asked (READ_ONLY)")
        con.execute("USE asked")
        there = _columns(con)
        named = {
            table: table if table in there else RENAMED.get(table, table)
            for table in columns
            if table not in (*OWN, *MADE_ANEW)
        }
        return {
            RENAMED.get(table, table): sorted(
                repr(row) for row in con.execute(f"SELECT {', '.join(columns[table])} FROM {name}").fetchall()
            )
            for table, name in named.items()
        }
    finally:
        con.close()


def _fill(path: Path) -> None:
    loaded = documents()
    press.load(path, loaded[:4])
    with open_writer(path) as con:
        index.settle(con, segment=1)
    press.load(path, loaded[4:])
    accepted = press.page(press.prose(7), "picture.png")[1]
    assert isinstance(accepted, CleanDocument)
    picture = loaded[-2][0]
    rejudging.judge_again(
        path,
        [
            rejudging.shorter(loaded[1]),
            rejudging.turned_down(loaded[6]),
            (picture, replace(accepted, raw_key=picture.key)),
        ],
    )
    key = loaded[0][0].key
    source = SourceState(
        "ports", "s1", "feed", "https://a.example/feed", "A", "fr", press.NOW, press.NOW, None, None, press.NOW,
        900.0, 1, 0, "", 3, 1, "e1",
    )  # fmt: skip
    page = AddressState("ports", URL, "page", URL, "s1", "Le port", 0.5, ("port",), press.NOW, "fetched", raw_key=key)
    judged = [
        StoredRelevance("ports", key[:16], 0.7, 0.48, True, ("port",), (), when, "e1")
        for when in (press.NOW, rejudging.LATER)
    ]
    kept = Decided(key[:16], 1, "content", "Lire aussi", "A. Lectrice", "une citation", press.NOW)
    robots = RobotsRow("https://a.example", 2e9, b"user-agent: *", None, "")
    with open_writer(path) as con, migrations.transaction(con):
        topic_store.remember(con, Remembered([source], [page], [Version(URL, key, press.NOW)], judged[:1], [robots]))
        topic_store.remember(con, Remembered(judgements=judged[1:]))
        decisions.record(con, key[:16], DecisionSet((kept,)), press.NOW)
        block = con.execute("SELECT printf('%016x', hash) FROM site_blocks ORDER BY hash LIMIT 1").fetchall()[0][0]
        site_memory.decide(con, "a.example", [block], "vetoed", press.NOW)


def _make(con: duckdb.DuckDBPyConnection, version: int) -> None:
    con.execute(migrations._OWN_TABLES)
    for script in migrations.scripts(migrations.SQL / "tables"):
        if script.version <= version:
            con.execute(script.sql)
            con.execute(
                "INSERT INTO migrations VALUES (?, ?, ?, ?, '2.0.0')",
                [script.version, script.name, script.sha256, press.NOW],
            )
    con.execute((FOLDER / f"{version:03d}.sql").read_text(encoding="utf-8"))
    con.execute("INSERT INTO definitions VALUES ('articles.sql', 'of then')")


def _columns(con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    found = con.execute(
        "SELECT t.table_name, list(column_name ORDER BY column_index)"
        " FROM duckdb_tables() AS t JOIN duckdb_columns() AS c USING (database_name, table_name)"
        " WHERE t.database_name = current_database() AND NOT t.temporary GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return {str(table): list(columns) for table, columns in found}
