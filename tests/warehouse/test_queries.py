"""The typed questions of the command line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tamis.warehouse import queries
from tamis.warehouse.connection import open_reader
from tests.warehouse import press


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("queries") / "w.duckdb"
    text = press.prose(1)
    pages = [
        press.page(text, "/press/a.txt", site="a.example", day=3, url="https://a.example/1"),
        press.page(text, "/press/copy.txt", day=9),
        press.page(press.prose(2), "/other/a.txt", day=5),
        press.page(press.prose(3), "/press/100%.txt"),
        press.refused("/press/picture.png"),
    ]
    press.load(path, pages)
    press.load(path, pages)
    return path


def test_status_counts_what_is_there(warehouse: Path) -> None:
    with open_reader(warehouse) as con:
        status = queries.status(con, warehouse)
    assert (status.raw, status.documents, status.articles, status.undated) == (5, 4, 3, 1)
    assert (status.rejected, status.duplicates, status.removed) == ({"binary": 1}, {"exact": 1}, {"related": 4})
    assert (status.languages, status.first_day, status.last_day) == ({"fr": 3}, date(2026, 3, 3), date(2026, 3, 5))
    assert status.file_bytes == warehouse.stat().st_size
    assert status.last_run is not None
    assert (status.last_run.read, status.last_run.new, status.last_run.repeated) == (5, 4, 1)


def test_an_empty_warehouse_has_a_status(tmp_path: Path) -> None:
    press.load(tmp_path / "w.duckdb")
    with open_reader(tmp_path / "w.duckdb") as con:
        status = queries.status(con, tmp_path / "w.duckdb")
    assert (status.raw, status.articles, status.first_day, status.languages) == (0, 0, None, {})


def test_why_lists_the_removals_with_the_header(warehouse: Path) -> None:
    with open_reader(warehouse) as con:
        explanation = queries.why(con, "/press/a.txt")
    assert explanation.removals == (
        queries.Removal(0, "related", "widgets.read_also", 0.9, "Lire aussi", "lire aussi"),
    )
    assert explanation.article is not None
    article = explanation.article
    assert (article.title, article.authors, article.site) == ("Titre de /press/a.txt", ("A. Autrice",), "a.example")
    assert (article.published_on, article.published_precision, article.published_zone) == (
        date(2026, 3, 3),
        "day",
        None,
    )
    assert (article.is_canonical, article.relation, article.words) == (True, None, 120)


def test_a_duplicate_names_its_canonical_document(warehouse: Path) -> None:
    with open_reader(warehouse) as con:
        copy, first = (queries.why(con, doc).article for doc in ("copy.txt", "/press/a.txt"))
    assert copy is not None
    assert first is not None
    assert (copy.cluster, copy.relation, copy.is_canonical) == (first.document, "exact", False)


def test_a_rejected_document_has_its_reason(warehouse: Path) -> None:
    with open_reader(warehouse) as con:
        explanation = queries.why(con, "picture.png")
    assert (explanation.article, explanation.source, explanation.rejected) == (None, "/press/picture.png", "binary")
