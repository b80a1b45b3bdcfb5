"""``tamis search`` as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.flows.conftest import Tamis

PAGES = {
    "lens.txt": "Titre du port\n\nLe narcotrafic touche le port de la ville, dit le maire.\n",
    "oslo.txt": "Titre des quais\n\nUn narcotrafiquant a été arrêté sur les quais.\n",
}


@pytest.fixture
def pages(tamis: Tamis, tmp_path: Path) -> None:
    """A warehouse with two pages."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for name, text in PAGES.items():
        (folder / name).write_text(text)
    assert tamis("ingest", "pages").returncode == 0


@pytest.mark.usefixtures("pages")
def test_search_finds_shows_and_filters(tamis: Tamis) -> None:
    shown = tamis("search", "narcotrafic")
    assert shown.returncode == 0
    assert shown.stdout.index(b"**narcotrafic**") < shown.stdout.index(b"**narcotrafiquant**")
    limited = tamis("search", "narcotrafic", "--limit", "1")
    assert b"narcotrafiquant" not in limited.stdout
    assert b"the best 1 of 2 articles" in limited.stderr
    rows = json.loads(tamis("search", "narcotrafic", "--format", "json").stdout)
    assert ["touche" in row["snippet"] for row in rows] == [True, False]
    assert json.loads(tamis("search", "narcotrafic", "--language", "en", "-f", "json").stdout) == []
    assert json.loads(tamis("search", "narcotrafic", "--since", "2026-01-01", "-f", "json").stdout) == []


@pytest.mark.usefixtures("pages")
def test_search_says_that_nothing_was_found(tamis: Tamis) -> None:
    done = tamis("search", '"narcotrafic arrêté"')
    assert done.returncode == 0
    assert done.stdout == b""
    assert b"no article has all of these words" in done.stderr
