"""The user's own functions, named in topic.toml as ``module:function``; whatever they raise is contained.

[hooks]
discover = "mine:find"          # def find(source: Source, ask: Ask, fetch: Fetch) -> candidates, as a source kind
accept = "mine:worth_it"        # def worth_it(candidate: Candidate, relevance: Relevance) -> bool | None
after_article = "mine:tell"     # def tell(article: News) -> None
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tamis.cleaners.errors import StopRun
from tamis.cleaners.topic import Relevance, Topic
from tamis.flows.fetching.discover.kind import Fetch, Found
from tamis.flows.fetching.records import Ask, Candidate, Refusal, Refused, Source
from tamis.flows.following.records import Trouble
from tamis.warehouse.following.records import News

KIND = "hook"
NAMES = ("discover", "accept", "after_article")

Hook = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Hooks:
    """The hooks that a topic names; None for one that it does not."""

    discover: Hook | None = None
    accept: Hook | None = None
    after_article: Hook | None = None


def load(topic: Topic, folder: Path) -> Hooks:
    """The functions that the topic names, from modules in its folder or wherever Python finds them.

    Raises StopRun naming every hook that is none: nothing was fetched yet, and a filter may be among them.
    """
    found: dict[str, Hook] = {}
    wrong: list[str] = []
    for name, target in topic.hooks:
        try:
            if name not in NAMES:
                raise LookupError(f"no such hook; there are {', '.join(NAMES)}")
            found[name] = _function(target, folder)
        except Exception as error:  # a module of the user's raises what it likes
            wrong.append(f"hooks.{name} = {target!r}: {_said(error)}")
    if wrong:
        raise StopRun(f"topic {topic.name!r}:\n" + "\n".join(f"  - {line}" for line in wrong))
    return Hooks(**found)


def source(topic: Topic) -> Source:
    """The source that stands for ``hooks.discover``."""
    return Source(KIND, dict(topic.hooks)["discover"], "hooks.discover")


async def discover(hook: Hook, source: Source, ask: Ask, fetch: Fetch) -> AsyncIterator[Found]:
    """What ``hooks.discover`` gives: an async generator as any source kind, or anything that can be iterated."""
    try:
        given = hook(source, ask, fetch)
        if hasattr(given, "__aiter__"):
            async for found in given:
                yield found
        else:
            for found in given:
                yield found
    except Exception as error:
        yield Refused(source.url, Refusal.UNREADABLE, f"hooks.discover raised {_said(error)}")


def accept(
    hook: Hook | None, candidate: Candidate, relevance: Relevance, troubles: list[Trouble], *, default: bool
) -> bool:
    """Whether a candidate is worth fetching: as the hook says, or where it fails or says None, score or ``default``."""
    default = default or relevance.on_topic
    if hook is None:
        return default
    try:
        said = hook(candidate, relevance)
    except Exception as error:
        troubles.append(Trouble("hooks.accept", f"{candidate.url}: it raised {_said(error)}"))
        return default
    return default if said is None else bool(said)


def after_article(hook: Hook | None, article: News, troubles: list[Trouble]) -> None:
    """Tells the hook of a new article."""
    try:
        if hook is not None:
            hook(article)
    except Exception as error:
        troubles.append(Trouble("hooks.after_article", f"{article.url}: it raised {_said(error)}"))


def _function(target: str, folder: Path) -> Hook:
    module, colon, name = target.partition(":")
    if not (module and colon and name):
        raise LookupError("write it as module:function")
    place = str(folder.resolve())
    if place not in sys.path:
        sys.path.insert(0, place)
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # the folder is one of texts
    try:
        function = getattr(importlib.import_module(module), name)
    finally:
        sys.dont_write_bytecode = before
    if not callable(function):
        raise TypeError(f"{name} is no function")
    return function  # type: ignore[no-any-return]


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
