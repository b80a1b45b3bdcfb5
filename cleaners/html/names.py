"""Authors' names as pages state them: split, freed of what is no name, each once."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from functools import cache

from tamis.cleaners.dates import find_dates
from tamis.cleaners.vocabulary import alternatives, fold, fold_in_place, grammar

MAX_AUTHORS = 30
_MAX_CHARACTERS, _MAX_WORDS = 80, 8
_ADDRESS = re.compile(r"https?:|www\.|\w@\w|^/|\.(?:html?|php)\b", re.I)
_HANDLE = re.compile(r"(?<!\w)@\w+|\(@?[^)]*\)$")
_SPLIT = re.compile(r"\s*[;|•·]\s*|\s/\s|\s+[–—]\s+|\s-\s")
_COMMA = re.compile(r"\s*[,،、]\s*")
_SUFFIX = re.compile(
    r"(?:[A-Z]\.?){1,5}|[A-Z][a-zA-Z]?[A-Z]{1,3}|E-RYT.*|RYT.*|Jr\.?|Sr\.?|I{1,3}|Ph\.?\s?D\.?|M\.?D\.?|Esq\.?|CPA|MBA"
)
_PLACEHOLDER = frozenset(
    (
        "admin",
        "administrator",
        "author",
        "auteur",
        "autor",
        "editor",
        "guest",
        "none",
        "null",
        "root",
        "super user",
        "undefined",
        "unknown",
        "user",
        "webmaster",
    )
)


def clean_names(stated: Iterable[str]) -> tuple[str, ...]:
    """Names out of author fields: ``Par Jean Petit et Ana Gil`` gives two, an address or placeholder none."""
    names: dict[str, str] = {}
    for field in stated:
        text = re.sub(r"<[^>]*>", " ", html.unescape(field)).strip()
        for name in [] if _ADDRESS.search(text) else _split(" ".join(text.replace("\n", " | ").split())):
            names.setdefault(fold(name), name)
    return tuple(names.values())[:MAX_AUTHORS]


def _split(field: str) -> list[str]:
    for date in reversed(find_dates(field)):
        field = f"{field[: date.start]} | {field[date.end :]}"
    names: list[str] = []
    for part in _SPLIT.split(field):
        for piece in _joined(_without_by(part)):
            name = _HANDLE.sub("", piece).strip(" .:*–—-\u200b")
            if _is_name(name):
                names.append(name)
    return names


def _joined(part: str) -> list[str]:
    """The names of one part: commas separate names, or follow one with its degrees, or a family name."""
    pieces = [piece for piece in _COMMA.split(part) if piece]
    if len(pieces) > 1 and all(_SUFFIX.fullmatch(piece) for piece in pieces[1:]):
        return [", ".join(pieces)]
    names: list[str] = []
    for piece in pieces:
        if names and _SUFFIX.fullmatch(piece):
            names[-1] += f", {piece}"
        else:
            names += [name for name in _joins().split(piece) if name]
    return [_without_by(name) for name in names]


def _without_by(text: str) -> str:
    match = _by().match(fold_in_place(text))
    return text[match.end() :].strip(" :") if match and match.end() < len(text) else text


def _is_name(text: str) -> bool:
    return (
        1 < len(text) <= _MAX_CHARACTERS
        and len(text.split()) <= _MAX_WORDS
        and any(c.isalpha() for c in text)
        and not _ADDRESS.search(text)
        and sum(c.isdigit() for c in text) <= 2
        and fold(text) not in (*_PLACEHOLDER, *grammar("dates"))
    )


@cache
def _by() -> re.Pattern[str]:
    words = alternatives((*grammar("by"), *grammar("published"), *grammar("updated")))
    return re.compile(rf"(?:(?:{words})(?!\w)[\s:]*)+")


@cache
def _joins() -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in (*grammar("joins"), "&"))
    return re.compile(rf"\s+(?:{words})\s+", re.I)
