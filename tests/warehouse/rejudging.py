"""Judging made-up documents again: how the tests here replace what stands, also as a process to be killed meanwhile."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from tamis.cleaners import dedup
from tamis.cleaners.records import CleanDocument, Label, Reason, Rejection, Verdict
from tamis.warehouse.connection import open_writer
from tamis.warehouse.loading import rows, staging
from tamis.warehouse.migrations import transaction
from tamis.warehouse.rejudging import replacing
from tamis.warehouse.rejudging.replacing import Replacement
from tests.warehouse import loading, press

LATER = press.NOW + timedelta(days=1)


def shorter(document: press.Document) -> press.Document:
    """The same raw document, of whose text the second half is no content any more."""
    raw, clean = document
    assert isinstance(clean, CleanDocument)
    words = clean.text.split()
    kept, gone = " ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])
    blocks = (clean.blocks[0], replace(clean.blocks[1], text=kept), replace(clean.blocks[1], index=2, text=gone))
    verdicts = (*clean.verdicts, Verdict(2, Label.RELATED, "related.run", 0.95))
    return raw, replace(clean, text=kept, blocks=blocks, verdicts=verdicts, versions={"rules": "2"})


def turned_down(document: press.Document) -> press.Document:
    """The same raw document, rejected."""
    raw, _ = document
    return raw, Rejection(raw.key, Reason.LISTING, "a list of links")


def judge_again(
    warehouse: Path, *batches: Sequence[press.Document], now: datetime = LATER, stood_since: datetime = press.NOW
) -> str | None:
    """Replaces what stands of these documents by these outcomes."""
    what = Replacement("reclean", "all documents", sum(map(len, batches)), {"rules": "2"})
    with tempfile.TemporaryDirectory() as folder, open_writer(warehouse) as con, transaction(con):
        staged = [stage(Path(folder), f"b{number}", batch, stood_since) for number, batch in enumerate(batches)]
        return replacing.replace(con, staged, what, now=now, relate=dedup.relate, cluster=dedup.cluster)


def stage(folder: Path, name: str, documents: Sequence[press.Document], stood_since: datetime) -> Path:
    """The outcomes as a staged batch, compared with what stands since then."""
    outcomes = [outcome for _, outcome in documents]
    standing = rows.of_tuples(replacing.STANDING, [(raw.key, stood_since) for raw, _ in documents])
    return staging.write(folder, name, {"standing": standing, **staging.outcome_rows(outcomes, *press.said(outcomes))})


def changed_corpus() -> list[list[press.Document]]:
    """What becomes of half of the documents of ``loading``: shorter, rejected, accepted."""
    accepted = [
        (raw, replace(made, raw_key=raw.key))
        for n, (raw, _) in enumerate(refused())
        if isinstance(made := press.page(press.prose(900 + n), raw.source)[1], CleanDocument)
    ]
    pages = [page for batch in loading.corpus() for page in batch if isinstance(page[1], CleanDocument)]
    shortened = [shorter(page) for page in pages[:20]]
    rejected = [turned_down(page) for page in pages[20:25]]
    changed = [*shortened, *rejected, *accepted]
    return [changed[start::3] for start in range(3)]


def refused() -> list[press.Document]:
    """The documents of ``loading`` that were rejected."""
    return [page for batch in loading.corpus() for page in batch if isinstance(page[1], Rejection)]


if __name__ == "__main__":
    print("ready", flush=True)
    judge_again(Path(sys.argv[1]), *changed_corpus())
    print("loaded", flush=True)
