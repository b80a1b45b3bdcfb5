"""How an outcome is shown: as one JSON object, or as the page with its removed blocks named in place."""

from __future__ import annotations

import json
from collections.abc import Iterator

from rich.text import Text

from tamis.cleaners.records import Block, CleanDocument, DateEvidence, Label, Rejection, Verdict
from tamis.flows.reading.jsonl import Identity

Record = dict[str, object]


def as_json(identity: Identity | None, outcome: CleanDocument | Rejection) -> str:
    """One line of JSON for one document: what it reads, says of itself, and lost; or why it was rejected."""
    record = _rejected(outcome) if isinstance(outcome, Rejection) else _cleaned(outcome)
    return json.dumps({"id": identity, **record}, ensure_ascii=False)


def explained(document: CleanDocument) -> Iterator[Text]:
    """The blocks of a page in their order, the removed ones struck through and named.

    Where styles cannot be seen (a pipe, a file), the brackets of wdiff still mark what was removed.
    """
    for block, verdict in zip(document.blocks, document.verdicts, strict=True):
        yield _removed(block, verdict) if verdict.label.is_boilerplate else _kept(block, verdict)


def _cleaned(document: CleanDocument) -> Record:
    return {
        "title": document.title,
        "authors": list(document.authors),
        "published": _date(document.published) if document.published else None,
        "language": document.language,
        "site": document.site,
        "text": document.text,
        "removed": [_removal(block, verdict) for block, verdict in document.removed],
    }


def _rejected(rejection: Rejection) -> Record:
    return {"rejected": {"reason": rejection.reason.value, "detail": rejection.detail}}


def _date(evidence: DateEvidence) -> Record:
    return {
        "at": evidence.iso,
        "precision": evidence.precision,
        "zone": evidence.zone,
        "source": evidence.source,
        "confidence": round(evidence.confidence, 3),
    }


def _removal(block: Block, verdict: Verdict) -> Record:
    return {
        "index": block.index,
        "text": block.text,
        "label": verdict.label.value,
        "rule": verdict.rule,
        "confidence": round(verdict.confidence, 3),
    }


def _kept(block: Block, verdict: Verdict) -> Text:
    return Text(block.text, style="bold" if verdict.label is Label.TITLE else "")


def _removed(block: Block, verdict: Verdict) -> Text:
    name = f"{verdict.label} · {verdict.rule} · {verdict.confidence:.2f}"
    return Text.assemble("[-", (block.text, "strike dim"), "-] ", (name, "yellow"))
