"""Warehouses to judge again: made-up pages as today's judge sees them, or as an older one did that knew fewer rules."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from tamis.cleaners import dedup
from tamis.cleaners.assemble import assemble
from tamis.cleaners.clean import clean
from tamis.cleaners.records import CleanDocument, Label, RawDocument, Reason, Rejection
from tamis.flows.settings import Settings
from tamis.warehouse.connection import open_reader, open_writer
from tamis.warehouse.files.publishing import publish
from tamis.warehouse.loading import staging, store
from tests.flows.conftest import ARTICLE

THEN = datetime(2026, 1, 1, 12, 0)
VERSIONS = {"tamis": "0.0.1"}
RELATED = "Lire aussi : La tempête a fait trois blessés"
PORT = RawDocument(f"{ARTICLE}\n{RELATED}\n".encode(), "/press/port.txt", url="https://www.a.example/port")
COPY = RawDocument(f"{ARTICLE}\n".encode(), "/press/copy.txt", url="https://b.example/port")
HALL = RawDocument(
    "La halle du marché rouvre\n\n"
    "La halle du marché rouvre samedi après deux ans de travaux, avec trente commerçants au lieu de vingt.\n\n"
    "Le chantier a coûté quatre millions d'euros, dont la moitié payée par la région.\n\n"
    "Abonnez-vous à notre newsletter\n\n"
    "Les riverains, eux, craignent le bruit des livraisons et demandent une réunion publique avant l'été.\n".encode(),
    "/press/halle.txt",
)
EMPTY = RawDocument(b"Accueil\n", "/press/accueil.txt")
RAWS = (PORT, COPY, HALL, EMPTY)
JUDGED = ("documents", "blocks", "sketches", "memberships", "duplicate_pairs", "rejections")


def older(raw: RawDocument) -> CleanDocument | Rejection:
    """What a judge without rules for what reads on and sells would have made of it; it knew no long texts either."""
    outcome = clean(raw)
    if isinstance(outcome, Rejection):
        return outcome
    if raw is HALL:
        return Rejection(raw.key, Reason.LISTING, "a list of links")
    verdicts = tuple(
        replace(verdict, label=Label.CONTENT, rule="older.content") if verdict.label.is_boilerplate else verdict
        for verdict in outcome.verdicts
    )
    return replace(outcome, verdicts=verdicts, text=assemble(outcome.blocks, verdicts), versions=VERSIONS)


def load(path: Path, outcomes: Sequence[CleanDocument | Rejection], raws: Sequence[RawDocument] = RAWS) -> Path:
    """A published warehouse at ``path`` of ``raws`` with these outcomes, loaded at ``THEN``."""
    sketches = {each.key: dedup.sketch(each.text) for each in outcomes if isinstance(each, CleanDocument)}
    with tempfile.TemporaryDirectory() as folder, open_writer(path) as con:
        batch = staging.stage(Path(folder), "b", raws, outcomes, sketches)
        store.load(con, [batch], now=THEN, versions=VERSIONS, relate=dedup.relate, cluster=dedup.cluster)
    publish(path)
    return path


def copied(warehouse: Path, folder: Path) -> Settings:
    """The settings for a copy of ``warehouse`` of one's own."""
    path = folder / "w.duckdb"
    shutil.copyfile(warehouse, path)
    return Settings(warehouse=path)


def judged(settings: Settings) -> dict[str, list[tuple[object, ...]]]:
    """All that was judged, without the run that did it."""
    with open_reader(settings.warehouse) as con:
        kept = "lambda c: c NOT IN ('run', 'judged_at', 'versions')"
        return {t: con.execute(f"SELECT COLUMNS({kept}) FROM {t} ORDER BY ALL").fetchall() for t in JUDGED}
