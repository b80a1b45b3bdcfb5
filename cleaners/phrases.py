"""Recognises a block by the words of the vocabulary, in time that does not grow with the number of phrases."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import count
from operator import itemgetter

from tamis.cleaners.vocabulary import PhraseRule, fold, phrase_rules

_EDGES = " .,;:!?…-|>»«<*•·/\\()[]→›‹+#\"'"
_SIGNS = re.compile(r"[^\w(]*")
_HEAD = 4
_BEHIND = {"starts": re.compile(r"(?!\w)"), "prefix": re.compile(r"\s*(?:[:>|»→]|-\s|$)")}
"""What stands behind a phrase of each form, for the text to begin with it."""

_Opening = tuple[int, str, re.Pattern[str], PhraseRule]


def match_phrase(text: str) -> PhraseRule | None:
    """The first rule of the vocabulary that knows this text, or None. Words beyond a rule's limit rule it out."""
    folded = fold(text)
    bare = folded.strip(_EDGES)
    return next((rule for rule in _matches(folded, bare) if len(bare.split()) <= rule.max_words), None)


def begins_with_phrase(text: str) -> bool:
    """Whether the text opens with a phrase that no sentence would: a sign that something was glued here."""
    folded = fold(text)
    return folded.strip(_EDGES) in _whole() or _opening(folded) is not None


def _matches(folded: str, bare: str) -> Iterator[PhraseRule]:
    whole = _whole().get(bare)
    if whole is not None:
        yield whole
    opening = _opening(folded)
    if opening is not None:
        yield opening
    yield from (rule for phrase, rule in _anywhere() if phrase in folded)


def _opening(folded: str) -> PhraseRule | None:
    """The first rule with a phrase that a text begins with: only those of its first letters are tried, mostly none."""
    start = _SIGNS.match(folded).end()  # type: ignore[union-attr] # it matches anything, be it nothing
    openings = _openings()
    known = [opening for size in range(1, _HEAD + 1) for opening in openings.get(folded[start : start + size], ())]
    for _, phrase, behind, rule in sorted(known, key=itemgetter(0)):
        if folded.startswith(phrase, start) and behind.match(folded, start + len(phrase)):
            return rule
    return None


@cache
def _openings() -> Mapping[str, list[_Opening]]:
    """Every ``starts`` and ``prefix`` phrase by its first letters; the longest of a rule's phrases is tried first."""
    found: defaultdict[str, list[_Opening]] = defaultdict(list)
    order = count()
    for rule in phrase_rules():
        for form, behind in _BEHIND.items():
            for phrase in sorted(set(rule.phrases[form]), key=len, reverse=True):
                found[phrase[:_HEAD]].append((next(order), phrase, behind, rule))
    return dict(found)


@cache
def _whole() -> dict[str, PhraseRule]:
    found: dict[str, PhraseRule] = {}
    for rule in phrase_rules():
        for phrase in rule.phrases["whole"]:
            found.setdefault(phrase.strip(_EDGES), rule)
    return found


@cache
def _anywhere() -> tuple[tuple[str, PhraseRule], ...]:
    return tuple((phrase, rule) for rule in phrase_rules() for phrase in rule.phrases["contains"])
