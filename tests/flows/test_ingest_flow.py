"""The flow runs for real, on a temporary server of its own: tasks, artifact, and what is retried."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.sorting import FlowRunSort
from prefect.states import Failed
from prefect.task_runners import ProcessPoolTaskRunner, ThreadPoolTaskRunner

from tamis.cleaners.errors import RetryLater, StopRun
from tamis.flows import ingest as flow_module
from tamis.flows.ingest import ingest
from tamis.flows.settings import Settings
from tests.flows.conftest import ARTICLE, article, tables


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "port.txt").write_text(ARTICLE)
    (folder / "empty.txt").write_text("")
    for number in range(5):
        (folder / f"{number}.txt").write_text(article(number))
    return folder


@pytest.mark.prefect
@pytest.mark.usefixtures("server")
def test_a_run_loads_tells_and_adds_nothing_the_second_time(pages: Path, tmp_path: Path) -> None:
    warehouse = tmp_path / "w.duckdb"
    summary = ingest(paths=[pages], warehouse=str(warehouse), batch_size=2)
    assert summary.counts is not None
    assert (summary.counts.read, summary.counts.new, summary.counts.rejected) == (7, 6, {"empty": 1})
    assert [Path(refused.source).name for refused in summary.refused] == ["empty.txt"]
    found = tables(warehouse)
    with get_client(sync_client=True) as client:
        (latest,) = client.read_flow_runs(sort=FlowRunSort.START_TIME_DESC, limit=1)
        runs = client.read_task_runs(flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[latest.id])))
        (artifact,) = [each for each in client.read_artifacts() if each.flow_run_id == latest.id]
    assert sorted(run.name.partition("-")[0] for run in runs) == ["clean_batch"] * 4 + ["load", "publish"]
    assert all(run.state is not None and run.state.is_completed() for run in runs)
    assert artifact.key == "ingest-summary"
    assert "| documents read | 7 |" in str(artifact.data)
    assert "empty.txt" in str(artifact.data)
    again = ingest(paths=[pages], warehouse=str(warehouse))
    assert again.counts is not None
    assert (again.counts.new, again.counts.unchanged) == (0, 6)
    assert tables(warehouse) == found


@pytest.mark.prefect
@pytest.mark.usefixtures("server")
def test_an_inbox_leaves_what_is_being_written_for_the_next_run(pages: Path, tmp_path: Path) -> None:
    for path in pages.iterdir():
        os.utime(path, (time.time() - 3600,) * 2)
    (pages / "arriving.txt").write_text(ARTICLE[:50])
    summary = ingest(paths=[pages], warehouse=str(tmp_path / "w.duckdb"), settle_seconds=60)
    assert summary.counts is not None
    assert summary.counts.read == 7


@pytest.mark.prefect
@pytest.mark.usefixtures("server")
def test_a_missing_folder_fails_the_run_before_any_task(tmp_path: Path) -> None:
    with pytest.raises(StopRun, match="nowhere"):
        ingest(paths=[tmp_path / "nowhere"], warehouse=str(tmp_path / "w.duckdb"))
    assert not (tmp_path / "w.duckdb").exists()


@pytest.mark.parametrize(
    ("error", "retried"), [(RetryLater("busy"), True), (StopRun("wrong"), False), (OSError(), False)]
)
def test_only_what_may_pass_is_retried(error: Exception, retried: bool) -> None:
    assert flow_module.is_passing(flow_module.load, None, Failed(data=error)) is retried  # type: ignore[arg-type]
    assert flow_module.load.retry_condition_fn is flow_module.is_passing
    assert flow_module.clean_batch.retry_condition_fn is flow_module.is_passing


@pytest.mark.parametrize(("name", "kind"), [("threads", ThreadPoolTaskRunner), ("processes", ProcessPoolTaskRunner)])
def test_the_task_runner_is_a_setting(name: str, kind: type) -> None:
    assert isinstance(flow_module.task_runner(Settings(task_runner=name, workers=3)), kind)  # type: ignore[arg-type]
