"""Reads by-lines and datelines: blocks made of nothing but names, dates, times and the words between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from tamis.cleaners.dates import PrintedDate, find_dates, find_times
from tamis.cleaners.vocabulary import alternatives, fold, fold_in_place, grammar

_MAX_WORDS = 30
_MAX_NAME = 5
_PARTICLES = frozenset({
    "de", "da", "di", "do", "dos", "du", "del", "della", "des", "la", "le", "van", "von", "der", "den", "el", "al",
    "ben", "bin", "ibn", "ould", "abu", "ter", "y", "e", "zu",
})  # fmt: skip
_SEGMENTS = re.compile(r"\s*(?:[|•·;\n\x00/()\[\]]|,\s|:\s|:$|\s-\s|^-|\s[–—]\s|^[–—]\s?|\s\+\s|[–—-]$)\s*")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"\w+")
_DATE_WORDS_ONLY = re.compile(r"[\d\s]+")


@dataclass(frozen=True, slots=True)
class Byline:
    """What a by-line says: names as printed, the dates it states, and whether it says so in words.

    ``explicit`` is true for ``Par …`` or ``Publié le …``, false for a bare date or a bare name beside a date.
    ``time`` is a time of day without a day.
    """

    authors: tuple[str, ...] = ()
    published: PrintedDate | None = None
    updated: PrintedDate | None = None
    time: tuple[int, int] | None = None
    explicit: bool = False


def read_byline(text: str) -> Byline | None:
    """The by-line or dateline that this NFC text is, or None when anything else is in it."""
    if len(text) > 300 or len(text.split()) > _MAX_WORDS:
        return None
    folded = fold_in_place(text)
    words = _WORD.findall(folded)
    says = not _openers().isdisjoint(words)
    if not (_DIGIT.search(folded) or (says and _cue().search(folded))):
        return None
    dates = find_dates(text)
    times = [t for t in find_times(text) if not any(d.start <= t.start < d.end for d in dates)]
    if not (dates or times or says or not _units().isdisjoint(words)):
        return None  # a number, but nothing that makes a by-line
    reading = _read_segments(_without(text, [(d.start, d.end) for d in dates] + [(t.start, t.end) for t in times]))
    if reading is None or not (dates or reading.said or reading.ago or (reading.by and reading.authors)):
        return None
    published, updated = _published(dates, reading)
    return Byline(
        authors=tuple(dict.fromkeys(reading.authors)),
        published=published,
        updated=updated,
        time=(times[0].hour, times[0].minute) if times and not dates else None,
        explicit=reading.by or bool(reading.said),
    )


def is_name(text: str) -> bool:
    """Whether the text has the shape of a person's name: two to five words, capitals but for particles."""
    words = text.split()
    cased = [word for word in words if word[0].isupper()]
    return len(cased) >= 2 and words[-1] == cased[-1] and _looks_like_name(words)


@dataclass(slots=True)
class _Reading:
    authors: list[str]
    said: list[str]
    by: bool = False
    ago: bool = False


def _published(dates: list[PrintedDate], reading: _Reading) -> tuple[PrintedDate | None, PrintedDate | None]:
    """Which printed date is of publication, which of update: as the words before them say, else the first."""
    if not dates:
        return None, None
    if reading.said[:1] == ["updated"]:
        return (dates[1], dates[0]) if len(dates) > 1 and "published" in reading.said else (None, dates[0])
    return dates[0], dates[1] if len(dates) > 1 else None


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with each span replaced by a separator."""
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + "\x00" + text[end:]
    return text


def _read_segments(text: str) -> _Reading | None:
    """Names and words of a by-line whose dates are cut out; None when something else stands there."""
    reading = _Reading([], [])
    for segment in _SEGMENTS.split(text):
        rest = _without_saying(segment.strip(" .,:;-–—"), reading)
        rest, by = _without_by(rest)
        reading.by = reading.by or by
        if not rest or _is_filler(rest):
            reading.ago = reading.ago or _is_ago(rest)
            continue
        names = _names(_without_join(rest), alone=reading.by)
        if names is None:
            return None
        reading.authors += names
    return reading


def _without_saying(segment: str, reading: _Reading) -> str:
    while match := _said().match(fold_in_place(segment)):
        reading.said.append(match.lastgroup or "")
        segment = segment[match.end() :].strip(" .,:;-–—")
    return segment


def _without_by(segment: str) -> tuple[str, bool]:
    match = _by().match(fold_in_place(segment))
    return (segment[match.end() :].strip(" .,:;"), True) if match else (segment, False)


def _is_filler(segment: str) -> bool:
    words = fold(segment).split()
    return all(w in _fillers() or _DATE_WORDS_ONLY.fullmatch(w) for w in words)


def _is_ago(segment: str) -> bool:
    """Whether a filler states a distance in time (``il y a 3 heures``, ``2 days ago``)."""
    words = fold(segment).split()
    return len(words) >= 3 and any(w.isdigit() for w in words) and any(w in grammar("units") for w in words)


def _without_join(segment: str) -> str:
    first, _, rest = segment.partition(" ")
    return rest if rest and fold(first) in grammar("joins") else segment


def _names(segment: str, *, alone: bool) -> list[str] | None:
    """The names joined in a segment; one word is a name only behind ``by`` (``alone``)."""
    names = [part for part in _joins().split(segment) if part]
    for name in names:
        staff = fold(name) in grammar("staff")
        if not staff and not is_name(name) and not (alone and _looks_like_name(name.split())):
            return None
    return names or None


def _looks_like_name(words: list[str]) -> bool:
    if not words or len(words) > _MAX_NAME or any(fold(w) in _never_names() for w in words):
        return False
    cased = [w for w in words if fold(w) not in _PARTICLES]
    return bool(cased) and all(_capital(w) for w in cased)


def _capital(word: str) -> bool:
    letters = word.strip(".’'-")
    if not letters or not all(c.isalpha() or c in ".’'-" for c in letters):
        return False
    return letters[0].isupper() or not (letters[0].isupper() or letters[0].islower())


@cache
def _cue() -> re.Pattern[str]:
    """What every by-line without a digit has: words that only by-lines need; most lines have neither."""
    return re.compile(rf"\b(?:{alternatives(_cues())})(?!\w)")


@cache
def _openers() -> frozenset[str]:
    """The first words of what `_cue` looks for: quicker to ask for."""
    return frozenset(_WORD.findall(phrase)[0] for phrase in _cues())


@cache
def _units() -> frozenset[str]:
    """Units of time, one of which any distance in time (``il y a 3 heures``) has."""
    return frozenset(grammar("units"))


def _cues() -> tuple[str, ...]:
    return (*grammar("by"), *grammar("published"), *grammar("updated"))


@cache
def _said() -> re.Pattern[str]:
    updated, published = alternatives(grammar("updated")), alternatives(grammar("published"))
    return re.compile(rf"(?:(?P<updated>{updated})|(?P<published>{published}))(?!\w)")


@cache
def _by() -> re.Pattern[str]:
    words = alternatives(grammar("dates"))
    return re.compile(rf"(?:(?:{words})\s+)?(?:{alternatives(grammar('by'))})(?!\w)\s*")


@cache
def _joins() -> re.Pattern[str]:
    words = "|".join(re.escape(w) for w in grammar("joins") if w.isascii())
    return re.compile(rf"\s+(?:{words}|&|و)\s+|\s*[,&]\s*|\s+و(?=\w)")


@cache
def _fillers() -> frozenset[str]:
    phrases = (*grammar("dates"), *grammar("weekdays"), *grammar("units"), *grammar("joins"))
    return frozenset(word for phrase in phrases for word in phrase.split())


@cache
def _never_names() -> frozenset[str]:
    return frozenset((*grammar("weekdays"), *grammar("published"), *grammar("updated")))
