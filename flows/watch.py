"""The Prefect flow ``watch``: the steps of following a topic as tasks, an event for each new article, a summary.

Everything a task does is a function of ``flows.following``, which the command line calls without Prefect.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.events import emit_event
from prefect.logging import get_run_logger
from prefect.settings import PREFECT_API_URL
from prefect.utilities.annotations import quote

from tamis.flows import settings
from tamis.flows.following import run, subject, summary
from tamis.flows.following.durations import read_span
from tamis.flows.following.pages import Harvest
from tamis.flows.following.records import Asked, Errand, Followed, Loaded, Plan, Trouble
from tamis.flows.following.run import Steps
from tamis.flows.following.session import Session, open_session
from tamis.flows.following.subject import Subject
from tamis.flows.ingest import RETRY_SECONDS, is_passing
from tamis.warehouse.following.records import News

NEW_ARTICLE = "tamis.article.new"


# The tasks run where they are called, one after the other: they share the client, which knows the pace of each host.
@task(cache_policy=NO_CACHE)
def discover(session: Session, followed: Subject, asked: Asked, troubles: list[Trouble]) -> Plan:
    """Ask the sources that are due, and rank what they name."""
    return run.discover(session, followed, asked, troubles)


@task(cache_policy=NO_CACHE, retries=3, retry_delay_seconds=RETRY_SECONDS, retry_condition_fn=is_passing)
def note(plan: Plan, followed: Subject) -> None:
    """Write down what was found, so that nothing of it is lost."""
    run.note(plan, followed)


@task(cache_policy=NO_CACHE)
def fetch(session: Session, followed: Subject, errands: Sequence[Errand], folder: Path, number: int) -> Harvest:
    """Fetch a portion of pages, each host at its pace, and stage what came."""
    return run.fetch(session, followed, errands, folder, number)


@task(cache_policy=NO_CACHE, retries=3, retry_delay_seconds=RETRY_SECONDS, retry_condition_fn=is_passing)
def load(harvest: Harvest, followed: Subject, now: datetime) -> Loaded:
    """Load a portion in one transaction, with the relevance of each page."""
    return run.load(harvest, followed, now)


@task(cache_policy=NO_CACHE, retries=3, retry_delay_seconds=RETRY_SECONDS, retry_condition_fn=is_passing)
def publish(followed: Subject) -> None:
    """Have readers see what the run brought."""
    run.publish(followed)


# Clients, plans and pages are large: Prefect does not look into them (quote).
TASKS = Steps(
    discover=lambda session, followed, asked, troubles: discover(
        quote(session), quote(followed), quote(asked), quote(troubles), return_state=False
    ),
    note=lambda plan, followed: note(quote(plan), quote(followed), return_state=False),
    fetch=lambda session, followed, errands, folder, number: fetch(
        quote(session), quote(followed), quote(errands), folder, number, return_state=False
    ),
    load=lambda harvest, followed, now: load(quote(harvest), quote(followed), now, return_state=False),
    publish=lambda followed: publish(quote(followed), return_state=False),
)


@flow
def watch(topic: Path, since: str = "30d", ask_all: bool = False, warehouse: str | None = None) -> Followed:  # noqa: FBT001, FBT002
    """Follow a topic: ask its sources, fetch what is worth it, keep what is on topic.

    Args:
        topic: The topic's folder, with its seed texts and sources.
        since: Leave out what its source dates earlier: 6h, 2d, 4w.
        ask_all: Ask all sources, those that are not due as well.
        warehouse: The DuckDB file or lake to load into; by default the one of the settings.

    """
    followed = subject.load(topic, settings.load({"warehouse": warehouse}))
    with open_session(followed.settings) as session:
        result = run.follow(followed, Asked(read_span(since), at_once=ask_all), session, TASKS)
    for article in result.news:
        tell(article)
    create_markdown_artifact(
        summary.markdown(result), key="watch-summary", description=f"What following {topic} brought"
    )
    get_run_logger().info("\n".join(summary.text(result)))
    return result


def tell(article: News) -> None:
    """Emits the event of a new article where there is a server to take it.

    It is handed to a thread of Prefect's; whatever happens to it there, the run goes on.
    """
    if PREFECT_API_URL.value() is None:
        return
    emit_event(
        NEW_ARTICLE,
        resource={
            "prefect.resource.id": f"tamis.article.{article.document}",
            "prefect.resource.name": (article.title or article.url)[:200],
            "tamis.topic": article.topic,
            "tamis.site": article.site or "",
        },
        payload={
            "document": article.document,
            "topic": article.topic,
            "title": article.title,
            "url": article.url,
            "published_on": article.published_on,
            "language": article.language,
            "words": article.words,
            "score": article.score,
            "terms": list(article.terms[:20]),
        },
    )
