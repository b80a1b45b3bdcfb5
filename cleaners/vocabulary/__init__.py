"""The words that rules know, as data: one file a language, one table of rules; see this folder's README."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from tamis.cleaners.errors import StopRun
from tamis.cleaners.records import Label

LANGUAGES = ("fr", "en", "es", "de", "ar")
FORMS = ("whole", "prefix", "starts", "contains")
GRAMMAR = (
    "by", "dates", "joins", "minutes", "months", "published", "reading", "staff", "units", "updated", "weekdays",
)  # fmt: skip

_PAGE = 512  # texts to remember: several rules ask for the same blocks of a page
_LOOKALIKES = {"’": "'", "ʼ": "'", "‘": "'", "`": "'", "–": "-", "—": "-", "−": "-",
               "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه"}  # fmt: skip
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_MARKS = re.compile(r"[\u0300-\u036f\u0640\u064b-\u065f\u0670]")


class _Folding(dict[int, str]):
    """Maps each character to its folded one, computed once for each."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        base = _LOOKALIKES.get(char) or unicodedata.normalize("NFD", char)[0]
        if base.isdigit() and not base.isascii():
            base = str(unicodedata.digit(base, base))
        folded = base.casefold()
        self[code] = folded if len(folded) == 1 else char
        return self[code]


_FOLDING = _Folding()


@dataclass(frozen=True, slots=True)
class PhraseRule:
    """A rule that knows a block by its words, in all languages at once."""

    name: str
    label: Label
    max_words: int
    where: str
    """``anywhere``, or ``tail``: only behind the page's last running text."""
    confidence: float
    says: str
    phrases: Mapping[str, tuple[str, ...]]
    """Folded phrases by form (one of FORMS)."""
    examples: Mapping[str, str]
    """One example a language, as a page would print it."""


@lru_cache(maxsize=_PAGE)
def fold_in_place(text: str) -> str:
    """NFC text of the same length in which case, accents, digit scripts, apostrophes and dashes do not count."""
    for char in set(_BEYOND_ASCII.findall(text)):  # a few of them, many times: quicker than to translate the text
        text = text.replace(char, _FOLDING[ord(char)])
    return text.lower().replace("`", "'")


@lru_cache(maxsize=_PAGE)
def fold(text: str) -> str:
    """Text for comparing whole phrases: folded, without vowel marks, with single spaces."""
    folded = fold_in_place(unicodedata.normalize("NFC", text))
    return " ".join((folded if folded.isascii() else _MARKS.sub("", folded)).split())


def alternatives(phrases: Iterable[str]) -> str:
    """A regular expression that matches any of the folded phrases, the longest first."""
    return "|".join(re.escape(p) for p in sorted(set(phrases), key=lambda p: (-len(p), p)))


@cache
def phrase_rules() -> tuple[PhraseRule, ...]:
    """All rules of words, in the order of ``rules.toml``.

    Raises StopRun when a language file names a rule that does not exist, or holds an empty list or an unknown form.
    """
    table = _read("rules")
    by_language = {language: _read(language) for language in LANGUAGES}
    for language, groups in by_language.items():
        _check(language, groups, table)
    return tuple(_rule(name, entry, by_language) for name, entry in table.items())


@cache
def grammar(part: str) -> tuple[str, ...]:
    """The folded words of one part of the by-line grammar (see GRAMMAR), over all languages."""
    words = (fold(word) for language in LANGUAGES for word in _read(language)["grammar"][part])
    return tuple(dict.fromkeys(words))


@cache
def months() -> Mapping[str, int]:
    """Folded month names and abbreviations of all languages, with their number from 1 to 12."""
    return {
        fold(name): number
        for language in LANGUAGES
        for number, names in enumerate(_read(language)["grammar"]["months"], start=1)
        for name in names
    }


def _rule(
    name: str, entry: Mapping[str, object], by_language: Mapping[str, dict[str, dict[str, list[str]]]]
) -> PhraseRule:
    groups = {language: groups[name] for language, groups in by_language.items() if name in groups}
    phrases = {form: tuple(fold(p) for group in groups.values() for p in group.get(form, ())) for form in FORMS}
    return PhraseRule(
        name=name,
        label=Label(str(entry["label"])),
        max_words=int(str(entry["max_words"])),
        where=str(entry.get("where", "anywhere")),
        confidence=float(str(entry.get("confidence", 0.95))),
        says=str(entry["says"]),
        phrases=phrases,
        examples={language: str(group["example"]) for language, group in groups.items()},
    )


def _check(language: str, groups: Mapping[str, Mapping[str, object]], table: Mapping[str, object]) -> None:
    problems = [f"[{part}] is missing from [grammar]" for part in GRAMMAR if not groups["grammar"].get(part)]
    for name, group in groups.items():
        if name == "grammar":
            continue
        if name not in table:
            problems.append(f"[{name}] is no rule; rules are: {', '.join(table)}")
        if not group.get("example"):
            problems.append(f"[{name}] cites no example")
        problems += [f"[{name}] {form} is empty or no known form" for form, phrases in group.items()
                     if not phrases or form not in (*FORMS, "example")]  # fmt: skip
    if problems:
        raise StopRun(f"vocabulary/{language}.toml: " + "; ".join(problems))


@cache
def _read(name: str) -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
