"""A server for all tests here, a lake of its own for each; all are skipped, saying so, where one cannot be had."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tamis.cleaners.errors import StopRun
from tamis.warehouse.address import Lake
from tamis.warehouse.lake import ducklake, extensions
from tests.lake.server import Missing, fresh, server


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The connection string of a PostgreSQL server; ``make test-lake`` has the tests fail where there is none."""
    try:
        for name in ducklake.EXTENSIONS:
            extensions.find(name)
        with server() as found:
            yield found
    except (StopRun, Missing) as missing:
        (pytest.fail if os.environ.get("TAMIS_TEST_LAKE") == "required" else pytest.skip)(str(missing))


@pytest.fixture
def address(postgres: str, tmp_path: Path) -> Iterator[Lake]:
    """A lake that is not there yet."""
    (tmp_path / "shared").mkdir()
    with fresh(postgres, tmp_path / "shared") as made:
        yield made
