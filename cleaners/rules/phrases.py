"""What the vocabulary knows by its words: read-also lines, invitations, notices, controls; the words are data."""

from __future__ import annotations

from collections.abc import Iterator

from tamis.cleaners.page import Page
from tamis.cleaners.records import Verdict


def find(page: Page) -> Iterator[Verdict]:
    """Verdicts named as the rules of ``vocabulary/rules.toml``."""
    for block in page.open:
        rule = page.phrases[block.index]
        if rule is not None and (rule.where == "anywhere" or block.index >= page.tail):
            yield Verdict(block.index, rule.label, rule.name, rule.confidence, rule.says)
