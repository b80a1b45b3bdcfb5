"""What judging again would change: one document's new outcome beside what stands, and the sum of many."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from tamis.cleaners.records import Reason
from tamis.warehouse import columns
from tamis.warehouse.rejudging.current_verdicts import Standing

What = Literal["changed", "accepted", "rejected", "rejected otherwise", "failed"]
Row = Mapping[str, Any]

EXAMPLES = 3  # documents of each kind of change that are shown
# When and by what a document was judged is no part of what it was judged to be.
_OF_THE_RUN = {*columns.OF_THE_LOAD, *(column.name for column in columns.STAGED if column.compared == "no")}
_OF_THE_TEXT = {column.name for column in columns.STAGED if column.compared == "text"}


@dataclass(frozen=True, slots=True)
class BlockChange:
    """A block that is judged otherwise: removed, kept anew, or labelled otherwise. A label is None where it is not."""

    text: str
    old_label: str | None
    new_label: str | None
    old_rule: str | None
    new_rule: str | None

    @property
    def is_removed(self) -> bool:
        """Whether its words leave the text."""
        return self.old_label == "content" and self.new_label != "content"

    @property
    def is_kept_anew(self) -> bool:
        """Whether its words come into the text."""
        return self.new_label == "content" and self.old_label != "content"


@dataclass(frozen=True, slots=True)
class Difference:
    """What judging one document again changes; ``fields`` are the metadata that are others now."""

    document: str
    source: str
    what: What
    detail: str = ""
    words: int = 0
    new_words: int = 0
    fields: tuple[str, ...] = ()
    blocks: tuple[BlockChange, ...] = ()


@dataclass(slots=True)
class Tally:
    """The sum of what judging many documents again changes; ``examples`` are the first few of each kind."""

    judged: int = 0
    documents: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    relabelled: Counter[str] = field(default_factory=Counter)
    words_gone: int = 0
    words_come: int = 0
    examples: list[Difference] = field(default_factory=list)

    @property
    def changing(self) -> int:
        """How many documents would be replaced."""
        return sum(number for what, number in self.documents.items() if what != "failed")

    def count(self, difference: Difference) -> None:
        """Adds one document's change."""
        self.documents[difference.what] += 1
        if difference.what in ("rejected", "rejected otherwise"):
            self.reasons[difference.detail.partition(":")[0]] += 1
        self.fields.update(difference.fields)
        for block in difference.blocks:
            if block.is_removed:
                self.removed[block.new_rule or "(no such block now)"] += 1
            elif block.is_kept_anew:
                self.kept[block.old_rule or "(a new block)"] += 1
            else:
                self.relabelled[block.new_rule or "(no such block now)"] += 1
        self.words_gone += max(0, difference.words - difference.new_words)
        self.words_come += max(0, difference.new_words - difference.words)
        if self.documents[difference.what] <= EXAMPLES:
            self.examples.append(difference)

    def add(self, other: Tally) -> None:
        """Adds the sum of another portion."""
        self.judged += other.judged
        for name in ("documents", "reasons", "fields", "removed", "kept", "relabelled"):
            getattr(self, name).update(getattr(other, name))
        self.words_gone += other.words_gone
        self.words_come += other.words_come
        shown = Counter(each.what for each in self.examples)
        for each in other.examples:
            shown[each.what] += 1
            if shown[each.what] <= EXAMPLES:
                self.examples.append(each)


def compare(stands: Standing, document: Row | None, blocks: Sequence[Row], rejection: Row | None) -> Difference | None:
    """What changes when these rows replace what ``stands``; None where nothing that matters does.

    How sure a verdict is and what it saw may be others: that alone is no change, or each new training of a model
    would write every document anew.
    """
    key, source = stands.raw.key[:16], stands.raw.source
    if rejection is not None:
        return _rejected(stands, rejection, key, source)
    if document is None:
        raise ValueError(f"{key} has neither a document nor a rejection")
    new_words = document["words"]
    if stands.document is None:
        return Difference(key, source, "accepted", (stands.rejection or {})["reason"], 0, new_words)
    changed = tuple(block_changes(stands.blocks, blocks))
    fields = tuple(
        name for name, value in document.items() if name not in _OF_THE_RUN and value != stands.document.get(name)
    )
    if not changed and not fields:
        return None
    named = tuple(name for name in fields if name not in _OF_THE_TEXT)
    return Difference(key, source, "changed", "", stands.document["words"], new_words, named, changed)


def block_changes(old: Sequence[Row], new: Sequence[Row]) -> Iterator[BlockChange]:
    """The blocks whose label or rule is another, in page order; the n-th of a text is compared with the n-th."""
    before, after = _by_text(old), _by_text(new)
    for place, block in after.items():
        was = before.get(place)
        old_label, old_rule = (was["label"], was["rule"]) if was is not None else (None, None)
        if (old_label, old_rule) != (block["label"], block["rule"]):
            yield BlockChange(block["text"], old_label, block["label"], old_rule, block["rule"])
    for place, was in before.items():
        if place not in after:
            yield BlockChange(was["text"], was["label"], None, was["rule"], None)


def _rejected(stands: Standing, rejection: Row, key: str, source: str) -> Difference | None:
    reason = f"{rejection['reason']}: {rejection['detail']}"
    words = stands.document["words"] if stands.document else 0
    if stands.rejection is not None and stands.rejection["reason"] == rejection["reason"]:
        return None
    if rejection["reason"] == Reason.INTERNAL_ERROR:
        # A worker that was killed or too slow says nothing about the document: what stands is worth more.
        return Difference(key, source, "failed", reason, words, words)
    if stands.rejection is None:
        return Difference(key, source, "rejected", reason, words)
    return Difference(key, source, "rejected otherwise", reason)


def _by_text(blocks: Sequence[Row]) -> dict[tuple[str, int], Row]:
    times: defaultdict[str, int] = defaultdict(int)
    placed = {}
    for block in blocks:
        placed[block["text"], times[block["text"]]] = block
        times[block["text"]] += 1
    return placed
