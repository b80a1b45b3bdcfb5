"""The macro search on small texts in five languages, through a stock DuckDB client that opens the file read-only."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from unicodedata import category, normalize

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tamis.cleaners.dedup.normalise import units
from tamis.cleaners.records import CleanDocument
from tamis.cleaners.search import wording
from tamis.warehouse.connection import open_writer
from tamis.warehouse.files.publishing import publish
from tamis.warehouse.search import index
from tests.warehouse import press

TEXTS = {
    "saisie": ("fr", "Saisie record", "Les douaniers ont saisi hier deux tonnes de cocaïne. Le narcotrafic progresse."),
    "gang": (
        "fr",
        "Coup de filet",
        "Un narcotrafiquant arrêté : le crime organisé recule au port. L’État s’en félicite.",
    ),
    "foot": ("fr", "Football au port", "Le match fut un crime. Des organisés ont perturbé le port. Le port fermait."),
    "police": ("fr", None, "La police de la ville a présenté son bilan annuel, et la sécurité des écoles avec lui."),
    "amn": ("ar", "أمن", "أعلنت الشرطة والمحكمة أن الأمن حجز مخدّرات كثيرة في الميناء إلى آخر اليوم"),
    "hukm": ("ar", "حكم", "حكمت محكمة المدينة على المتهم بعد جلسة طويلة"),
    "hafen": ("de", "Drogenfund", "Die Behörden fanden in Häusern an der Straße Drogen. Über den Hafen kam die Ware."),
    "frontera": (
        "es",
        "Detención",
        "La policía detuvo a dos traficantes; las operaciones siguen en la frontera mañana.",
    ),
    "seizure": ("en", "Seizure", "Officers seized the drugs; more seizures followed while they were investigating."),
}


def documents(names: Sequence[str] = tuple(TEXTS)) -> list[press.Document]:
    """Pages of these texts, named by their sources."""
    pages = []
    for name in names:
        language, title, text = TEXTS[name]
        raw, clean = press.page(text, name, site=f"{language}.example", day=1 + list(TEXTS).index(name))
        assert isinstance(clean, CleanDocument)
        pages.append((raw, replace(clean, language=language, title=title)))
    return pages


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("search") / "w.duckdb"
    press.load(path, documents())
    return path


def found(warehouse: Path, query: str) -> list[str]:
    """The names of the texts that a query finds, in their order."""
    con = duckdb.connect(str(warehouse), read_only=True)
    try:
        rows = con.execute(
            "SELECT source FROM search($query) AS s JOIN articles USING (document) ORDER BY s.score DESC, document",
            {"query": query},
        ).fetchall()
    finally:
        con.close()
    return [str(source) for (source,) in rows]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("cocaine", {"saisie"}),  # accents
        ("COCAÏNE", {"saisie"}),
        ("tonne", {"saisie"}),  # an inflected form
        ("arrêtés", {"gang"}),  # a form that no text has
        ("etat", {"gang"}),
        ("l’État", {"gang"}),  # elision
        ("securite ecole", {"police"}),
        ("محكمة", {"amn", "hukm"}),  # conjunction and article
        ("المحكمة", {"amn", "hukm"}),
        ("شرطة", {"amn"}),
        ("امن", {"amn"}),  # variants of alef
        ("الى اخر", {"amn"}),
        ("مخدرات", {"amn"}),  # vowel signs
        ("المخدرات", {"amn"}),
        ("häuser", {"hafen"}),
        ("hauser", {"hafen"}),
        ("strasse", {"hafen"}),
        ("behörde", {"hafen"}),
        ("operación", {"frontera"}),
        ("traficante", {"frontera"}),
        ("manana", {"frontera"}),
        ("investigated", {"seizure"}),
        ("seizing", {"seizure"}),
        ("crime organisé", {"gang", "foot"}),  # all words, any form
        ('"crime organisé"', {"gang"}),
        ("«crime organisé»", {"gang"}),
        ('"crime organisé', {"gang"}),  # the quotation mark was not closed
        ('"crimes"', set()),  # in quotes a word is found as it stands
        ('"Coup de filet"', {"gang"}),  # in the title
        ('"filet un"', set()),  # a phrase does not run from the title into the text
        ('"coup de filet" "crime organisé"', {"gang"}),
        ('"crime organisé" "organisés ont"', set()),
        ('"le crime" -"coup de filet"', set()),
        ('"le port le port"', {"foot"}),
        ('port -"crime organisé"', {"foot"}),
        ("port -football", {"gang"}),
        ("port -crime-organisé", {"foot"}),
        ("narco*", {"saisie", "gang"}),
        ("-port", set()),
        ("port xylophage", set()),
        ("", set()),
        ('" - "" * -', set()),
        ("'; DROP TABLE words; --", set()),
        ("100% [a-z]+ \\", set()),
    ],
)
def test_what_a_query_finds(warehouse: Path, query: str, names: set[str]) -> None:
    assert set(found(warehouse, query)) == names


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("narcotrafic", ["saisie", "gang"]),  # the word itself before those that begin like it
        ("port", ["foot", "gang"]),  # in the title, and more often
        ("narcotrafiquants", ["gang"]),
    ],
)
def test_the_best_comes_first(warehouse: Path, query: str, names: list[str]) -> None:
    assert found(warehouse, query) == names


@pytest.mark.parametrize(
    ("query", "snippet"),
    [
        ("narcotrafic tonne", "deux **tonnes** de cocaïne. Le **narcotrafic** progresse."),
        ("etat", "L’**État** s’en félicite."),
        ("محكمة جلسة", "حكمت **محكمة** المدينة على المتهم بعد **جلسة** طويلة"),
        ("häuser strasse", "in **Häusern** an der **Straße** Drogen."),
    ],
)
def test_a_snippet_marks_what_was_found(warehouse: Path, query: str, snippet: str) -> None:
    con = duckdb.connect(str(warehouse), read_only=True)
    ((shown,),) = con.execute("SELECT snippet FROM search($query) LIMIT 1", {"query": query}).fetchall()
    con.close()
    assert snippet in shown


def test_a_snippet_is_the_passage_with_most_of_the_words(tmp_path: Path) -> None:
    text = f"Le port. {press.prose(1, 100)} Le navire entre au port de nuit. {press.prose(2, 100)}"
    press.load(tmp_path / "w.duckdb", [press.page(text, "a.txt")])
    ((snippet,),) = press.ask(tmp_path / "w.duckdb", "SELECT snippet FROM search('port navire')")
    assert isinstance(snippet, str)
    assert "Le **navire** entre au **port** de nuit." in snippet
    assert snippet.startswith("… ")
    assert snippet.endswith(" …")
    assert press.ask(tmp_path / "w.duckdb", "SELECT snippet FROM search('port', snippets := 0)") == [(None,)]


def test_only_articles_are_found(tmp_path: Path) -> None:
    text = press.prose(1)
    press.load(tmp_path / "w.duckdb", [press.page(text, "a.txt", day=1), press.page(text, "copy.txt", day=2)])
    assert found(tmp_path / "w.duckdb", text.split()[0]) == ["a.txt"]


def judge(con: duckdb.DuckDBPyConnection, keys: Sequence[str], chance: random.Random) -> None:
    """Clusters, judgements and versions of pages at random for documents of these raw keys."""
    names = [key[:16] for key in keys]
    clusters = [(name, chance.choice(names[:8])) for name in names]
    con.executemany("UPDATE memberships SET cluster = $2 WHERE document = $1", clusters)
    con.execute("UPDATE memberships SET cluster = document WHERE document IN (SELECT cluster FROM memberships)")
    con.executemany(
        "INSERT INTO relevance VALUES ($1, $2, 0.5, 0.5, $3, [], [], now() :: TIMESTAMP, '1')",
        [(f"topic{n}", name, chance.random() < 0.4) for n in range(2) for name in chance.sample(names, 6)],
    )
    con.executemany(
        "INSERT INTO page_versions VALUES ($1, $2, $3, now() :: TIMESTAMP, false, [])",
        [(address, number, chance.choice(keys)) for address in "abcd" for number in range(1, chance.randint(2, 4))],
    )


def test_what_is_found_is_what_the_view_calls_articles(tmp_path: Path) -> None:
    chance = random.Random(5)
    pages = [press.page(f"Le port {press.prose(n)}", f"{n}.txt", day=chance.randint(1, 3)) for n in range(20)]
    press.load(tmp_path / "w.duckdb", pages)
    seen = set()
    with open_writer(tmp_path / "w.duckdb") as con:
        for _ in range(20):
            con.execute("BEGIN")
            judge(con, sorted(raw.key for raw, _ in pages), chance)
            articles = {name for (name,) in con.execute("SELECT document FROM articles").fetchall()}
            assert {name for (name,) in con.execute("SELECT document FROM search('port')").fetchall()} == articles
            seen.add(len(articles))
            con.execute("ROLLBACK")
    assert len(seen) > 3


def hits(warehouse: Path) -> list[tuple[object, ...]]:
    """What a few queries give, scores and snippets too."""
    return [
        row
        for query in ("port", "crime organisé", '"crime organisé"', "police", "الأمن", "drogen", "narco*")
        for row in press.ask(warehouse, f"FROM search('{query}')")
    ]


def test_neither_order_nor_batches_nor_lots_change_what_is_found(
    warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.settle, "__defaults__", (40,))
    monkeypatch.setattr(index, "SEGMENT", 60)
    shuffled = documents()
    random.Random(3).shuffle(shuffled)
    other = tmp_path / "w.duckdb"
    press.load(other, shuffled[:2], shuffled[2:3])
    press.load(other, shuffled[3:])
    assert press.ask(other, "SELECT count(*) > 0 FROM postings") == [(True,)]
    assert hits(other) == hits(warehouse)
    assert press.contents(other, ["words"]) == press.contents(warehouse, ["words"])


def test_the_same_load_twice_adds_no_posting(warehouse: Path) -> None:
    tables = ("indexed_documents", "words", "postings", "recent_postings", "forgotten_numbers")
    before = press.contents(warehouse, tables)
    press.load(warehouse, documents())
    assert press.contents(warehouse, tables) == before


def test_documents_of_an_older_warehouse_are_caught_up_with(warehouse: Path, tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    press.load(path, documents())
    with open_writer(path) as con:
        for table in ("indexed_documents", "words", "recent_postings"):
            con.execute(f"DELETE FROM {table}")
    assert hits(path) == []
    with open_writer(path) as con:
        assert index.catch_up(con, wording) == len(TEXTS)
        assert index.catch_up(con, wording) == 0
    assert hits(path) == hits(warehouse)


def test_a_document_is_forgotten_and_found_again(warehouse: Path, tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    press.load(path, documents())
    with open_writer(path) as con:
        con.execute("CREATE TEMP TABLE changing AS SELECT document FROM articles WHERE source IN ('foot', 'hafen')")
        index.forget(con)
    publish(path)
    assert found(path, "port") == ["gang"]
    with open_writer(path) as con:
        assert index.catch_up(con, wording) == 2
    assert hits(path) == hits(warehouse)


def test_what_forgotten_documents_left_is_swept_out(warehouse: Path, tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    press.load(path, documents())
    for _ in range(3):
        with open_writer(path) as con:
            con.execute("CREATE TEMP TABLE changing AS SELECT document FROM documents WHERE language IN ('fr', 'de')")
            index.forget(con)
            assert index.catch_up(con, wording) == 5
        assert hits(path) == hits(warehouse)
        numbers = "SELECT DISTINCT unnest(numbers) FROM (FROM postings UNION ALL FROM recent_postings)"
        kept = press.ask(path, f"SELECT count(*) FROM ({numbers})")
        assert kept == press.ask(
            path, "SELECT (SELECT count(*) FROM indexed_documents) + (SELECT count(*) FROM forgotten_numbers)"
        )
        assert press.ask(path, "SELECT count(*) <= 9 FROM forgotten_numbers") == [(True,)]
        assert press.ask(path, "SELECT count(*) - count(DISTINCT number) FROM indexed_documents") == [(0,)]


def is_typed(character: str) -> bool:
    """Whether somebody types it into a query: no control, and no mere variant of others (superscripts and the like)."""
    return category(character) != "Cf" and normalize("NFKD", character) == normalize("NFD", character)


letters = st.characters(max_codepoint=0x24F) | st.characters(min_codepoint=0x600, max_codepoint=0x6FF)


@pytest.fixture(scope="module")
def client(warehouse: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(warehouse), read_only=True)


@example(text="co\u00adcaïne می\u200cشود")
@given(text=st.text(letters.filter(is_typed)))
def test_sql_folds_as_python_does(client: duckdb.DuckDBPyConnection, text: str) -> None:
    sql = "SELECT regexp_extract_all(folded($text), '[\\p{L}\\p{N}]+')"
    assert client.execute(sql, {"text": text}).fetchall() == [(units(text),)]
