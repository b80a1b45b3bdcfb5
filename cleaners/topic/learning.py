"""Learns a topic from its seeds: what stands in them all and hardly elsewhere.

A packaged concept (a country, a field of public life) that nearly all seeds speak of, more often than any text does,
is a group that must be matched; a frame (states talking) supports. Words, names and phrases that are much more frequent
than in any text join the group they belong to, or support. Where concepts do not tell what the seeds are about, the
strongest words of all seeds are groups of their own.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tamis.cleaners.errors import StopRun
from tamis.cleaners.topic.background import background, languages
from tamis.cleaners.topic.concepts import PLACES, Concept, concepts
from tamis.cleaners.topic.counting import Counts, count
from tamis.cleaners.topic.families import common_words, families
from tamis.cleaners.topic.matching import Matcher, matcher
from tamis.cleaners.topic.names import names, phrases
from tamis.cleaners.topic.records import SUPPORT, Group, Seed, Term, Topic
from tamis.cleaners.topic.words import elements, words

CORE_SHARE = 0.8
"""A core concept stands in at least this share of the seeds..."""
CORE_LIFT = 3.0
"""... and this much more often than in any text."""
FEWEST_GROUPS = 2
SIDE_SHARE = 0.5  # of the mentions that the main field has: a field with fewer is a side subject
MOST_LEARNT = 40
MOST_ALIKE = 8
WORDS = "words"
"""The group of the words that all seeds have, where no packaged field of public life says what they are about."""
LEAST_WEIGHT = 0.3
NAME_WEIGHT = 0.7
_FULL_LIFT = 3.0  # a term that is 10**3 times more frequent than in any text has the full weight


@dataclass(frozen=True, slots=True)
class _Spoken:
    """How the seeds speak of a concept: in how many of them, at how many places, by which single words."""

    seeds: int
    times: int
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Person:
    """A person in the seeds: the term that finds them, all words of their name, the place that introduces them."""

    term: str
    words: frozenset[str]
    place: str | None


def learn(seeds: Iterable[Seed], name: str, previous: Topic | None = None) -> Topic:
    """The topic of some clean seed texts; their order does not matter.

    What a person wrote into ``previous`` (name, thresholds, added, excluded and ignored terms, weights, groups of
    their own) stays. Raises StopRun where there are no seeds.
    """
    read = tuple(seeds)
    if not read:
        raise StopRun(f"topic {name!r}: no seed text to learn from; put at least one article into its folder")
    counts = count(read)
    spoken = _spoken(counts)
    core = _leading([c for key, c in concepts().items() if _is_core(spoken.get(key), c, counts)], spoken)
    themes, frames = [c for c in core if not c.frame], [c for c in core if c.frame]
    ignored = frozenset(elements(term) for term in previous.ignore) if previous else frozenset()
    people = _people(read, [c for c in themes if c.is_place], counts)
    terms = _terms(counts, people, ignored)
    introduced = {person.term: person.place for person in people}
    homes = {term: _home(members, themes, spoken) for term, members in terms.items()} | introduced
    kept = _weighed(terms, introduced, counts)
    groups = [Group(_name(c), (c.key,), tuple(t for t in kept if homes[t.text] == c.key)) for c in themes]
    others = [term for term in kept if homes[term.text] is None][:MOST_LEARNT]
    own = _own_groups([term for term in others if term.seeds >= _most(counts)], themes)
    groups += own
    in_groups = {term for group in own for term in group.learnt}
    if not groups:
        raise StopRun(f"topic {name!r}: the seeds have no rare word in common; remove those that are on another topic")
    learnt = Topic(
        name=name,
        languages=tuple(sorted({language for language in counts.languages if language})),
        require=len(groups) if themes else min(FEWEST_GROUPS, len(groups)),
        groups=tuple(groups),
        support=Group(SUPPORT, tuple(c.key for c in frames), tuple(term for term in others if term not in in_groups)),
        rivals=_rivals(core),
    )
    return _keep_edits(learnt, previous) if previous else learnt


def _spoken(counts: Counts) -> dict[str, _Spoken]:
    """How the seeds speak of each packaged concept that they speak of."""
    finder: Matcher[str] = matcher((term, c.key) for c in concepts().values() for term, _ in c.terms)
    seeds: dict[str, set[int]] = {}
    places: dict[str, set[tuple[int, int, int]]] = {}
    said: dict[str, set[str]] = {}
    for number, seed in enumerate(counts.seeds):
        for row, line in enumerate(seed):
            for at, end, key in finder.find(line):
                seeds.setdefault(key, set()).add(number)
                places.setdefault(key, set()).add((number, row, at))
                said.setdefault(key, set()).update(line[at:end] if end == at + 1 else ())
    return {key: _Spoken(len(seeds[key]), len(places[key]), frozenset(said[key])) for key in seeds}


def _most(counts: Counts) -> int:
    return math.ceil(CORE_SHARE * len(counts.seeds))


def _is_core(spoken: _Spoken | None, concept: Concept, counts: Counts) -> bool:
    if spoken is None or spoken.seeds < _most(counts):
        return False
    return counts.lift(spoken.times, (term for term, _ in concept.terms)) >= CORE_LIFT


def _leading(core: Sequence[Concept], spoken: Mapping[str, _Spoken]) -> list[Concept]:
    """Without the side subjects: few seeds may all mention a field that none of them is about."""
    most = max((spoken[c.key].times for c in core if not (c.is_place or c.frame)), default=0)
    return [c for c in core if c.is_place or c.frame or spoken[c.key].times >= SIDE_SHARE * most]


def _own_groups(terms: Sequence[Term], themes: Sequence[Concept]) -> list[Group]:
    """The groups that the seeds' own words make, where the concepts do not tell what they are about.

    Beside countries only, or one field only, any of the words that nearly all seeds have is enough; without any
    concept, two of them must stand together.
    """
    if not themes:
        return [Group(term.text.rstrip("*"), learnt=(term,)) for term in terms[:MOST_ALIKE]]
    if len(themes) >= FEWEST_GROUPS and not all(theme.is_place for theme in themes):
        return []
    return [Group(WORDS, learnt=tuple(terms[:MOST_ALIKE]))] if terms else []


def _rivals(core: Sequence[Concept]) -> tuple[str, ...]:
    """The fields of public life that are foreign to the seeds; all other countries, where they are about some."""
    subjects = (c.key for c in concepts().values() if c not in core and not (c.is_place or c.frame))
    return (*([PLACES] if any(c.is_place for c in core) else []), *subjects)


def _people(seeds: Sequence[Seed], places: Sequence[Concept], counts: Counts) -> list[_Person]:
    """The names in the seeds that stand twice, but those of places; a rare surname finds its bearers alone."""
    finder = matcher((term, place.key) for place in places for term, _ in place.terms)
    parts: dict[str, set[str]] = {}
    near: dict[str, Counter[str]] = {}
    for name, introduced in names(seeds).items():
        folded = words(name)
        if any(finder.find(folded)):
            continue
        term = name if _is_listed(folded[-1]) else counts.spelling.get(folded[-1], folded[-1])
        parts.setdefault(term, set()).update(folded)
        nearness = near.setdefault(term, Counter())
        for word, n in introduced.items():
            nearness.update({key: n for *_, key in finder.find([word])})
    often = counts.found(parts)
    return [_Person(term, frozenset(parts[term]), _nearest(near[term])) for term in parts if often[term][1] > 1]


def _is_listed(word: str) -> bool:
    return any(word in background(language) for language in languages())


def _nearest(near: Counter[str]) -> str | None:
    """What was counted most, where one was."""
    first, second = [*near.most_common(2), ("", 0), ("", 0)][:2]
    return first[0] if first[1] > second[1] else None


def _terms(
    counts: Counts, people: Iterable[_Person], ignored: frozenset[tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """All candidates, each with its folded words: names, families of words, set phrases, none within a name."""
    named = {person.term: tuple(words(person.term)) for person in people}
    in_names = {word for person in people for word in person.words}
    grown = {term: parts for term, parts in families(counts).items() if not in_names.intersection(parts)}
    set_phrases = (tuple(phrase.split()) for phrase in phrases(counts, common_words(counts)))
    spelt = {
        " ".join(counts.spelling.get(word, word) for word in parts): parts
        for parts in set_phrases
        if not in_names.intersection(parts)
    }
    return {term: parts for term, parts in {**spelt, **grown, **named}.items() if elements(term) not in ignored}


def _home(members: Sequence[str], themes: Iterable[Concept], spoken: Mapping[str, _Spoken]) -> str | None:
    """The core concept that one of a term's words belongs to."""
    return next((theme.key for theme in themes if spoken[theme.key].words.intersection(members)), None)


def _weighed(terms: Iterable[str], named: Iterable[str], counts: Counts) -> list[Term]:
    """The terms that say something, the strongest first: which many seeds have, and few other texts."""
    several = min(2, len(counts.seeds))
    weighed = []
    for term, (seeds, times) in counts.found(terms).items():
        rarity = min(1.0, math.log10(max(1.0, counts.lift(times, [term]))) / _FULL_LIFT)
        spread = NAME_WEIGHT if term in named else seeds / len(counts.seeds) if seeds >= several else 0.0
        weighed.append(Term(term, round(rarity * spread, 2), seeds, times))
    return sorted((t for t in weighed if t.weight >= LEAST_WEIGHT), key=lambda t: (-t.weight, t.text))


def _name(concept: Concept) -> str:
    return concept.says if concept.is_place else concept.key.partition(".")[2]


def _keep_edits(learnt: Topic, previous: Topic) -> Topic:
    """What was learnt, with all that a person may have edited taken over; groups are known by their concepts."""
    edited = {group.concepts or group.name: group for group in previous.groups}
    groups = []
    for group in learnt.groups:
        before = edited.pop(group.concepts or group.name, group)
        groups.append(replace(group, name=before.name, add=before.add))
    own = [replace(group, learnt=()) for group in edited.values() if group.add]
    as_before = {group.name for group in previous.groups} == {group.name for group in (*groups, *own)}
    return replace(
        previous,
        languages=tuple(sorted({*previous.languages, *learnt.languages})),
        require=previous.require if as_before else learnt.require + len(own),
        groups=(*groups, *own),
        support=replace(learnt.support, add=previous.support.add),
    )
