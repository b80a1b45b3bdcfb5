"""What a run of following came to, in words: for the terminal, and as Markdown for Prefect."""

from __future__ import annotations

from collections.abc import Iterator

from tamis.flows.answers.figures import line, parts
from tamis.flows.following.records import Followed, Plan, Trouble, Visit

SHOWN = 20


def text(result: Followed) -> Iterator[str]:
    """The summary of a run, line by line."""
    plan = result.plan
    yield from _asked(plan)
    if plan.errands:
        yield line("pages asked for", sum(result.ended.values()), parts(result.ended))
        yield line("  new documents", result.documents, f"into {result.warehouse}")
        if result.topic:
            yield line("  on topic", result.on_topic)
        yield line("  rejected", sum(result.rejected.values()), parts(result.rejected))
    if result.topic:
        yield line("new articles", len(result.news))
        yield from (f"  {each.score:.2f}  {each.title or '(no title)'}  {each.url}" for each in result.news[:SHOWN])
        yield from _more(len(result.news), "articles; see tamis sql \"FROM on_topic('" + result.topic + "')\"")
    if plan.left:
        yield f"{plan.left:,} pages more are left for the next run (pages_per_run)"
    yield from troubles(plan, result.troubles)


def preview(plan: Plan, found: tuple[Trouble, ...]) -> Iterator[str]:
    """What a run would fetch, and why."""
    yield from _asked(plan)
    yield line("would fetch", len(plan.errands))
    for errand in plan.errands:
        yield f"  {errand.state.url}"
        yield f"      {errand.state.title + ': ' if errand.state.title else ''}{errand.why}"
    if plan.left:
        yield f"{plan.left:,} pages more would be left for the next run (pages_per_run)"
    yield from troubles(plan, found)


def troubles(plan: Plan, found: tuple[Trouble, ...]) -> Iterator[str]:
    """What went wrong, without stopping the run."""
    said = [f"{name(visit)}: {problem}" for visit in plan.visits for problem in visit.problems]
    said += [f"{each.where}: {each.what}" for each in found]
    if said:
        yield "troubles:"
        yield from (f"  {each}" for each in said[:SHOWN])
        yield from _more(len(said), "troubles; the view sources_health has the last of each source")


def markdown(result: Followed) -> str:
    """The summary as Markdown, with a table of the new articles."""
    lines = ["```", *text(result), "```"]
    if result.news:
        lines += ["", "| score | title | site | terms |", "|---:|---|---|---|"]
        lines += [
            f"| {each.score:.2f} | [{_cell(each.title or each.url)}]({each.url}) | {each.site or ''} |"
            f" {_cell(', '.join(each.terms[:8]))} |"
            for each in result.news
        ]
    return "\n".join(lines)


def name(visit: Visit) -> str:
    """What a source is called."""
    return visit.source.name or visit.source.url or visit.source.kind


def _asked(plan: Plan) -> Iterator[str]:
    listed = sum(visit.listed for visit in plan.visits)
    chosen, passed = sum(visit.chosen for visit in plan.visits), sum(visit.passed for visit in plan.visits)
    if not plan.visits and not plan.resting:
        return
    resting = f", {len(plan.resting)} not due yet" if plan.resting else ""
    yield line("sources asked", len(plan.visits), f"of {len(plan.visits) + len(plan.resting)}{resting}")
    yield line("  addresses", listed, f"new and worth fetching {chosen:,}, new and off topic {passed:,}")
    if not plan.visits:
        yield f"the next source is due at {min(plan.resting.values()):%d %b %H:%M} UTC; --now asks all"


def _more(number: int, what: str) -> Iterator[str]:
    if number > SHOWN:
        yield f"  and {number - SHOWN:,} more {what}"


def _cell(written: str) -> str:
    return written.replace("|", "\\|").replace("\n", " ").replace("[", "(").replace("]", ")")
