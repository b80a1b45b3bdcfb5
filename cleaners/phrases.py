"""Recognises a block by the words of the vocabulary, in time that does not grow with the number of phrases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from cleaners.vocabulary import PhraseRule, alternatives, fold, phrase_rules

_EDGES = " .,;:!?…-|>»«<*•·/\\()[]→›‹+#\"'"
_SIGNS = re.compile(r"[^\w(]*")
_HEAD = 4
_SEPARATOR = r"\s*(?:[:>|»→]|-\s|$)"


def match_phrase(text: str) -> PhraseRule | None:
    """The first rule of the vocabulary that knows this text, or None. Words beyond a rule's limit rule it out."""
    folded = fold(text)
    bare = folded.strip(_EDGES)
    return next((rule for rule in _matches(folded, bare) if len(bare.split()) <= rule.max_words), None)


def begins_with_phrase(text: str) -> bool:
    """Whether the text opens with a phrase that no sentence would: a sign that something was glued here."""
    folded = fold(text)
    return folded.strip(_EDGES) in _whole() or (_may_open(folded) and _opening().match(folded) is not None)


def _matches(folded: str, bare: str) -> Iterator[PhraseRule]:
    whole = _whole().get(bare)
    if whole is not None:
        yield whole
    opening = _opening().match(folded) if _may_open(folded) else None
    if opening is not None and opening.lastgroup is not None:
        yield _by_group()[opening.lastgroup]
    yield from (rule for phrase, rule in _anywhere() if phrase in folded)


def _may_open(folded: str) -> bool:
    """Whether the first letters are those of any phrase: hardly a line's are, and trying them all takes long."""
    start = _SIGNS.match(folded).end()  # type: ignore[union-attr] # it matches anything, be it nothing
    return not _heads().isdisjoint([folded[start : start + size] for size in range(1, _HEAD + 1)])


@cache
def _heads() -> frozenset[str]:
    rules = phrase_rules()
    return frozenset(phrase[:_HEAD] for rule in rules for form in ("starts", "prefix") for phrase in rule.phrases[form])


@cache
def _whole() -> dict[str, PhraseRule]:
    found: dict[str, PhraseRule] = {}
    for rule in phrase_rules():
        for phrase in rule.phrases["whole"]:
            found.setdefault(phrase.strip(_EDGES), rule)
    return found


@cache
def _by_group() -> dict[str, PhraseRule]:
    return {rule.name.replace(".", "_"): rule for rule in phrase_rules()}


@cache
def _opening() -> re.Pattern[str]:
    """Every ``starts`` and ``prefix`` phrase as one expression with a named group a rule."""
    groups = []
    for rule in phrase_rules():
        starts, prefix = rule.phrases["starts"], rule.phrases["prefix"]
        forms = [rf"(?:{alternatives(starts)})(?!\w)"] if starts else []
        forms += [rf"(?:{alternatives(prefix)}){_SEPARATOR}"] if prefix else []
        if forms:
            groups.append(f"(?P<{rule.name.replace('.', '_')}>{'|'.join(forms)})")
    return re.compile(rf"{_SIGNS.pattern}(?:{'|'.join(groups)})")


@cache
def _anywhere() -> tuple[tuple[str, PhraseRule], ...]:
    return tuple((phrase, rule) for rule in phrase_rules() for phrase in rule.phrases["contains"])
