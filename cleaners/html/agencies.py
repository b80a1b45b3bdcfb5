"""Wire services named in by-lines and credits: their copy appears word for word on many sites."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files


def find_agency(names: Iterable[str]) -> str | None:
    """The first wire service that one of these names is or mentions (``Le Monde avec AFP``), or None."""
    for name in names:
        if len(name) <= 120 and (match := _pattern().search(name)):
            return _by_name()[match[0]]
    return None


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
    names = sorted(_by_name(), key=lambda name: (-len(name), name))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?![\w.])")
