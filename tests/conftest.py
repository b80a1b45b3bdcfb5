"""What all tests share."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import settings

from tamis.warehouse import migrations
from tamis.warehouse.files import working

# The first example of a run loads language models; a slow machine is no failure. The same examples every time.
settings.register_profile("tamis", deadline=None, derandomize=True)
settings.load_profile("tamis")

# A run started in the background inherits an ignored Ctrl-C, and would hand it on to every process it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of the five seed texts."""
    return ROOT / "seeds"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The team's development data, outside the repository; a test that asks for it is skipped where it is absent."""
    folder = Path(os.environ.get("TAMIS_SHARED", ROOT.parent / "shared"))
    if not (folder / "README.md").is_file():
        pytest.skip(f"development data is not at {folder} (set TAMIS_SHARED)")
    return folder


@pytest.fixture(scope="session", autouse=True)
def _empty_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An empty warehouse, made once by the program itself; each later one begins as a copy of it.

    Fifty statements of schema take a quarter of a second, and hundreds of tests begin with them. The program looks at
    the copy as at any file: it finds all migrations and definitions there.
    """
    attach, folder = working._attach, tmp_path_factory.mktemp("empty")

    def attached(file: str, statement: str) -> duckdb.DuckDBPyConnection:
        if statement != working._CREATE:
            return attach(file, statement)
        empty = folder / migrations.SQL.as_posix().replace("/", "-")
        if not empty.exists():
            con = attach(str(empty), statement)
            migrations.migrate(con, working.now())
            con.close()
        shutil.copyfile(empty, file)
        return attach(file, working._ATTACH)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(working, "_attach", attached)
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that start a Prefect server come first: they wait a lot, and beside them others can run."""
    waiting = {item.path for item in items if item.get_closest_marker("prefect")}
    items.sort(key=lambda item: item.path not in waiting)
