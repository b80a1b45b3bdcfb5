"""Examining an installation: the settings in force, the warehouse, topic folders, what dead runs left behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tamis.cleaners.errors import StopRun
from tamis.flows import settings, steps, topics
from tamis.flows.following import subject
from tamis.flows.settings import Settings
from tamis.warehouse import doctor
from tamis.warehouse.doctor import Finding, Level


def examine(chosen: Settings, folders: Sequence[Path]) -> Iterator[Finding]:
    """Looks at everything and writes nothing; ``folders`` are topic folders."""
    yield _settings(chosen)
    yield from doctor.examine(chosen.warehouse)
    if dead := steps.dead_runs(chosen.warehouse):
        yield Finding(Level.NOTE, f"{len(dead)} runs were killed and left {dead[0].parent}", "the next run tidies up")
    for folder in folders:
        yield _topic(folder, chosen)


def mend(chosen: Settings) -> Iterator[Finding]:
    """Does what is safe, and says what it did. Raises as ``warehouse.doctor.mend`` does."""
    yield from doctor.mend(chosen.warehouse, steps.catch_up_search)
    if dead := steps.dead_runs(chosen.warehouse):
        with steps.staging_folder(chosen.warehouse):
            pass
        yield Finding(Level.MENDED, f"what {len(dead)} killed runs had staged is removed")


def _settings(chosen: Settings) -> Finding:
    origins = settings.origins()
    said = [f"{name} ({origin})" for name, origin in origins.items() if origin != "default"]
    return Finding(Level.FINE, f"settings: {', '.join(said) or 'all by default'}; warehouse {chosen.warehouse}")


def _topic(folder: Path, chosen: Settings) -> Finding:
    if not (folder / topics.TOPIC_FILE).exists():
        return Finding(Level.NOTE, f"{folder} has no topic yet", f"tamis topic learn {folder}")
    try:
        followed = subject.load(folder, chosen)
    except StopRun as error:
        return Finding(Level.PROBLEM, str(error))
    unreachable = "" if chosen.contact else "; set TAMIS_CONTACT before it is followed"
    return Finding(Level.FINE, f"topic {followed.name}: {len(followed.sources)} sources{unreachable}")
