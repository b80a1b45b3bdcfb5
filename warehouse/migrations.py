"""The schema of a warehouse: numbered migrations that run once, views and macros that follow the program.

``sql/tables/NNN_*.sql`` run in their order, one transaction each, and are never edited once released: their
SHA-256 is kept in the table ``migrations``. ``sql/views`` and ``sql/macros`` read tables only, so their order
is no matter; they are replaced together when any of them changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from tamis.cleaners.errors import StopRun
from tamis.warehouse.address import hide_secrets
from tamis.warehouse.columns import filled

SQL = Path(__file__).parent / "sql"
Step = Callable[[duckdb.DuckDBPyConnection], AbstractContextManager[object]]

_OWN_TABLES = """
CREATE TABLE IF NOT EXISTS migrations (
    version INTEGER PRIMARY KEY,
    name VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    applied_at TIMESTAMP NOT NULL,
    duckdb_version VARCHAR NOT NULL
);
COMMENT ON TABLE migrations IS 'One row per migration that made this schema.';
CREATE TABLE IF NOT EXISTS definitions (name VARCHAR NOT NULL, sha256 VARCHAR NOT NULL);
COMMENT ON TABLE definitions IS 'One row per view or macro, with the SHA-256 of the SQL that defines it.';
"""


@dataclass(frozen=True, slots=True)
class Script:
    """One SQL file: its name, its text, and the SHA-256 of it."""

    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """SHA-256 of the text, in hexadecimal."""
        return hashlib.sha256(self.sql.encode()).hexdigest()

    @property
    def version(self) -> int:
        """The number that a migration's name begins with."""
        return int(self.name.partition("_")[0])


def scripts(folder: Path) -> list[Script]:
    """The SQL files of ``folder`` in the order of their names, with the columns of ``columns`` filled in."""
    return [Script(path.name, filled(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*.sql"))]


def schema_version(con: duckdb.DuckDBPyConnection) -> int:
    """The number of the last migration that was applied; 0 for a file without any."""
    if "migrations" not in _tables(con):
        return 0
    return int(con.execute("SELECT coalesce(max(version), 0) FROM migrations").fetchall()[0][0])


def newest() -> int:
    """The number of this program's last migration."""
    return scripts(SQL / "tables")[-1].version


def is_behind(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the warehouse still has the schema of an older tamis."""
    return schema_version(con) < newest()


def check(con: duckdb.DuckDBPyConnection, sql: Path = SQL) -> None:
    """Read-only look at a file before anything is written to it.

    Raises StopRun for a database of another program, one that a newer tamis has written, and one that was
    made by migrations other than this program's.
    """
    tables = _tables(con)
    if not tables:
        return
    if "migrations" not in tables:
        raise StopRun(
            f"{_place(con)} is a DuckDB database of another program (it has {', '.join(sorted(tables)[:3])});"
            " give another file for the warehouse"
        )
    known = {script.version: script for script in scripts(sql / "tables")}
    for version, name, sha256 in con.execute(
        "SELECT version, name, sha256 FROM migrations ORDER BY version"
    ).fetchall():
        if version not in known:
            raise StopRun(f"{_place(con)} was written by a newer tamis (schema {version}, {name}); upgrade tamis")
        if known[version].sha256 != sha256:
            raise StopRun(
                f"{_place(con)} was made by another edition of migration {name} than this tamis has;"
                " reinstall the tamis that wrote it, or export it and ingest again"
            )


def migrate(
    con: duckdb.DuckDBPyConnection,
    now: datetime,
    sql: Path = SQL,
    *,
    adapt: Callable[[str], str] = str,
    step: Step | None = None,
) -> None:
    """Brings the schema to this program's version, each step whole or not at all; then views and macros.

    To be called for what is empty, or what ``check`` has let pass since it was opened. ``now`` is UTC; ``adapt`` puts
    SQL into the dialect of the database, where it has one of its own; a ``step`` is a transaction, where the caller
    does not hold one for all of them.
    """
    step = step or transaction
    applied = schema_version(con)
    if applied == 0:
        with step(con):
            con.execute(adapt(_OWN_TABLES))
    for script in scripts(sql / "tables"):
        if script.version > applied:
            with step(con):
                con.execute(adapt(script.sql))
                con.execute(
                    "INSERT INTO migrations VALUES (?, ?, ?, ?, ?)",
                    [script.version, script.name, script.sha256, now, duckdb.__version__],
                )
    _define(con, [*scripts(sql / "views"), *scripts(sql / "macros")], adapt, step)


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All that happens inside is committed together; any exception rolls it back."""
    con.execute("BEGIN")
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):  # of a connection that failed; what failed is to be heard
            con.execute("ROLLBACK")
        raise
    con.execute("COMMIT")


def _define(con: duckdb.DuckDBPyConnection, wanted: list[Script], adapt: Callable[[str], str], step: Step) -> None:
    there = con.execute("SELECT name, sha256 FROM definitions ORDER BY name").fetchall()
    if there == sorted((script.name, script.sha256) for script in wanted):
        return
    with step(con):
        for script in wanted:
            con.execute(adapt(script.sql))
        con.execute("DELETE FROM definitions")
        for script in wanted:
            con.execute("INSERT INTO definitions VALUES (?, ?)", [script.name, script.sha256])


def _tables(con: duckdb.DuckDBPyConnection) -> set[str]:
    rows = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() AND NOT internal"
    ).fetchall()
    return {str(name) for (name,) in rows}


def _place(con: duckdb.DuckDBPyConnection) -> str:
    query = "SELECT path FROM duckdb_databases() WHERE database_name = current_database()"
    return hide_secrets(str(con.execute(query).fetchall()[0][0]))
