"""Each column of documents and articles is declared once, and everything that depends on the list has it."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from tamis.warehouse import columns
from tamis.warehouse.connection import open_writer


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse of today without a document."""
    with open_writer(tmp_path_factory.mktemp("columns") / "w.duckdb") as con:
        yield con


def names(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    found = con.execute(
        "SELECT column_name FROM duckdb_columns() WHERE table_name = ? AND database_name = current_database()"
        " ORDER BY column_index",
        [table],
    ).fetchall()
    return [name for (name,) in found]


def comments(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    return dict(
        con.execute(
            "SELECT column_name, comment FROM duckdb_columns()"
            " WHERE table_name = ? AND database_name = current_database()",
            [table],
        ).fetchall()
    )


def test_a_column_is_declared_once_and_is_somewhere() -> None:
    listed = [column.name for column in columns.COLUMNS]
    assert len(listed) == len(set(listed))
    nowhere = [c.name for c in columns.COLUMNS if c.type is None and not c.article and not c.exported]
    assert nowhere == []


def test_a_staged_column_has_a_value() -> None:
    assert [column.name for column in columns.STAGED if column.read is None] == ["sketch_size"]


def test_the_tables_have_the_columns_of_the_list(catalog: duckdb.DuckDBPyConnection) -> None:
    wanted = {column.name for column in columns.STAGED} | set(columns.OF_THE_LOAD)
    assert set(names(catalog, "documents")) == wanted
    assert set(names(catalog, "former_documents")) == wanted | {"until", "ended_by"}


def test_the_view_has_the_columns_of_the_list_in_its_order(catalog: duckdb.DuckDBPyConnection) -> None:
    assert names(catalog, "articles") == [column.name for column in columns.ARTICLE]


def test_the_catalog_has_a_comment_on_each_column(catalog: duckdb.DuckDBPyConnection) -> None:
    assert comments(catalog, "articles") == {column.name: column.comment for column in columns.ARTICLE}
    assert comments(catalog, "documents") == {
        **{column.name: column.comment for column in columns.STAGED},
        **columns.OF_THE_LOAD,
    }


def test_no_place_of_the_sql_is_left_unfilled(catalog: duckdb.DuckDBPyConnection) -> None:
    assert columns.filled("SELECT {article columns}").count(" AS ") == len(columns.ARTICLE)
    assert "{" not in columns.filled("{article columns}{comments}")
