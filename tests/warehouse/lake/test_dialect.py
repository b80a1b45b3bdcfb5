"""The migrations in the dialect of a lake: the same tables without what DuckLake does not know."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tamis.warehouse import migrations
from tamis.warehouse.connection import open_writer
from tamis.warehouse.lake import dialect


@pytest.mark.parametrize(
    ("sql", "adapted"),
    [
        ("CREATE TABLE t (a INTEGER PRIMARY KEY, b VARCHAR);", "CREATE TABLE t (a INTEGER NOT NULL, b VARCHAR);"),
        ("CREATE TABLE t (a INTEGER NOT NULL PRIMARY KEY);", "CREATE TABLE t (a INTEGER NOT NULL);"),
        ("CREATE TABLE t (a INTEGER PRIMARY KEY NOT NULL);", "CREATE TABLE t (a INTEGER NOT NULL);"),
        ("CREATE TABLE t (a INTEGER, b DATE,\n    PRIMARY KEY (a, b)\n);", "CREATE TABLE t (a INTEGER, b DATE\n);"),
        ("ALTER TABLE t ALTER COLUMN a SET NOT NULL;\nSELECT 1;", "\nSELECT 1;"),
        ("COMMENT ON COLUMN t.a IS 'It''s a key; PRIMARY';", "COMMENT ON COLUMN t.a IS 'It''s a key; PRIMARY';"),
        (
            "CREATE VIEW v AS SELECT 1 AS a;\nCOMMENT ON VIEW v IS 'x';\nCOMMENT ON COLUMN v.a IS 'It''s; y';",
            "CREATE VIEW v AS SELECT 1 AS a;\nCOMMENT ON VIEW v IS 'x';\n",
        ),
    ],
)
def test_only_what_a_lake_refuses_goes(sql: str, adapted: str) -> None:
    assert dialect.of_lake(sql) == adapted


def test_the_schema_has_the_same_columns_and_views_in_both_dialects(tmp_path: Path) -> None:
    shape = (
        "SELECT table_name, column_name, data_type FROM duckdb_columns()"
        " WHERE database_name = current_database() AND NOT internal ORDER BY ALL"
    )
    keys = "SELECT count(*) FROM duckdb_constraints() WHERE constraint_type IN ('PRIMARY KEY', 'UNIQUE')"
    with open_writer(tmp_path / "w.duckdb") as con:
        wanted = con.execute(shape).fetchall()
    lake = duckdb.connect()
    for folder in ("tables", "views", "macros"):
        for script in migrations.scripts(migrations.SQL / folder):
            lake.execute(dialect.of_lake(script.sql))
    own = {"migrations", "definitions"}
    assert lake.execute(shape).fetchall() == [row for row in wanted if row[0] not in own]
    assert lake.execute(keys).fetchall() == [(0,)]
    lake.close()
