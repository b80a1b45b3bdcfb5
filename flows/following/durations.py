"""Spans of time as people type them: ``30m``, ``6h``, ``2d``."""

from __future__ import annotations

import re
from datetime import timedelta

from tamis.cleaners.errors import StopRun

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_SPAN = re.compile(r"(\d{1,5})([mhdw])")


def read_span(text: str) -> timedelta:
    """The span that ``text`` says. Raises StopRun for anything else."""
    match = _SPAN.fullmatch(text.strip().lower())
    if match is None or not int(match[1]):
        raise StopRun(f"{text!r} is no span of time; write 30m, 6h, 2d or 1w")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})
