"""What is followed: a topic folder with its topic, its sources and the user's hooks."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tamis.cleaners.errors import StopRun
from tamis.cleaners.topic import Group, Topic, render_topic
from tamis.cleaners.topic.concepts import PLACES, concept
from tamis.flows import topics
from tamis.flows.fetching import lists
from tamis.flows.fetching.records import Source
from tamis.flows.following import hooks
from tamis.flows.following.hooks import Hooks
from tamis.flows.settings import Settings

LISTS = ("sources.toml", "sources.opml")
MOST_QUERIES = 3


@dataclass(frozen=True, slots=True)
class Subject:
    """What one run follows; ``topic`` is None where addresses are fetched by hand, for no topic."""

    settings: Settings
    topic: Topic | None = None
    sources: tuple[Source, ...] = ()
    hooks: Hooks = field(default_factory=Hooks)

    @property
    def name(self) -> str:
        """The name of the topic, as the warehouse keeps it; empty for none."""
        return self.topic.name if self.topic else ""

    @property
    def edition(self) -> str:
        """A short hash of the topic: what was judged by another edition is judged again."""
        return hashlib.sha256(render_topic(self.topic).encode()).hexdigest()[:12] if self.topic else ""


def load(folder: Path, settings: Settings) -> Subject:
    """The subject of a topic folder; its topic is learnt from the seeds where there is no topic.toml yet.

    Raises StopRun naming what is wrong with the topic, its sources or its hooks.
    """
    topic = topics.load(folder) if (folder / topics.TOPIC_FILE).exists() else topics.learn(folder, settings)
    found = hooks.load(topic, folder)
    listed = sources(folder)
    if found.discover:
        listed = [*listed, hooks.source(topic)]
    if not listed:
        raise StopRun(f"{folder}: there is no source to ask; add one: tamis sources add {folder} https://…/feed")
    return Subject(settings, topic, tuple(listed), found)


def sources(folder: Path) -> list[Source]:
    """The sources that the lists of a topic folder name, each once."""
    found = [source for name in LISTS if (folder / name).is_file() for source in lists.load(folder / name)]
    return list({identity(source): source for source in found}.values())


def add(folder: Path, new: Sequence[Source]) -> list[Source]:
    """Adds sources to the folder's ``sources.toml``, below what stands there; gives those that were not known.

    Raises StopRun naming what is wrong with them.
    """
    if not folder.is_dir():
        raise StopRun(f"{folder}: there is no such folder; make it and put the seed texts into it")
    lists.check(new, str(folder / LISTS[0]))
    known = {identity(source) for source in sources(folder)}
    added = list({identity(source): source for source in new if identity(source) not in known}.values())
    if added:
        file = folder / LISTS[0]
        before = file.read_text(encoding="utf-8").rstrip("\n") + "\n\n" if file.exists() else ""
        topics.write(file, before.lstrip("\n") + lists.write_toml(added))
    return added


def identity(source: Source) -> str:
    """A short stable name: the same for the same kind, address and options, whatever it is called."""
    said = [source.kind, source.url, *(f"{name}={value}" for name, value in sorted(source.options.items()))]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:12]


def queries(topic: Topic) -> tuple[str, ...]:
    """Up to three searches: a word for each group of the topic, the countries' names in all of them."""
    words = [(_words(group), any(key.startswith(f"{PLACES}.") for key in group.concepts)) for group in topic.groups]
    said = [
        " ".join(each[0] if is_place else each[min(number, len(each) - 1)] for each, is_place in words if each)
        for number in range(MOST_QUERIES)
    ]
    return tuple(query for query in dict.fromkeys(said) if query)


def _words(group: Group) -> list[str]:
    """The terms of a group that can be searched for as they are: the user's, then packaged, then learnt ones."""
    packaged = [term for key in group.concepts for term, _ in concept(key).terms]
    named = [*group.add, *packaged, *(term.text for term in group.learnt)]
    return [term for term in named if not term.endswith("*")] or [term.rstrip("*") for term in named]
