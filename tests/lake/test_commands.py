"""``tamis`` as a user has it, its warehouse a lake that an environment variable names."""

from __future__ import annotations

import re
import shutil
import time as clock
from pathlib import Path

import pytest

from tamis.warehouse.address import Lake
from tamis.warehouse.connection import open_reader
from tests.flows.conftest import ARTICLE, ROOT, Tamis, article, environment, tamis
from tests.flows.fetching.conftest import FakeTime
from tests.flows.following.newsroom import Newsroom, moment, open_newsroom
from tests.flows.following.newsroom import article as press_article

__all__ = ["environment", "tamis"]  # fixtures


@pytest.fixture
def named(address: Lake) -> str:
    return f"ducklake:postgres:{address.catalog}?data={address.data}"


def test_every_verb_takes_a_lake(tamis: Tamis, tmp_path: Path, named: str) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "port.txt").write_text(ARTICLE)
    (tmp_path / "pages" / "other.txt").write_text(article(1))
    (tmp_path / "pages" / "empty.txt").write_text("")
    missing = tamis("status", TAMIS_WAREHOUSE=named)
    assert (missing.returncode, b"there is no warehouse at ducklake:" in missing.stderr) == (2, True)
    done = tamis("ingest", "pages", "--warehouse", named)
    assert done.returncode == 1, done.stderr  # one was rejected
    assert re.search(rb"new +2\b", done.stdout)
    again = tamis("ingest", "pages", TAMIS_WAREHOUSE=named)
    assert re.search(rb"unchanged +2\b", again.stdout)
    status = tamis("status", TAMIS_WAREHOUSE=named)
    assert re.search(rb"articles +2\b", status.stdout), status.stderr
    for verb in (["show", "port.txt"], ["why", "port.txt"], ["sql", "SELECT title FROM articles"]):
        shown = tamis(*verb, TAMIS_WAREHOUSE=named)
        assert "Le port rouvre après la tempête" in shown.stdout.decode(), shown.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pages", "shared"], "something was staged here"


def test_a_topic_is_followed_into_a_lake(tamis: Tamis, tmp_path: Path, named: str, address: Lake) -> None:
    (tmp_path / "topic").mkdir()
    shutil.copy(ROOT / "seeds" / "topic.toml", tmp_path / "topic")
    with open_newsroom(FakeTime().clock) as room:
        published(room)
        (tmp_path / "topic" / "sources.toml").write_text(
            f'[[source]]\nkind = "feed"\nurl = "{room.site.url("/feed")}"\n'
        )
        variables = {
            "TAMIS_CONTACT": "tests@tamis.test",
            "TAMIS_ALLOW": room.site.place,
            "TAMIS_DELAY_SECONDS": "0",
            "TAMIS_WAREHOUSE": named,
        }
        done = tamis("watch", "topic", **variables)
        assert done.returncode == 0, done.stderr
        assert re.search(rb"new articles +3\b", done.stdout)
        again = tamis("watch", "topic", "--now", **variables)
        assert again.returncode == 0, again.stderr
    with open_reader(address) as con:
        assert con.execute("SELECT count(*) FROM articles").fetchall() == [(3,)]
        assert con.execute("SELECT visits, state FROM sources_health").fetchall() == [(2, "well")]


def published(room: Newsroom) -> None:
    room.robots = "User-agent: *\nDisallow: /reserve/\n"
    at = moment(clock.time() - 3600)
    room.publish(*(press_article(number, on_topic=number < 3, at=at) for number in range(4)))
