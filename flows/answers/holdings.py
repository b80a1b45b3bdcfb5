"""What a warehouse holds, in words."""

from __future__ import annotations

from collections.abc import Iterator

from tamis.flows.answers.figures import line, parts
from tamis.warehouse.queries import Run, Status


def lines(status: Status) -> Iterator[str]:
    """The status of a warehouse, line by line."""
    megabytes = status.file_bytes / 1_000_000
    yield f"{status.path}, {megabytes:.1f} MB, schema {status.schema_version}"
    yield line("raw documents", status.raw)
    yield line("  clean", status.documents)
    yield line("  rejected", sum(status.rejected.values()), parts(status.rejected))
    yield line("duplicates", sum(status.duplicates.values()), parts(status.duplicates))
    yield line("articles", status.articles, parts(status.languages))
    yield line("  dated", status.articles - status.undated, _days(status))
    yield line("blocks removed", sum(status.removed.values()), parts(status.removed))
    if status.last_run:
        yield f"last run          {_run(status.last_run)}"


def _days(status: Status) -> str:
    return f"{status.first_day} to {status.last_day}" if status.first_day else ""


def _run(run: Run) -> str:
    when = run.last_repeated_at or run.loaded_at
    return f"{when:%Y-%m-%d %H:%M} UTC, {run.read:,} documents read, {run.new:,} of them new"
