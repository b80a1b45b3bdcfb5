"""Migrations: once each, whole or not at all; views and macros follow the program."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from tamis.cleaners.errors import StopRun
from tamis.warehouse import migrations
from tamis.warehouse.connection import open_writer
from tamis.warehouse.files import paths
from tests.warehouse import press

NOW = datetime(2026, 3, 1)
FILES = sorted(migrations.SQL.rglob("*.sql"))


@pytest.fixture
def sql(tmp_path: Path) -> Path:
    """A copy of the SQL that a test may change."""
    return Path(shutil.copytree(migrations.SQL, tmp_path / "sql"))


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def applied(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return con.execute("SELECT version, name, applied_at, duckdb_version FROM migrations ORDER BY version").fetchall()


def test_each_migration_runs_once(con: duckdb.DuckDBPyConnection, sql: Path) -> None:
    migrations.migrate(con, NOW, sql)
    first = applied(con)
    migrations.migrate(con, datetime(2027, 1, 1), sql)
    assert applied(con) == first
    assert [version for version, *_ in first] == [script.version for script in migrations.scripts(sql / "tables")]
    assert {row[2:] for row in first} == {(NOW, duckdb.__version__)}


def test_a_new_migration_runs_on_an_old_warehouse(con: duckdb.DuckDBPyConnection, sql: Path) -> None:
    migrations.migrate(con, NOW, sql)
    (sql / "tables" / "900_notes.sql").write_text("CREATE TABLE notes (a INTEGER); INSERT INTO notes VALUES (1);")
    migrations.migrate(con, NOW, sql)
    assert migrations.schema_version(con) == 900
    assert con.execute("SELECT a FROM notes").fetchall() == [(1,)]


def test_a_migration_that_fails_leaves_nothing(con: duckdb.DuckDBPyConnection, sql: Path) -> None:
    migrations.migrate(con, NOW, sql)
    before = migrations.schema_version(con)
    (sql / "tables" / "900_notes.sql").write_text("CREATE TABLE notes (a INTEGER); INSERT INTO nowhere VALUES (1);")
    with pytest.raises(duckdb.CatalogException):
        migrations.migrate(con, NOW, sql)
    assert migrations.schema_version(con) == before
    assert con.execute("SELECT * FROM duckdb_tables() WHERE table_name = 'notes'").fetchall() == []


def test_an_edited_migration_is_refused(con: duckdb.DuckDBPyConnection, sql: Path) -> None:
    migrations.migrate(con, NOW, sql)
    file = sql / "tables" / "003_blocks.sql"
    file.write_text(file.read_text() + "-- one word more\n")
    with pytest.raises(StopRun, match=r"another edition of migration 003_blocks\.sql"):
        migrations.check(con, sql)


def test_views_follow_the_program(con: duckdb.DuckDBPyConnection, sql: Path) -> None:
    migrations.migrate(con, NOW, sql)
    (sql / "views" / "runs.sql").write_text("CREATE OR REPLACE VIEW runs AS SELECT 42 AS answer;")
    migrations.migrate(con, NOW, sql)
    assert con.execute("SELECT answer FROM runs").fetchall() == [(42,)]


def test_an_open_warehouse_of_today_is_not_written_to(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    press.load(path, [press.page(press.prose(1), "a.txt")])
    working = paths.of(path).working
    before = working.read_bytes(), working.stat().st_mtime_ns
    with open_writer(path):
        pass
    assert (working.read_bytes(), working.stat().st_mtime_ns) == before


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_first_comment_says_what_is_promised(file: Path) -> None:
    begins = {"tables": "-- Grain: one row per ", "checks": "-- Holds: "}
    wanted = begins.get(file.parent.name, "-- Promise: ")
    assert file.read_text(encoding="utf-8").startswith(wanted)


def test_no_index_is_created() -> None:
    """On DuckDB 1.5 an index loses entries after a kill -9."""
    assert [file.name for file in FILES if "CREATE INDEX" in file.read_text(encoding="utf-8").upper()] == []
