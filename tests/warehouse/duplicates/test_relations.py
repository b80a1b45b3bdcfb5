"""Versions of one address and copies of a wire service, as the views show them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tamis.cleaners.records import CleanDocument
from tests.warehouse import press


def test_files_with_one_address_are_its_versions(tmp_path: Path) -> None:
    path, url = tmp_path / "w.duckdb", "https://a.example/story"
    text = press.prose(30, 150)
    old = press.page(text, "old.txt", day=1, url=url, site="a.example")
    new = press.page(f"{text} {press.prose(31, 80)}", "new.txt", day=4, url=url, site="a.example")
    same = press.page(text, "again.txt", day=5, url=url, site="a.example")
    alone = press.page(press.prose(32), "alone.txt", day=1, url="https://a.example/other")
    press.load(path, [new, old, same, alone])
    chain = press.ask(path, "SELECT address, number, newest, title, text_changed FROM versions ORDER BY number")
    assert chain == [(url, 1, False, "Titre de old.txt", True), (url, 2, True, "Titre de new.txt", True)]
    pairs = press.ask(path, "SELECT relation, other_title FROM duplicates WHERE title = 'Titre de new.txt'")
    assert pairs == [("version", "Titre de old.txt")]
    assert press.ask(path, "SELECT count(*) FROM articles") == [(2,)]


def test_an_agency_copy_says_whose_it_is(tmp_path: Path) -> None:
    path, text = tmp_path / "w.duckdb", press.prose(33, 150)
    raw, clean = press.page(text, "wire.txt", day=2, site="reuters.com")
    assert isinstance(clean, CleanDocument)
    own = raw, replace(clean, agency="Reuters")
    press.load(path, [own, press.page(f"Autre titre {text}", "copy.txt", day=1, site="a.example")])
    found = press.ask(path, "SELECT title, other_title, relation, agency FROM duplicates")
    assert found == [("Titre de copy.txt", "Titre de wire.txt", "syndicated", "Reuters")]
    assert press.ask(path, "SELECT agency FROM documents ORDER BY agency") == [("Reuters",), (None,)]
