"""Wire services named in by-lines and credits: their copy appears word for word on many sites."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files


def find_agency(names: Iterable[str]) -> str | None:
    """The wire service that one of these names is or mentions (``Le Monde avec AFP``), the first; else None."""
    for name in names:
        if len(name) <= 120 and (match := _pattern().search(name)):
            return _by_name()[match[0]]
    return None


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
