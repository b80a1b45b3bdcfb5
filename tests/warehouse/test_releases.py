"""Every released warehouse becomes one of today, with every row it had; one of tomorrow is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tamis.cleaners.errors import StopRun
from tamis.cleaners.search import wording
from tamis.warehouse import invariants, migrations
from tamis.warehouse.connection import open_reader, open_writer
from tamis.warehouse.files import paths
from tamis.warehouse.files.publishing import upgrade
from tamis.warehouse.search import index
from tests.warehouse import press, releases

ARTICLES = "SELECT document, title, published_on, words FROM articles ORDER BY ALL"


@pytest.mark.parametrize("version", releases.VERSIONS)
def test_a_released_warehouse_becomes_one_of_today(tmp_path: Path, version: int) -> None:
    path = tmp_path / "w.duckdb"
    before = releases.build(path, version)
    assert all(before.values()), "a table without rows tests nothing"
    with open_reader(path, any_schema=True) as con:
        assert migrations.schema_version(con) == version
        articles = con.execute(ARTICLES).fetchall()
    with pytest.raises(StopRun, match=r"older tamis; bring it up to date: tamis publish"), open_reader(path):
        pass
    assert upgrade(path, lambda con: index.catch_up(con, wording))
    assert path.is_symlink()
    assert releases.rows(path, version) == before
    assert press.ask(path, ARTICLES) == articles
    with open_reader(path) as con:
        assert migrations.schema_version(con) == migrations.newest()
        assert list(invariants.broken(con)) == []
        assert (
            con.execute("SELECT document FROM documents ANTI JOIN indexed_documents USING (document)").fetchall() == []
        )
        for (view,) in con.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall():
            con.execute(f"FROM {view}").fetchall()
    assert press.load(path, releases.documents()).new == 0


def test_one_of_tomorrow_is_refused_unharmed(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    press.load(path, releases.documents())
    with open_writer(path) as con:
        con.execute("INSERT INTO migrations VALUES (999, '999_tomorrow.sql', 'x', now() :: TIMESTAMP, '9.9')")
    before = paths.of(path).working.read_bytes()
    with (
        pytest.raises(StopRun, match=r"newer tamis \(schema 999, 999_tomorrow.sql\); upgrade tamis"),
        open_writer(path),
    ):
        pass
    assert paths.of(path).working.read_bytes() == before
