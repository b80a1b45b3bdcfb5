"""The verbs as a user has them: processes with exit codes, killed and started again, two at a time."""

from __future__ import annotations

import shutil
import subprocess
import time as clock
from collections import Counter
from pathlib import Path

import pytest

from tamis.flows.following import run
from tamis.flows.following.subject import Subject
from tamis.flows.settings import Settings
from tamis.flows.topics import load
from tamis.warehouse.connection import open_reader
from tests.flows.conftest import COMMAND, ROOT, Tamis
from tests.flows.following.newsroom import Newsroom, article, moment


@pytest.fixture
def variables(room: Newsroom) -> dict[str, str]:
    return {"TAMIS_CONTACT": "tests@tamis.test", "TAMIS_ALLOW": room.site.place, "TAMIS_DELAY_SECONDS": "0"}


@pytest.fixture
def room(room: Newsroom) -> Newsroom:
    """The site, of today and in no hurry."""
    room.robots = "User-agent: *\nDisallow: /reserve/\n"
    at = moment(clock.time() - 3600)
    room.publish(*(article(n, on_topic=n < 8, at=at) for n in range(12)))
    return room


def titles(warehouse: Path) -> list[str]:
    with open_reader(warehouse) as con:
        return [str(title) for (title,) in con.execute("SELECT title FROM articles ORDER BY title").fetchall()]


def test_from_seeds_and_a_feed_to_a_corpus(
    tamis: Tamis, room: Newsroom, tmp_path: Path, variables: dict[str, str]
) -> None:
    """The five lines of the main README."""
    (tmp_path / "mine").mkdir()
    for file in sorted((ROOT / "seeds").glob("*.txt"))[:3]:
        shutil.copy(file, tmp_path / "mine")
    (tmp_path / "feeds.csv").write_text(f"url,kind\n{room.site.url('/feed')},feed\n")
    imported = tamis("sources", "import", "mine", "feeds.csv")
    assert (imported.returncode, b"added 1 of 1" in imported.stderr) == (0, True)
    assert tamis("ingest", "mine").returncode == 0
    preview = tamis("watch", "mine", "--dry-run", **variables)
    assert preview.returncode == 0, preview.stderr
    assert b"would fetch               8" in preview.stdout
    assert b"new; title 0." in preview.stdout
    assert len(titles(tmp_path / "data" / "tamis.duckdb")) == 3
    assert not [request for request in room.requests() if request.startswith("/0/")]
    done = tamis("watch", "mine", "--once", **variables)
    assert done.returncode == 0, done.stderr
    assert b"new articles              8" in done.stdout
    assert len(titles(tmp_path / "data" / "tamis.duckdb")) == 11
    again = tamis("watch", "mine", **variables)
    assert b"the next source is due at" in again.stdout


def test_sources_are_listed_checked_and_exported(
    tamis: Tamis, room: Newsroom, tmp_path: Path, variables: dict[str, str], folder: Path
) -> None:
    added = tamis("sources", "add", folder, room.site.url("/gone"), room.site.url("/feed"), "--kind", "feed")
    assert b"added 1 to" in added.stderr
    listed = tamis("sources", "list", folder).stdout.decode().splitlines()
    assert listed[0] == f"feed      {room.site.url('/feed')}  Gazette"
    assert len(listed) == 3
    checked = tamis("sources", "check", folder, **variables)
    assert checked.returncode == 1
    assert b"ok        12 addresses, 8 worth fetching  Gazette" in checked.stdout
    assert b"not_found" in checked.stdout
    assert tamis("sources", "export", folder, "out.opml").returncode == 0
    (tmp_path / "other").mkdir()
    assert b"added 3 of 3" in tamis("sources", "import", "other", "out.opml").stderr
    assert tamis("sources", "list", "other").stdout.decode().splitlines() == listed
    assert tamis("sources", "export", folder, "out.pdf").returncode == 2


def test_fetch(tamis: Tamis, room: Newsroom, tmp_path: Path, variables: dict[str, str]) -> None:
    page = room.pages[next(path for path in room.pages if path.startswith("/1/"))]
    url, banned = room.site.url(page.path), room.site.url("/reserve/1.html")
    first = tamis("fetch", url, banned, **variables)
    assert first.returncode == 1
    assert [line.split()[0] for line in first.stdout.decode().splitlines()] == ["fetched", "robots"]
    second = tamis("fetch", url, **variables)
    assert (second.returncode, second.stdout.split()[0]) == (0, b"unchanged")
    assert titles(tmp_path / "data" / "tamis.duckdb") == [page.title], "of no topic, so it stays an article"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("watch", "topic"), b"contact is not set"),
        (("watch", "nowhere"), b"no such folder"),
        (("watch", "topic", "--every", "soon"), b"is no span of time"),
        (("watch", "topic", "--every", "30m", "--once"), b"--every goes neither"),
        (("sources", "add", "topic", "ftp://a.example/feed"), b"is not an http(s) address"),
        (("sources", "import", "topic", "gone.opml"), b"gone.opml"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_wrong_usage_is_told_with_its_remedy(tamis: Tamis, arguments: tuple[str, ...], said: bytes) -> None:
    done = tamis(*arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert b"Traceback" not in done.stderr


def test_two_runs_of_one_topic_exclude_each_other(
    tamis: Tamis, folder: Path, tmp_path: Path, variables: dict[str, str], room: Newsroom
) -> None:
    subject = Subject(Settings(warehouse=tmp_path / "data" / "tamis.duckdb"), load(folder))
    asked = len(room.asked)
    with run.turn(subject):
        done = tamis("watch", folder, **variables)
    assert done.returncode == 75
    assert b"topic 'seeds' is being followed by process" in done.stderr
    assert len(room.asked) == asked


def test_a_killed_run_is_gone_on_with(
    folder: Path, tmp_path: Path, variables: dict[str, str], room: Newsroom, environment: dict[str, str], tamis: Tamis
) -> None:
    """kill -9 while pages are fetched: what the sources named is not lost, though the feed has nothing new to say."""
    command = [*COMMAND, "watch", str(folder)]
    slowly = {**environment, **variables, "TAMIS_DELAY_SECONDS": "0.5"}
    process = subprocess.Popen(command, cwd=tmp_path, env=slowly, stderr=subprocess.DEVNULL)
    for _ in range(600):
        if sum(request.startswith("/0/") for request in room.requests()) >= 3:
            break
        clock.sleep(0.05)
    process.kill()
    process.wait()
    warehouse = tmp_path / "data" / "tamis.duckdb"
    assert not warehouse.exists(), "readers see nothing of a run before it is done"
    done = tamis("watch", folder, **variables)
    assert done.returncode == 0, done.stderr
    assert b"waiting since" not in done.stdout
    assert len(titles(warehouse)) == 8
    asked = Counter(request.split()[0] for request in room.requests())
    assert asked["/feed"] == 1
    assert asked["/robots.txt"] == 1
