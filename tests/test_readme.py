"""What the README shows works: its SQL, on a warehouse made from the seeds, through a plain DuckDB client."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from tamis.flows.run import ingest
from tamis.flows.settings import load

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
QUERIES = [
    query.strip()
    for block in re.findall(r"```sql\n(.*?)```", README, re.DOTALL)
    for query in block.split(";")
    if query.strip()
]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("readme") / "tamis.duckdb"
    ingest([ROOT / "seeds"], load({"warehouse": path}), lambda _: None)
    return path


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_a_query_of_the_readme_answers(warehouse: Path, query: str) -> None:
    with duckdb.connect(str(warehouse), read_only=True) as client:
        assert client.execute(query).fetchall()


def test_the_readme_has_queries() -> None:
    assert len(QUERIES) >= 4


def test_links_of_the_readme_lead_somewhere() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
