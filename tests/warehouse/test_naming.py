"""Which document a person means: any beginning of a key, name, id, address or title that fits one document only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from tamis.cleaners.errors import StopRun
from tamis.cleaners.records import CleanDocument
from tamis.warehouse import naming
from tamis.warehouse.connection import open_reader
from tests.warehouse import press


def page(seed: int, source: str, title: str | None = None, url: str | None = None) -> press.Document:
    raw, clean = press.page(press.prose(seed), source, url=url)
    assert isinstance(clean, CleanDocument)
    return raw, replace(clean, title=title)


PAGES = {
    "port": page(1, "/press/a.txt", "Été : le port d’Essai rouvre", "https://www.journal.example/2026/port"),
    "again": page(2, "/press/copy.txt", "Été : le port ferme"),
    "short": page(3, "/other/a.txt", "Été"),
    "percent": page(4, "/press/100%.txt"),
    "record": page(5, "/press/dump.jsonl#depeche/12", "«\u00a0Œuvres\u00a0» : la vente"),
    "arabic": page(6, "/press/ar.txt", "الأمن الوطني يعلن"),
    "long": page(7, "/press/long.txt", "Un titre " + "très " * 40 + "long"),
    "refused": press.refused("/press/picture.png"),
}
MANY = [page(100 + n, f"/many/{n:02}.txt", f"Bulletin numéro {n}") for n in range(12)]


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    path = tmp_path_factory.mktemp("naming") / "w.duckdb"
    press.load(path, [*PAGES.values(), *MANY])
    with open_reader(path) as reader:
        yield reader


@pytest.mark.parametrize(
    ("doc", "name"),
    [
        ("copy.txt", "again"),
        (" /press/copy.txt ", "again"),
        ("cop", "again"),
        ("100%", "percent"),
        ("/press/a.txt", "port"),
        ("été : le port d'e", "port"),
        ("ETE :  LE PORT  F", "again"),
        ("ete", "short"),  # a whole title goes before the beginning of another
        ("« oeuvres", "record"),
        ("depeche/12", "record"),
        ("dépêche", "record"),
        ("dump", "record"),
        ("الامن", "arabic"),
        ("https://www.journal.example/2026/port", "port"),
        ("http://journal.example/2026/port/", "port"),
        ("journal.example", "port"),
        ("WWW.JOURNAL.EXAMPLE/2026", "port"),
        ("picture.png", "refused"),
        ("PICT", "refused"),
    ],
)
def test_a_document_is_meant_by_any_beginning_that_fits_it_alone(
    con: duckdb.DuckDBPyConnection, doc: str, name: str
) -> None:
    assert naming.find(con, doc) == PAGES[name][0].key


@pytest.mark.parametrize("digits", [64, 16, 9, 6])
def test_a_document_is_meant_by_the_beginning_of_its_key(con: duckdb.DuckDBPyConnection, digits: int) -> None:
    key = PAGES["refused"][0].key
    assert naming.find(con, key[:digits]) == naming.find(con, key[:digits].upper()) == key


@pytest.mark.parametrize(
    ("doc", "listed"),
    [
        ("a.txt", ["port", "short"]),
        ("été : le", ["again", "port"]),
    ],
)
def test_what_may_mean_several_lists_them(con: duckdb.DuckDBPyConnection, doc: str, listed: list[str]) -> None:
    with pytest.raises(StopRun, match=f"may mean {len(listed)} documents; give the id of one") as caught:
        naming.find(con, doc)
    lines = str(caught.value).splitlines()[1:]
    assert sorted(line.split()[0] for line in lines) == sorted(PAGES[name][0].key[:16] for name in listed)
    assert all(PAGES[name][0].source in str(caught.value) for name in listed)


def test_ten_candidates_are_listed_at_most(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(StopRun) as caught:
        naming.find(con, "bulletin")
    lines = str(caught.value).splitlines()
    assert "may mean 12 documents" in lines[0]
    assert (len(lines), lines[-1]) == (12, "  and 2 more")


@pytest.mark.parametrize(
    ("doc", "message"),
    [
        ("ports d'essai", r"begins with \"ports d'essai\"; see what is there: tamis list"),
        ("le port d’essai", "the nearest:\n  \\w{16}  Été : le port d’Essai rouvre  \\(/press/a.txt\\)"),
        ("copie.txt", "the nearest:\n  \\w{16}  Été : le port ferme"),
        ("pictures.png", r"the nearest:\n  \w{16}  rejected: binary  \(/press/picture.png\)"),
        ("", "no document is named"),
        ("  ", "no document is named"),
        ("100_.txt", "no document has"),
        ("' OR true --", "no document has"),
        ("%", "no document has"),
    ],
)
def test_what_means_none_says_what_is_there(con: duckdb.DuckDBPyConnection, doc: str, message: str) -> None:
    with pytest.raises(StopRun, match=message):
        naming.find(con, doc)


def test_an_empty_warehouse_says_so(tmp_path: Path) -> None:
    press.load(tmp_path / "w.duckdb")
    with open_reader(tmp_path / "w.duckdb") as con, pytest.raises(StopRun, match="the warehouse is empty"):
        naming.find(con, "port")
