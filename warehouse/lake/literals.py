"""Text within SQL, for the few statements in which DuckDB binds no value."""

from __future__ import annotations


def quoted(text: str) -> str:
    """``text`` as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
