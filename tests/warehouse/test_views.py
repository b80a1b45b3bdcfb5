"""Views and macros, run by a stock DuckDB client that opens the file read-only and knows nothing of tamis."""

from __future__ import annotations

import os
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from tamis.warehouse import migrations
from tamis.warehouse.connection import open_writer
from tamis.warehouse.following import topic_store
from tamis.warehouse.following.records import AddressState, Remembered, SourceState, StoredRelevance, Version
from tests.warehouse import press

VIEWS = sorted(file.stem for file in (migrations.SQL / "views").glob("*.sql"))
ASKED = {
    "why": "FROM why('a.txt')",
    "on_topic": "FROM on_topic('ports')",
    "similar": "FROM similar('cut.txt')",
    "folded": "SELECT folded('Où est l''État ?')",
    "search": "FROM search('port -xylophage')",
    "timeline": "FROM timeline('ports', 'week')",
    "diff": "FROM diff('a.txt')",
}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("views") / "w.duckdb"
    text = press.prose(1)
    press.load(
        path,
        [
            press.page(text, "/press/a.txt", site="a.example", day=3),
            press.page(text[: len(text) * 2 // 3], "/press/cut.txt", day=2, site="b.example"),
            press.page(text, "/press/copy.txt"),
            press.page(" ".join([press.prose(5, 300), text, press.prose(6, 300)]), "/press/digest.txt"),
            press.refused("/press/picture.png"),
        ],
    )
    with open_writer(path) as con:
        keys = dict(con.execute("SELECT source, raw_key FROM raw_documents").fetchall())
        what = followed(keys["/press/a.txt"])
        topic_store.remember(con, what)
        later = Version(what.versions[0].address, keys["/press/picture.png"], press.NOW + timedelta(hours=1))
        topic_store.remember(con, Remembered(versions=[later]))
        con.execute("INSERT INTO site_decisions VALUES ('a.example', 1, 'pinned', 'Suivez-nous', ?)", [press.NOW])
    return path


def followed(key: str) -> Remembered:
    """What a topic knows of one page, its source and its relevance."""
    now = press.NOW
    source = SourceState(
        "ports", "s1", "feed", "https://a.example/feed", "A", "fr", now, now, now, now, now, 900.0, 1, 0, "", 3, 1, "e"
    )
    page = AddressState(
        "ports", "https://a.example/1", "page", "https://a.example/1", "s1", "Le port", 0.5, ("port",), now, "fetched",
        raw_key=key,
    )  # fmt: skip
    judged = StoredRelevance("ports", key[:16], 0.7, 0.48, True, ("port",), (), now, "e")
    return Remembered([source], [page], [Version(page.address, key, now)], [judged])


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_has_rows_and_a_comment(warehouse: Path, view: str) -> None:
    assert press.ask(warehouse, f"FROM {view}")
    assert press.ask(warehouse, f"SELECT comment FROM duckdb_views() WHERE view_name = '{view}'")[0][0]


def test_every_macro_answers(warehouse: Path) -> None:
    named = press.ask(
        warehouse, "SELECT DISTINCT function_name FROM duckdb_functions() WHERE NOT internal ORDER BY ALL"
    )
    assert [name for (name,) in named] == sorted(ASKED)
    for query in ASKED.values():
        assert press.ask(warehouse, query), query


def test_every_public_table_and_column_that_is_not_plain_is_commented(warehouse: Path) -> None:
    silent = "SELECT table_name FROM duckdb_tables() WHERE comment IS NULL AND table_name <> 'definitions'"
    assert press.ask(warehouse, silent) == []


def test_articles_are_the_canonical_documents(warehouse: Path) -> None:
    """The cut copy is dated earlier, so it is the one that counts: the earliest day comes first."""
    rows = press.ask(warehouse, "SELECT source, published_on :: VARCHAR, copies FROM articles ORDER BY source")
    assert rows == [("/press/cut.txt", "2026-03-02", 2), ("/press/digest.txt", None, 0)]


def test_duplicates_say_of_what_and_why(warehouse: Path) -> None:
    rows = press.ask(
        warehouse, "SELECT title, relation, other_title, same_cluster, sample <> '' FROM duplicates ORDER BY title"
    )
    cut, digest = "Titre de /press/cut.txt", "Titre de /press/digest.txt"
    stand_in = next(title for title, relation, *_ in rows if relation == "contained" and title != cut)
    assert set(rows) == {
        ("Titre de /press/a.txt", "near", cut, True, True),
        ("Titre de /press/copy.txt", "near", cut, True, True),
        (cut, "contained", digest, False, True),
        (stand_in, "contained", digest, False, True),
    }


@pytest.mark.parametrize("doc", ["a.txt", "/press/a.txt"])
def test_why_takes_the_name_of_a_file(warehouse: Path, doc: str) -> None:
    rows = press.ask(warehouse, f"SELECT block, label, rule, confidence, text FROM why('{doc}')")
    assert rows == [(0, "related", "widgets.read_also", 0.9, "Lire aussi")]


def test_why_takes_the_beginning_of_a_key(warehouse: Path) -> None:
    ((key,),) = press.ask(warehouse, "SELECT raw_key FROM raw_documents WHERE source = '/press/a.txt'")
    for doc in (str(key), str(key)[:16], str(key)[:12].upper()):
        assert press.ask(warehouse, f"SELECT label FROM why('{doc}')") == [("related",)]


def test_why_gives_the_reason_of_a_rejection(warehouse: Path) -> None:
    rows = press.ask(warehouse, "SELECT label, rule, detail FROM why('picture.png')")
    assert rows == [("rejected", "binary", "/press/picture.png holds NUL bytes")]


def test_removals_are_the_blocks_that_are_no_content(warehouse: Path) -> None:
    assert press.ask(warehouse, "SELECT DISTINCT label FROM removals") == [("related",)]
    assert press.ask(warehouse, "SELECT count(*) FROM removals") == [(4,)]


def test_the_other_duckdb_reads_the_same(warehouse: Path) -> None:
    """The two ends of the range of versions that are supported read each other's files."""
    python = os.environ.get("TAMIS_OTHER_PYTHON")
    if not python:
        pytest.skip("name a Python with another DuckDB in TAMIS_OTHER_PYTHON to run this")
    queries = [f"FROM {view} ORDER BY ALL" for view in VIEWS] + [*ASKED.values()]
    program = (
        "import duckdb, sys\ncon = duckdb.connect(sys.argv[1], read_only=True)\n"
        "print([con.execute(query).fetchall() for query in sys.argv[2:]])"
    )
    done = subprocess.run([python, "-c", program, str(warehouse), *queries], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str([press.ask(warehouse, query) for query in queries])


def test_diff_tells_the_versions_of_a_page_apart(warehouse: Path) -> None:
    rows = press.ask(
        warehouse, "SELECT compared, change, old_label, new_label, old_rule, new_rule, text[:6] FROM diff('a.txt')"
    )
    assert sorted(rows, key=repr) == [
        ("page", "added", None, "rejected", None, "binary", None),
        ("page", "removed", "content", None, "judge", None, press.prose(1)[:6]),
        ("page", "removed", "related", None, "widgets.read_also", None, "Lire a"),
    ]
    assert press.ask(warehouse, "FROM diff('picture.png')") == press.ask(warehouse, "FROM diff('a.txt')")
    assert press.ask(warehouse, "FROM diff('digest.txt')") == []
