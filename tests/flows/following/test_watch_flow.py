"""The flow runs for real on a temporary server: tasks, artifact, events; with no server, or a dead one, none waits."""

from __future__ import annotations

import subprocess
import sys
import time as clock
from pathlib import Path
from typing import Any

import pytest
from prefect.client.orchestration import get_client

from tamis.cleaners.errors import StopRun
from tamis.flows import topics
from tamis.flows.ingest import ingest
from tamis.flows.watch import NEW_ARTICLE, watch
from tests.flows.conftest import ROOT
from tests.flows.following.newsroom import Newsroom, article, moment

TELL = """
from tamis.flows.watch import tell
from tamis.warehouse.following.records import News
tell(News("d", "t", "https://a.example/", "Titre", None, None, "fr", 9, 0.9, ("port",)))
print("told")
"""


def events(wanted: int) -> list[dict[str, Any]]:
    """The events of new articles that the server has, which come a little later, one by one."""
    asked = {"filter": {"event": {"name": [NEW_ARTICLE]}}, "limit": 50}
    found: list[dict[str, Any]] = []
    with get_client(sync_client=True) as client:
        for _ in range(60):
            found = client.request("POST", "/events/filter", json=asked).json()["events"]
            if len(found) >= wanted:
                break
            clock.sleep(0.25)
    return found


@pytest.mark.gate
@pytest.mark.prefect
@pytest.mark.usefixtures("server")
def test_a_run_tells_of_each_new_article(
    room: Newsroom, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.robots = "User-agent: *\nDisallow:\n"
    room.publish(*(article(n, on_topic=n < 2, at=moment(clock.time() - 3600)) for n in range(4)))
    for name, value in {"CONTACT": "t@tamis.test", "ALLOW": room.site.place, "DELAY_SECONDS": "0"}.items():
        monkeypatch.setenv(f"TAMIS_{name}", value)
    result = watch(topic=folder, since="2d", warehouse=str(tmp_path / "w.duckdb"))
    assert len(result.news) == 2
    found = events(wanted=2)
    assert {event["payload"]["url"] for event in found} == {news.url for news in result.news}
    assert {event["resource"]["tamis.topic"] for event in found} == {"seeds"}
    with get_client(sync_client=True) as client:
        names = {run.name.partition("-")[0] for run in client.read_task_runs(limit=50)}
        (summary,) = [each for each in client.read_artifacts() if each.key == "watch-summary"]
    assert {"discover", "note", "fetch", "load"} <= names
    assert all(news.url in str(summary.data) for news in result.news)
    with pytest.raises(StopRun, match="no span of time"):
        watch(topic=folder, since="soon", warehouse=str(tmp_path / "w.duckdb"))


@pytest.mark.gate
@pytest.mark.prefect
@pytest.mark.usefixtures("server")
def test_when_seeds_are_ingested_the_topic_is_learnt(tmp_path: Path) -> None:
    home = tmp_path / "mine"
    home.mkdir()
    for file in sorted((ROOT / "seeds").glob("*.txt"))[:2]:
        (home / file.name).write_bytes(file.read_bytes())
    ingest(paths=[home], warehouse=str(tmp_path / "w.duckdb"))
    assert not (home / topics.TOPIC_FILE).exists()
    ingest(paths=[home], warehouse=str(tmp_path / "w.duckdb"), learn=True)
    assert len(topics.load(home).groups) == 3


@pytest.mark.gate
@pytest.mark.parametrize("url", [None, "http://127.0.0.1:9/api"])
def test_an_event_that_nobody_takes_keeps_nobody_waiting(environment: dict[str, str], url: str | None) -> None:
    given = {**environment, **({"PREFECT_API_URL": url} if url else {})}
    done = subprocess.run(
        [sys.executable, "-c", TELL], env=given, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "told\n"
