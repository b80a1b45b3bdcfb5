"""The Prefect flow ``reclean``: portions of stored documents judged again as tasks, one replacement, a summary.

Everything a task does is a function of ``flows.rejudging.recleaning``, which the command line calls without Prefect.
"""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger
from prefect.utilities.annotations import quote

from tamis.flows import settings, steps
from tamis.flows.answers import difference
from tamis.flows.ingest import RETRY_SECONDS, is_passing, task_runner
from tamis.flows.rejudging import recleaning
from tamis.flows.rejudging.recleaning import Gathered, Judged, Portion, Recleaned
from tamis.flows.settings import Settings
from tamis.warehouse.rejudging.current_verdicts import Scope


@task(cache_policy=NO_CACHE, retries=3, retry_delay_seconds=RETRY_SECONDS, retry_condition_fn=is_passing)
def judge(portion: Portion, folder: Path, chosen: Settings) -> Judged:
    """Judge one portion again and stage what differs beside the warehouse."""
    return recleaning.judge(portion, folder, chosen)


# What was judged by somebody else meanwhile would be refused again: this is not retried.
@task(cache_policy=NO_CACHE)
def replace(gathered: Gathered, scope: Scope, chosen: Settings) -> str | None:
    """Replace all that differs in one transaction."""
    return recleaning.apply_all(gathered, scope, chosen)


@flow(task_runner=task_runner(settings.load()))
def reclean(
    since: date | None = None,
    site: str | None = None,
    rule: str | None = None,
    topic: str | None = None,
    apply: bool = False,  # noqa: FBT001, FBT002 - parameters of a deployment
    warehouse: str | None = None,
) -> Recleaned:
    """Judge stored documents again with the rules of today.

    Args:
        since: Only documents loaded on this day (UTC) or later.
        site: Only documents of this site.
        rule: Only documents that this rule, or one whose name begins so, judged a block of.
        topic: Only documents that were judged for this topic.
        apply: Write what changes; without it, the run only shows it.
        warehouse: The DuckDB file; by default the one of the settings.

    """
    chosen = settings.load({"warehouse": warehouse})
    scope = Scope(since, site, rule, topic)
    begun = time.monotonic()
    recleaning.bring_up_to_date(chosen.warehouse)
    with steps.staging_folder(chosen.warehouse) as folder:
        gathered = recleaning.gather(
            steps.clean_all(
                recleaning.portions(scope, chosen),
                lambda portion: judge.submit(quote(portion), folder, quote(chosen), return_state=False),
                at_once=chosen.workers + 1,
            ),
            progress=lambda _: None,
        )
        run = replace(quote(gathered), quote(scope), quote(chosen), return_state=False) if apply else None
    result = Recleaned(chosen.warehouse, scope, gathered.tally, run, time.monotonic() - begun)
    create_markdown_artifact(
        difference.markdown(result), key="reclean-summary", description="What judging again changes"
    )
    get_run_logger().info("\n".join(difference.text(result)))
    return result
