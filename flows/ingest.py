"""The Prefect flow ``ingest``: paths in, batches as tasks, one load, a summary as an artifact.

Everything a task does is a function of ``flows.steps``, which the command line calls without Prefect.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prefect import Flow, flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import FlowRun, State, TaskRun
from prefect.logging import get_run_logger
from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner, ThreadPoolTaskRunner
from prefect.tasks import Task
from prefect.utilities.annotations import quote

from tamis.cleaners.errors import RetryLater
from tamis.flows import settings, steps, topics
from tamis.flows.answers import summary
from tamis.flows.reading import sources
from tamis.flows.run import Summary
from tamis.flows.settings import Settings
from tamis.flows.steps import Batch, Report
from tamis.warehouse.address import Address
from tamis.warehouse.files import publishing
from tamis.warehouse.loading.store import LoadCounts

RETRY_SECONDS = [10.0, 60.0, 300.0]


def is_passing(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether a failed task may succeed in a while: the warehouse was busy, and nothing was wrong."""
    return isinstance(state.data, RetryLater)


def task_runner(chosen: Settings) -> TaskRunner[Any]:
    """What runs the batches, as the settings say. A thread does little itself: it waits for its own worker."""
    if chosen.task_runner == "processes":
        return ProcessPoolTaskRunner(max_workers=chosen.workers)
    return ThreadPoolTaskRunner(max_workers=chosen.workers)


# Batches are large: Prefect neither looks into them (quote) nor keeps their results.
@task(cache_policy=NO_CACHE, retries=3, retry_delay_seconds=RETRY_SECONDS, retry_condition_fn=is_passing)
def clean_batch(batch: Batch, folder: Path, chosen: Settings) -> Report:
    """Clean one batch and stage it beside the warehouse."""
    return steps.clean_batch(batch, folder, chosen)


@task(cache_policy=NO_CACHE, retries=3, retry_delay_seconds=RETRY_SECONDS, retry_condition_fn=is_passing)
def load(reports: list[Report], chosen: Settings) -> LoadCounts:
    """Load all staged batches in one transaction."""
    return steps.load(reports, chosen, datetime.now(UTC).replace(tzinfo=None))


@task(cache_policy=NO_CACHE, retries=3, retry_delay_seconds=RETRY_SECONDS, retry_condition_fn=is_passing)
def publish(warehouse: Address) -> None:
    """Have readers see what was loaded."""
    publishing.publish(warehouse)


def learn_topics(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:  # noqa: ARG001 - may be called by keyword
    """When a run that was asked to ``learn`` is done: learns the topic of each folder it read anew from its texts."""
    if flow_run.parameters.get("learn"):
        for path in map(Path, flow_run.parameters["paths"]):
            if path.is_dir():
                topics.learn(path, settings.load())


@flow(task_runner=task_runner(settings.load()), on_completion=[learn_topics])
def ingest(
    paths: list[Path],
    warehouse: str | None = None,
    batch_size: int | None = None,
    settle_seconds: float = 0.0,
    learn: bool = False,  # noqa: ARG001, FBT001, FBT002 - the hook reads it
) -> Summary:
    """Read, clean and load every document under the paths.

    Args:
        paths: Files and folders: text dumps, HTML, JSON Lines, gzipped or not.
        warehouse: The DuckDB file or lake to load into; by default the one of the settings.
        batch_size: How many documents one task cleans; by default as in the settings.
        settle_seconds: Leave files that changed in the last so many seconds for the next run: somebody may
            still be writing them.
        learn: Learn the topic of each folder (topic.toml) anew from its texts when the run is done.

    """
    chosen = settings.load({"warehouse": warehouse, "batch_size": batch_size})
    sources.check(paths)
    begun = time.monotonic()
    items = sources.read(paths, chosen.max_bytes, settled=time.time() - settle_seconds)
    with steps.staging_folder(chosen.warehouse) as folder:
        reports = list(
            steps.clean_all(
                steps.batches(items, chosen.batch_size),
                lambda batch: clean_batch.submit(quote(batch), folder, quote(chosen), return_state=False),
                at_once=chosen.workers + 1,
            )
        )
        counts = load(quote(reports), quote(chosen), return_state=False) if reports else None
    if counts:
        publish(chosen.warehouse)
    result = Summary(chosen.warehouse, counts, steps.all_refused(reports), time.monotonic() - begun)
    create_markdown_artifact(summary.markdown(result), key="ingest-summary", description="What the run came to")
    get_run_logger().info("\n".join(summary.text(result)))
    return result
