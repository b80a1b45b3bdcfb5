"""The steps of a load tell what they read and write, and hand on temporary tables that are declared in one place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tamis.warehouse import site_memory, step_tables
from tamis.warehouse.connection import open_writer
from tamis.warehouse.duplicates import candidates, clusters, invalidation, sketches
from tamis.warehouse.rejudging import replacing
from tests.warehouse import press, rejudging, steps
from tests.warehouse.steps import MODULES, Step

STEPS = [step for path in MODULES for step in steps.steps(path) if step.reads or step.writes]
READ = frozenset().union(*(step.reads for step in STEPS))
# After these steps the temporary tables that others need are there.
TRACED = (
    (invalidation, "remember"),
    (site_memory, "remember"),
    (sketches, "ask"),
    (candidates, "find"),
    (clusters, "_find_components"),
    (clusters, "_recluster"),
    (site_memory, "learn"),
    (replacing, "_name"),
)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """The tables that a warehouse keeps."""
    with open_writer(tmp_path_factory.mktemp("steps") / "w.duckdb") as con:
        found = con.execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary").fetchall()
    return frozenset(name for (name,) in found)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_step_reads_no_table_that_its_docstring_does_not_name(step: Step) -> None:
    assert step.told_reads == step.reads


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_step_names_the_tables_that_it_writes_for_others(step: Step, stored: frozenset[str]) -> None:
    assert step.told_writes == {table for table in step.writes if table in stored or table in step_tables.TABLES}


def test_temporary_tables_that_one_step_makes_and_another_reads_are_declared(stored: frozenset[str]) -> None:
    made = {table for step in STEPS for table in step.writes}
    assert (READ & made) - stored == set(step_tables.TABLES)


def test_declared_columns_are_those_of_a_load_and_a_replacement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, dict[str, str]] = {}
    for module, name in TRACED:
        monkeypatch.setattr(module, name, noting(getattr(module, name), seen))
    path = tmp_path / "w.duckdb"
    texts = [press.prose(number) for number in range(3)]
    pages = [press.page(text, f"{number}.txt") for number, text in enumerate((*texts, texts[0]))]
    press.load(path, pages)
    rejudging.judge_again(path, [rejudging.shorter(pages[0])])
    declared = {name: dict(table.columns) for name, table in step_tables.TABLES.items()}
    assert {name: columns for name, columns in seen.items() if name in declared} == declared


def noting(step: Callable[..., Any], seen: dict[str, dict[str, str]]) -> Callable[..., Any]:
    """The step, after which the columns of all temporary tables are noted in ``seen``."""

    def noted(con: duckdb.DuckDBPyConnection, *args: Any, **known: Any) -> Any:
        given = step(con, *args, **known)
        found = con.execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = 'temp'"
            " AND NOT internal ORDER BY table_name, column_index"
        ).fetchall()
        for table, column, kind in found:
            seen.setdefault(table, {})[column] = kind
        return given

    return noted
