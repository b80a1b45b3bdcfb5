"""``tamis topic``: what a corpus is about, learnt from its seed texts, shown and explained."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tamis.flows.cli import console

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tamis.cleaners.topic import Relevance, Topic

HELP = "What a corpus is about: learn it from seed texts, show it, try it on a title."
FOLDER_HELP = "The topic's folder, with its seed texts and topic.toml."
STRONGEST = 12


def learn(folder: Annotated[Path, typer.Argument(help=FOLDER_HELP)]) -> None:
    """Learn the topic of a folder from its seed texts, and write it into topic.toml.

    $ tamis topic learn seeds

    What you edited in topic.toml (added, excluded and ignored terms, weights, thresholds) stays.
    """
    from tamis.flows import settings, topics

    topic = topics.learn(folder, settings.load())
    console.log(f"learnt {folder / topics.TOPIC_FILE}; edit it as you like, and learn it again when seeds change")
    for line in _lines(topic):
        console.emit(line)


def show(
    folder: Annotated[Path, typer.Argument(help=FOLDER_HELP)],
    title: Annotated[str | None, typer.Option("--title", "-t", help="Score this title, and say why.")] = None,
    words: Annotated[bool, typer.Option("--words", help="List all terms, the packaged ones as well.")] = False,
) -> None:
    """Show a topic: its groups, the strongest terms of each, what speaks against a page.

    $ tamis topic show seeds

    $ tamis topic show seeds --title "Paris et Rabat renforcent leur coopération policière"
    """
    from tamis.cleaners.topic import score
    from tamis.flows import topics

    topic = topics.load(folder)
    for line in _lines(topic, everything=words) if title is None else _judged(score(topic, title=title)):
        console.emit(line)


VERBS = (learn, show)


def _lines(topic: Topic, *, everything: bool = False) -> Iterator[str]:
    from tamis.cleaners.topic.concepts import concept

    yield f"{topic.name}: {topic.require} of {len(topic.groups)} groups must stand together"
    yield f"on topic from a score of {topic.title_threshold} (titles), {topic.text_threshold} (texts)"
    for group in (*topic.groups, topic.support):
        yield f"\n{group.name}" + (f" ({', '.join(group.concepts)})" if group.concepts else "")
        if group.add:
            yield f"  yours   {', '.join(group.add)}"
        learnt = group.learnt if everything else group.learnt[:STRONGEST]
        for term in learnt:
            yield f"  {term.weight:<7g} {term.text}  (in {term.seeds} seeds, {term.times} times)"
        if len(learnt) < len(group.learnt):
            yield f"          and {len(group.learnt) - len(learnt)} more; --words lists them"
        if everything:
            yield from (f"  {weight:<7g} {term}" for key in group.concepts for term, weight in concept(key).terms)
    for says, terms in (("against", topic.rivals), ("excluded", topic.exclude), ("ignored", topic.ignore)):
        if terms:
            yield f"\n{says}: {', '.join(terms)}"


def _judged(relevance: Relevance) -> Iterator[str]:
    verdict = "on topic" if relevance.on_topic else "off topic"
    yield f"{verdict}: {relevance.score:.2f}, the threshold is {relevance.threshold:g}"
    for match in relevance.matches:
        yield f"  {match.group:<16}{match.term}  ({match.weight:g})"
    if relevance.missing:
        yield f"missing: {', '.join(relevance.missing)}"
