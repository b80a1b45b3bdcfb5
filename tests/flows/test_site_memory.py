"""What a site repeats, by the real pipeline: learnt from its first pages, taken out of the next, no cluster moved."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from tamis.flows import run
from tamis.flows.settings import Settings
from tamis.warehouse.connection import open_reader
from tests.flows.conftest import Tamis

FURNITURE = "La rédaction remercie la fondation du port pour l'accueil de ses journalistes toute cette année."
WORDS = (  # noqa: SIM905 - quoted words are hard to read
    "port ville conseil vote budget pluie saison récolte marché rue école maire région projet eau train ligne accord"
    " hausse baisse mesure plan étude rapport équipe forêt digue pont halle annonce ouvre ferme prévoit confirme"
).split()


def sentences(seed: int, number: int = 6) -> list[str]:
    chance = random.Random(seed)
    return [f"Le {' '.join(chance.choices(WORDS, k=16))}, a expliqué la mairie mardi." for _ in range(number)]


def line(number: int, body: Sequence[str], site: str = "a.example") -> str:
    text = "\n\n".join([f"Le titre numéro {number} du journal", *body])
    return json.dumps({"id": str(number), "text": text, "url": f"https://www.{site}/{number}"})


def pages(*numbers: int) -> list[str]:
    return [line(n, [*sentences(n)[:3], FURNITURE, *sentences(n)[3:]]) for n in numbers]


def ingest(folder: Path, warehouse: Path, lines: Sequence[str]) -> None:
    path = folder / "pages.jsonl"
    path.write_text("\n".join(lines))
    run.ingest([path], Settings(warehouse=warehouse, workers=1), lambda _: None)


def ask(warehouse: Path, query: str) -> list[tuple[object, ...]]:
    with open_reader(warehouse) as con:
        return con.execute(query).fetchall()


CLUSTERS = "SELECT document, cluster, relation FROM memberships ORDER BY document"
REPEATED = "SELECT count(*) FROM removals WHERE rule = 'site.repeated' AND label = 'repeated'"


def test_what_the_first_pages_repeat_is_taken_out_of_the_next(tmp_path: Path) -> None:
    warehouse = tmp_path / "w.duckdb"
    ingest(tmp_path, warehouse, pages(*range(9)))
    assert ask(warehouse, REPEATED) == [(0,)]
    assert ask(warehouse, "SELECT site, state, pages, sample FROM site_templates") == [
        ("a.example", "learnt", 9, FURNITURE)
    ]
    ingest(tmp_path, warehouse, [*pages(20), line(21, [*sentences(21), FURNITURE], "b.example")])
    assert ask(warehouse, REPEATED) == [(1,)]
    text, compared = ask(warehouse, "SELECT text, compared_text FROM documents WHERE url = 'https://www.a.example/20'")[
        0
    ]
    assert FURNITURE not in str(text)
    assert FURNITURE in str(compared)
    other = ask(warehouse, "SELECT text, compared_text FROM documents WHERE site = 'b.example'")[0]
    assert FURNITURE in str(other[0])
    assert other[1] is None


def test_clusters_do_not_depend_on_what_was_learnt_when(tmp_path: Path) -> None:
    copy = line(50, [*sentences(3), FURNITURE], "c.example")
    lines = [*pages(*range(12)), copy, line(51, [*sentences(11), FURNITURE, *sentences(60, 2)])]
    at_once, one_by_one, backwards = (tmp_path / f"{name}.duckdb" for name in ("once", "parts", "backwards"))
    ingest(tmp_path, at_once, lines)
    for start in range(0, len(lines), 5):
        ingest(tmp_path, one_by_one, lines[start : start + 5])
        ingest(tmp_path, backwards, lines[::-1][start : start + 5])
    assert len({row[1] for row in ask(at_once, CLUSTERS)}) < len(lines)
    assert ask(one_by_one, CLUSTERS) == ask(backwards, CLUSTERS) == ask(at_once, CLUSTERS)
    assert ask(one_by_one, REPEATED) != ask(at_once, REPEATED)


def test_a_person_has_the_last_word(tmp_path: Path, tamis: Tamis) -> None:
    warehouse = tmp_path / "w.duckdb"
    ingest(tmp_path, warehouse, pages(*range(9)))
    listed = tamis("site", "-w", warehouse).stdout.decode()
    assert "a.example" in listed
    of_site = tamis("site", "a.example", "-w", warehouse).stdout.decode()
    assert FURNITURE in of_site
    name = str(ask(warehouse, "SELECT id FROM site_templates")[0][0])[:8]
    vetoed = tamis("site", "a.example", "--veto", name, "-w", warehouse)
    assert (vetoed.returncode, b"reclean --site a.example" in vetoed.stderr) == (0, True)
    ingest(tmp_path, warehouse, pages(20))
    assert ask(warehouse, REPEATED) == [(0,)]
    assert ask(warehouse, "SELECT state, pages FROM site_templates") == [("vetoed", 10)]
    assert tamis("site", "a.example", "--pin", name, "-w", warehouse).returncode == 0
    ingest(tmp_path, warehouse, pages(21))
    assert ask(warehouse, REPEATED) == [(1,)]
    assert tamis("site", "a.example", "--forget", name, "-w", warehouse).returncode == 0
    assert ask(warehouse, "SELECT state FROM site_templates") == [("learnt",)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere.example",), "nowhere.example has no page in"),
        (("a.example", "--veto", "0123456789abcdef"), "names no block that a.example repeats"),
        (("--pin", "00"), "name the site too"),
    ],
)
def test_a_wrong_name_is_told(arguments: tuple[str, ...], message: str, tmp_path: Path, tamis: Tamis) -> None:
    warehouse = tmp_path / "w.duckdb"
    ingest(tmp_path, warehouse, pages(1))
    ended = tamis("site", *arguments, "-w", warehouse)
    assert ended.returncode == 2
    assert message in " ".join(ended.stderr.decode().replace("│", " ").split())
