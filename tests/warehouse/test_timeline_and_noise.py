"""Views timeline and noise_by_site, macros timeline and similar, on a corpus small enough to count by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tamis.cleaners.records import CleanDocument
from tamis.warehouse.connection import open_writer
from tamis.warehouse.following import topic_store
from tamis.warehouse.following.records import Remembered, StoredRelevance
from tests.warehouse import press

FACTS = {
    "fr": "Le conseil de la ville a voté hier le budget du port et des écoles pour la saison prochaine",
    "en": "The council of the city voted yesterday on the budget of the port and schools for the next season",
    "ar": "صوّت مجلس المدينة أمس على ميزانية الميناء والمدارس للموسم المقبل بعد نقاش طويل بين الأعضاء جميعا",
    "es": "El consejo de la ciudad votó ayer el presupuesto del puerto y de las escuelas para la próxima temporada",
    "de": "Der Rat der Stadt stimmte gestern über den Haushalt des Hafens und der Schulen für die nächste Saison ab",
}
DIGEST = " ".join([press.prose(1, 150), FACTS["fr"], press.prose(2, 150), FACTS["en"], press.prose(3, 150)])


def article(name: str, language: str, day: int | None, site: str | None, text: str | None = None) -> press.Document:
    """An article in a language: the facts, unless it says something else."""
    raw, clean = press.page(text or FACTS[language], name, site=site, day=day)
    assert isinstance(clean, CleanDocument)
    return raw, replace(clean, language=language)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("timeline") / "w.duckdb"
    documents = [
        article("fr", "fr", 2, "a.example"),
        article("copy", "fr", 9, "b.example"),
        article("en", "en", 2, "a.example"),
        article("ar", "ar", 2, "b.example"),
        article("es", "es", 9, None),
        article("de", "de", None, "b.example"),
        article("digest", "fr", 16, "b.example", DIGEST),
        article("other", "de", 16, "c.example", press.prose(4, 150)),
    ]
    press.load(path, documents)
    with open_writer(path) as con:
        judged = [
            StoredRelevance("ports", raw.key[:16], score, 0.5, True, ("port",), (), press.NOW, "e")
            for (raw, _), score in zip(documents[2:4], (0.6, 0.9), strict=True)
        ]
        topic_store.remember(con, Remembered([], [], [], judged))
    return path


def test_timeline_counts_each_article_on_its_day_and_site(warehouse: Path) -> None:
    rows = press.ask(
        warehouse, "SELECT day :: VARCHAR, site, articles, copies, languages FROM timeline ORDER BY day, site"
    )
    assert rows == [
        ("2026-03-02", "a.example", 2, 1, ["en", "fr"]),
        ("2026-03-02", "b.example", 1, 0, ["ar"]),
        ("2026-03-09", None, 1, 0, ["es"]),
        ("2026-03-16", "b.example", 1, 0, ["fr"]),
        ("2026-03-16", "c.example", 1, 0, ["de"]),
    ]


@pytest.mark.parametrize(
    ("call", "periods"),
    [
        ("NULL, 'week'", [("2026-03-02", 3, 2), ("2026-03-09", 1, 0), ("2026-03-16", 2, 2)]),
        ("NULL, grain := 'day'", [("2026-03-02", 3, 2), ("2026-03-09", 1, 0), ("2026-03-16", 2, 2)]),
        ("NULL", [("2026-03-01", 6, 3)]),
        ("'ports', 'year'", [("2026-01-01", 2, 2)]),
        ("'no such topic'", []),
    ],
)
def test_timeline_of_a_topic(warehouse: Path, call: str, periods: list[tuple[str, int, int]]) -> None:
    rows = press.ask(warehouse, f"SELECT period :: VARCHAR, articles, sites FROM timeline({call})")
    assert rows == periods


def test_timeline_names_the_most_relevant_article(warehouse: Path) -> None:
    assert press.ask(warehouse, "SELECT most_relevant FROM timeline('ports')") == [("Titre de ar",)]


def test_timeline_adds_up_to_the_articles_with_a_date(warehouse: Path) -> None:
    dated = "SELECT count(*), sum(words) FROM articles WHERE published_on IS NOT NULL"
    assert press.ask(warehouse, "SELECT sum(articles), sum(words) FROM timeline") == press.ask(warehouse, dated)


def test_noise_by_site_counts_blocks_and_words(warehouse: Path) -> None:
    rows = press.ask(
        warehouse,
        "SELECT site, documents, blocks, removed_blocks, removed_blocks_share, removed_words, removed_words_a_document,"
        " top_rules FROM noise_by_site ORDER BY site",
    )
    rule = ["widgets.read_also"]
    assert rows == [
        ("a.example", 2, 4, 2, 0.5, 4, 2.0, rule),
        ("b.example", 4, 8, 4, 0.5, 8, 2.0, rule),
        ("c.example", 1, 2, 1, 0.5, 2, 2.0, rule),
        (None, 1, 2, 1, 0.5, 2, 2.0, rule),
    ]
    assert press.ask(warehouse, "SELECT sum(words) FROM noise_by_site") == press.ask(
        warehouse, "SELECT sum(len(string_split_regex(trim(text), '\\s+'))) FROM blocks"
    )


def test_similar_finds_what_shares_passages_but_no_duplicate(warehouse: Path) -> None:
    """The digest has the French and the English text; the copy is a duplicate of the French one."""
    rows = press.ask(warehouse, "SELECT title, shared, containment FROM similar('en')")
    assert [title for title, *_ in rows] == ["Titre de digest"]
    assert all(shared >= 1 and containment == 1.0 for _, shared, containment in rows), rows
    assert ("Titre de en",) in press.ask(warehouse, "SELECT title FROM similar('digest')")
    assert press.ask(warehouse, "SELECT title FROM similar('ar')") == []


def test_similar_names_the_document_that_was_asked_for(warehouse: Path) -> None:
    ((key,),) = press.ask(warehouse, "SELECT document FROM articles WHERE source = 'en'")
    assert press.ask(warehouse, f"SELECT DISTINCT alike_to FROM similar('{key}')") == [(key,)]
