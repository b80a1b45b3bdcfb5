"""The verbs that judge stored documents again, decide by hand and export, as a user types them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tamis.cleaners.clean import clean
from tests.flows import stored
from tests.flows.conftest import Tamis


@pytest.fixture(scope="module")
def of_old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stored.load(tmp_path_factory.mktemp("cli") / "w.duckdb", [stored.older(raw) for raw in stored.RAWS])


@pytest.fixture
def warehouse(of_old: Path, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(of_old, tmp_path / "w.duckdb"))


def test_reclean_shows_the_difference_and_applies_it_when_asked(tamis: Tamis, warehouse: Path) -> None:
    before = warehouse.read_bytes()
    shown = tamis("reclean", "--rule", "older", "-w", warehouse)
    assert shown.returncode == 0, shown.stderr
    assert b"related.read_also 1" in shown.stdout
    assert b"nothing was written; --apply makes it so" in shown.stdout
    assert warehouse.read_bytes() == before
    applied = tamis("reclean", "--rule", "older", "--apply", "-w", warehouse)
    assert b"applied as run " in applied.stdout
    kinds = tamis("sql", "SELECT kind, asked FROM runs ORDER BY kind", "-f", "csv", "-w", warehouse)
    assert kinds.stdout.decode().splitlines()[1:] == ['"load",""', '"reclean","rule older"']
    assert b"last run" in tamis("status", "-w", warehouse).stdout


def test_a_person_keeps_drops_and_undoes(tamis: Tamis, warehouse: Path) -> None:
    dropped = tamis("drop", "port.txt", "lire aussi", "--as", "related", "--because", "essai", "-w", warehouse)
    assert dropped.returncode == 0, dropped.stderr
    assert f"dropped: {stored.RELATED}" in dropped.stdout.decode()
    assert "person.drop" in tamis("why", "port.txt", "-w", warehouse).stdout.decode()
    assert "Les dockers" in tamis("why", "port.txt", "--all", "-w", warehouse).stdout.decode()
    kept = tamis("keep", "port.txt", "lire aussi", "-w", warehouse)
    assert "person.keep" in kept.stdout.decode()
    undone = tamis("undo", "port.txt", "-w", warehouse)
    assert "left to the rules" in undone.stdout.decode()
    again = tamis("undo", "port.txt", "-w", warehouse)
    assert again.returncode == 2
    assert b"nothing was decided by hand" in again.stderr
    wrong = tamis("drop", "port.txt", "1", "--as", "rubbish", "-w", warehouse)
    assert wrong.returncode == 2
    assert b"no such kind of block; one of image, caption" in wrong.stderr


def test_export_writes_a_corpus_with_its_card(tamis: Tamis, warehouse: Path, tmp_path: Path) -> None:
    done = tamis("export", "corpus", "--format", "text", "--language", "fr", "--as-of", "2026-01-01", "-w", warehouse)
    assert done.returncode == 0, done.stderr
    card = json.loads((tmp_path / "corpus" / "card.json").read_text(encoding="utf-8"))
    assert (card["filters"], card["as_of"]) == ({"language": "fr"}, "2026-01-01T23:59:59.999999")
    assert str(card["articles"]) in done.stdout.decode()
    none = tamis("export", "none.csv", "--language", "xx", "-w", warehouse)
    assert none.returncode == 2
    assert b"no article is selected (language xx)" in none.stderr
    assert not (tmp_path / "none.csv").exists()


@pytest.mark.gate
@pytest.mark.prefect
def test_the_flow_does_what_the_command_does(server: None, of_old: Path, tmp_path: Path) -> None:
    from tamis.flows.reclean import reclean  # noqa: PLC0415 - most tests never need Prefect

    settings = stored.copied(of_old, tmp_path)
    shown = reclean(warehouse=str(settings.warehouse))
    assert (shown.tally.changing, shown.run) == (2, None)
    applied = reclean(rule="older", apply=True, warehouse=str(settings.warehouse))
    assert (applied.tally.changing, applied.run is None) == (1, False)
    assert clean(stored.PORT)
