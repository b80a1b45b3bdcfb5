"""Wire services named in by-lines and credits: their copy appears word for word on many sites."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

_DATELINE = 120  # characters of the first line that may be one
_LAST_LINE = 40  # characters of a line that only credits


def find_agency(names: Iterable[str]) -> str | None:
    """The first wire service that one of these names is or mentions (``Le Monde avec AFP``), or None."""
    for name in names:
        if len(name) <= 120 and (match := _pattern().search(name)):
            return _by_name()[match[0]]
    return None


def find_credit(text: str) -> str | None:
    """The wire service that an article's own text credits: in its dateline (``PARIS (AFP) -``) or last line, or None.

    One that is only mentioned, or quoted, is no credit.
    """
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if not lines:
        return None
    if match := _dateline().search(lines[0][:_DATELINE]):
        return _by_name()[match["in_brackets"] or match["dashed"]]
    return find_agency(lines[-1:]) if len(lines[-1]) <= _LAST_LINE else None


def is_site_of(agency: str, site: str | None) -> bool:
    """Whether ``site`` is called like ``agency`` (``reuters.com``, ``mapnews.ma`` of MAP): then it is its own."""
    if site is None:
        return False
    own = {_folded(name) for name, known in _by_name().items() if known == agency}
    return any(label.removesuffix("news") in own or label in own for label in site.casefold().split(".")[:-1])


def _folded(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())


@cache
def _by_name() -> dict[str, str]:
    table: dict[str, list[str]] = tomllib.loads(
        files(__package__).joinpath("agencies.toml").read_text(encoding="utf-8")
    )
    return {name: agency for agency, names in table.items() for name in names}


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_names()})(?![\w.])")


@cache
def _dateline() -> re.Pattern[str]:
    return re.compile(rf"\((?P<in_brackets>{_names()})\)|(?<!\w)(?P<dashed>{_names()})\s*[-–—:]\s")


def _names() -> str:
    """All names as an alternative of a pattern, longer ones first."""
    return "|".join(re.escape(name) for name in sorted(_by_name(), key=lambda name: (-len(name), name)))
