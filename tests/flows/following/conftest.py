"""What the tests of following share: a topic folder, a clock that they move themselves, a local news site."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tamis.flows.settings import Settings
from tests.flows.conftest import ROOT
from tests.flows.fetching.conftest import FakeTime
from tests.flows.following.newsroom import Newsroom, open_newsroom


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def room(time: FakeTime) -> Iterator[Newsroom]:
    with open_newsroom(time.clock) as opened:
        opened.publish()
        yield opened


@pytest.fixture
def folder(tmp_path: Path, room: Newsroom) -> Path:
    """A topic folder that has learnt its topic, with the site's feed and sitemap as its sources."""
    home = tmp_path / "topic"
    home.mkdir()
    shutil.copy(ROOT / "seeds" / "topic.toml", home)
    (home / "sources.toml").write_text(
        f'[[source]]\nkind = "feed"\nurl = "{room.site.url("/feed")}"\nname = "Gazette"\n\n'
        f'[[source]]\nkind = "sitemap"\nurl = "{room.site.url("/sitemap.xml")}"\n'
    )
    return home


@pytest.fixture
def chosen(tmp_path: Path, room: Newsroom) -> Settings:
    """Settings that let the client reach the local site."""
    return Settings(
        warehouse=tmp_path / "w.duckdb", contact="tests@tamis.test", allow=room.site.place, fetch_seconds=5.0
    )
