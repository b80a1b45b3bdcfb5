"""Numbers in words: aligned lines, and parts with the largest first."""

from __future__ import annotations

from collections.abc import Mapping


def line(name: str, number: int, note: str = "") -> str:
    """One figure with its name before it and a note after it."""
    return f"{name:<18}{number:>9,}   {note}".rstrip()


def parts(counts: Mapping[str, int]) -> str:
    """What a number is made of, the largest part first."""
    largest_first = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name} {number:,}" for name, number in largest_first)
