"""Scores a title, a title with its summary, or a whole text against a topic, and says why.

A passage (the title, or some sentences) is on topic when the groups stand in it together: the score is the geometric
mean of how clearly each required group is there, raised by support, lowered by rivals and excluded terms. A text is as
relevant as the better two thirds of its passages: a mention in passing, or a list of other stories, does not carry it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tamis.cleaners.topic.concepts import PLACES, concept, concepts
from tamis.cleaners.topic.matching import Matcher, matcher
from tamis.cleaners.topic.records import SUPPORT, Group, Match, Relevance, Topic
from tamis.cleaners.topic.words import elements, sentences, words

PASSAGE = 40
"""Words of a passage, to the end of the sentence: a short paragraph."""
CARRIES = 2 / 3
"""The share of its passages, the best ones, that a text is judged by."""
CLEAR = 0.85  # what the best term alone makes of its group
ABSENT = 0.02  # what a missing group counts, so that the others still order what is off topic
SUPPORTED = 0.45  # the part of the score that support decides
HELPFUL = 0.6  # what the best supporting term alone makes of it
RIVALRY = 0.5  # what rivals take away at most
EXCLUDED = 0.3  # what is left with each excluded term
HEAD = 0.35  # the part of the title and summary in the score of a text
CONTEXT = 0.6  # how much of what the title says is understood in the text

_RIVAL, _EXCLUDE = "rival", "exclude"


@dataclass(frozen=True, slots=True)
class _Entry:
    group: str
    term: str
    weight: float


@dataclass(frozen=True, slots=True)
class _Found:
    """What one stretch of words says: how clearly each group is there, and the terms with how often."""

    clear: Mapping[str, float]
    terms: Mapping[_Entry, int]


def score(topic: Topic, *, title: str | None = None, summary: str | None = None, text: str | None = None) -> Relevance:
    """How much a page is on ``topic``, from whichever of its title, summary and whole text there are."""
    finder = _finder(topic)
    head = [(where, _find(words(part), finder)) for where, part in (("title", title), ("summary", summary)) if part]
    body = [_find(passage, finder) for passage in _passages(text or "")]
    front = _merge(found.clear for _, found in head)
    value = _rate(front, topic)
    if body:
        rates = sorted((_rate(_merge((found.clear, _faded(front))), topic) for found in body), reverse=True)
        better = rates[: math.ceil(len(rates) * CARRIES)]
        whole = sum(better) / len(better)
        value = max(whole, HEAD * value + (1 - HEAD) * whole)
    seen = _merge((front, *(found.clear for found in body)))
    return Relevance(
        score=round(value, 4),
        threshold=topic.text_threshold if body else topic.title_threshold,
        matches=tuple(_matches([*head, *(("text", found) for found in body)])),
        missing=tuple(group.name for group in topic.groups if group.name not in seen),
    )


def _rate(clear: Mapping[str, float], topic: Topic) -> float:
    """The score of one passage, from how clearly each group stands in it."""
    best = sorted((max(clear.get(group.name, 0.0), ABSENT) for group in topic.groups), reverse=True)[: topic.require]
    core = math.prod(best) ** (1 / len(best)) if best else 0.0
    supported = 1 - SUPPORTED + SUPPORTED * clear.get(SUPPORT, 0.0)
    contested = 1 - RIVALRY * clear.get(_RIVAL, 0.0)
    return core * supported * contested * float(EXCLUDED ** clear.get(_EXCLUDE, 0.0))


def _find(said: Sequence[str], finder: Matcher[_Entry]) -> _Found:
    """What the words say. A word counts once for a group, however often it stands there and whatever terms find it."""
    best: dict[str, dict[str, float]] = {}
    terms: dict[_Entry, int] = {}
    for at, end, entry in finder.find(said):
        terms[entry] = terms.get(entry, 0) + 1
        by_word = best.setdefault(entry.group, {})
        for word in said[at:end]:
            by_word[word] = max(by_word.get(word, 0.0), entry.weight)
    return _Found({group: _clarity(group, by_word.values()) for group, by_word in best.items()}, terms)


def _clarity(group: str, weights: Iterable[float]) -> float:
    """One clear term is nearly enough, each further one adds to what is left; excluded terms are counted."""
    if group == _EXCLUDE:
        return float(len(list(weights)))
    alone = HELPFUL if group in (SUPPORT, _RIVAL) else CLEAR
    return 1 - math.prod(1 - alone * weight for weight in sorted(weights))


def _merge(parts: Iterable[Mapping[str, float]]) -> dict[str, float]:
    merged: dict[str, float] = {}
    for part in parts:
        for group, clear in part.items():
            merged[group] = max(merged.get(group, 0.0), clear)
    return merged


def _faded(front: Mapping[str, float]) -> dict[str, float]:
    return {group: CONTEXT * clear for group, clear in front.items() if group not in (_RIVAL, _EXCLUDE)}


def _passages(text: str) -> list[list[str]]:
    """The words of ``text`` in passages of whole sentences; a short rest belongs to the last one."""
    passages: list[list[str]] = []
    for sentence in sentences(text):
        said = words(sentence)
        if passages and len(passages[-1]) < PASSAGE:
            passages[-1] += said
        elif said:
            passages.append(said)
    if len(passages) > 1 and len(passages[-1]) < PASSAGE // 2:
        rest = passages.pop()
        passages[-1] += rest
    return passages


def _matches(found: Iterable[tuple[str, _Found]]) -> list[Match]:
    """The evidence, strongest first: one match a term and place."""
    times: dict[tuple[str, _Entry], int] = {}
    for where, part in found:
        for entry, n in part.terms.items():
            times[where, entry] = times.get((where, entry), 0) + n
    matches = (Match(e.group, e.term, where, n, e.weight) for (where, e), n in times.items())
    order = ("title", "summary", "text")
    return sorted(matches, key=lambda m: (order.index(m.where), -m.weight, -m.times, m.group, m.term))


@lru_cache(maxsize=64)
def _finder(topic: Topic) -> Matcher[_Entry]:
    """One matcher for all terms of a topic."""
    weights = {elements(term): weight for term, weight in topic.weights}
    ignored = {elements(term) for term in topic.ignore}
    groups = (*((group.name, group) for group in topic.groups), (SUPPORT, topic.support))
    entries = [entry for name, group in groups for entry in _entries(name, group)]
    entries += _entries(_RIVAL, Group(_RIVAL, _rivals(topic)))
    entries += [_Entry(_EXCLUDE, term, 1.0) for term in topic.exclude]
    chosen = {
        (entry.group, parts): _Entry(entry.group, entry.term, weights.get(parts, entry.weight))
        for entry in reversed(entries)
        if (parts := elements(entry.term)) not in ignored
    }
    return matcher((entry.term, entry) for entry in chosen.values())


def _rivals(topic: Topic) -> tuple[str, ...]:
    """The rival concepts; ``places`` stands for every country that is no group of the topic."""
    own = {key for group in topic.groups for key in group.concepts}
    places = [key for key, each in concepts().items() if each.is_place and key not in own]
    return tuple(key for rival in topic.rivals for key in (places if rival == PLACES else [rival]))


def _entries(name: str, group: Group) -> list[_Entry]:
    """The terms of a group: the user's own, those of its concepts, those learnt."""
    packaged = [(term, weight) for key in group.concepts for term, weight in concept(key).terms]
    learnt = [(term.text, term.weight) for term in group.learnt]
    return [_Entry(name, term, weight) for term, weight in (*((t, 1.0) for t in group.add), *packaged, *learnt)]
