"""Staged batches: whole or not there, typed, and deaf to odd file names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from tamis.cleaners.records import CleanDocument, DateEvidence, RawDocument, Reason, Rejection
from tamis.warehouse import columns
from tamis.warehouse.loading import staging
from tests.warehouse import press

PARIS = timezone(timedelta(hours=2))


def test_a_batch_is_a_folder_of_one_file_a_table(tmp_path: Path) -> None:
    batch = press.stage(tmp_path, "b1", [press.page(press.prose(1), "a.txt"), press.refused("b.png")])
    assert batch == tmp_path / "b1"
    assert {file.stem for file in batch.iterdir()} == set(staging.SCHEMAS)
    assert {table: staging.read(batch, table).schema for table in staging.SCHEMAS} == dict(staging.SCHEMAS)
    assert [file.name for file in tmp_path.iterdir()] == ["b1"]


def test_a_batch_replaces_the_one_of_its_name(tmp_path: Path) -> None:
    press.stage(tmp_path, "b1", [press.page(press.prose(1), "a.txt")])
    (tmp_path / ".b1.unfinished").mkdir()
    batch = press.stage(tmp_path, "b1", [press.page(press.prose(2), "b.txt")])
    assert staging.read(batch, "raw_documents", ["source"])["source"].to_pylist() == ["b.txt"]


@pytest.mark.parametrize("missing", ["raw", "outcome"])
def test_each_raw_document_has_its_outcome(tmp_path: Path, missing: str) -> None:
    raw, outcome = press.refused("a.png")
    raws, outcomes = ([], [outcome]) if missing == "raw" else ([raw], [])
    with pytest.raises(ValueError, match=f"batch b1: raw documents and outcomes do not match: {raw.key}"):
        staging.stage(tmp_path, "b1", raws, outcomes, {})


@pytest.mark.parametrize(
    ("date", "on", "at"),
    [
        (DateEvidence(datetime(2026, 3, 1), "day", None, "url", 0.6), "2026-03-01", datetime(2026, 3, 1)),
        (
            DateEvidence(datetime(2026, 3, 1, 0, 30, tzinfo=PARIS), "minute", "+02:00", "json-ld", 1.0),
            "2026-03-01",
            datetime(2026, 2, 28, 22, 30),
        ),
        (
            DateEvidence(datetime(2026, 3, 1, tzinfo=PARIS), "day", "+02:00", "meta", 1.0),
            "2026-03-01",
            datetime(2026, 3, 1),
        ),
        (
            DateEvidence(datetime(2026, 3, 1, 14, 51), "minute", None, "byline", 0.8),
            "2026-03-01",
            datetime(2026, 3, 1, 14, 51),
        ),
    ],
)
def test_dates_are_utc_where_the_zone_is_known_and_keep_their_day(
    tmp_path: Path, date: DateEvidence, on: str, at: datetime
) -> None:
    raw = RawDocument(b"x", "a.txt", fetched_at=datetime(2026, 3, 2, 1, tzinfo=PARIS))
    batch = staging.stage(tmp_path, "b", [raw], [CleanDocument(raw.key, "x", (), (), published=date)], {})
    (row,) = staging.read(batch, "documents").to_pylist()
    assert (row["published_on"].isoformat(), row["published_at"]) == (on, at)
    assert row["published_zone"] == date.zone
    assert staging.read(batch, "raw_documents")["fetched_at"].to_pylist() == [datetime(2026, 3, 1, 23)]


def test_file_names_that_are_not_utf8_are_kept_readable(tmp_path: Path) -> None:
    raw = RawDocument(b"x", b"caf\xe9.txt".decode(errors="surrogateescape"))
    batch = staging.stage(tmp_path, "b", [raw], [Rejection(raw.key, Reason.NO_TEXT, "none")], {})
    assert staging.read(batch, "raw_documents")["source"].to_pylist() == ["caf?.txt"]


def test_a_moment_without_a_zone_is_taken_as_utc() -> None:
    assert columns.utc(datetime(2026, 3, 1, 12)) == datetime(2026, 3, 1, 12)
    assert columns.utc(datetime(2026, 3, 1, 12, tzinfo=UTC)) == datetime(2026, 3, 1, 12)
