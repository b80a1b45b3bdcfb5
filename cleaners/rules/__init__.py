"""Rules for what is certain by its form or its words: one theme a module, tried in the order of THEMES."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tamis.cleaners.page import Page
from tamis.cleaners.records import Verdict
from tamis.cleaners.rules import crediting, embeds, images, phrases, reading, related, sharing, signing, widgets

Rule = Callable[[Page], Iterable[Verdict]]

THEMES: tuple[Rule, ...] = (
    images.find,
    related.find,
    embeds.find,
    reading.find,
    signing.find,
    crediting.find,
    sharing.find,
    widgets.find,
    phrases.find,
)
"""Where two themes claim a block, the earlier one has it."""
