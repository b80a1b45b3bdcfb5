"""Topic folders: seed texts and topic.toml, read and written; no Prefect here."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tamis.cleaners.errors import StopRun
from tamis.cleaners.records import CleanDocument
from tamis.cleaners.topic import Seed, Topic, parse_topic, render_topic
from tamis.cleaners.topic import learn as learn_topic
from tamis.flows.cleaning import worker
from tamis.flows.reading import sources
from tamis.flows.reading.sources import Unread
from tamis.flows.settings import Settings

TOPIC_FILE = "topic.toml"
NO_SEEDS = (".toml", ".opml", ".csv", ".py")
"""What lies in a topic folder beside its seed texts: the topic, its lists of sources, its hooks."""


def load(folder: Path) -> Topic:
    """The topic of a folder. Raises StopRun where it has none yet, or a wrong one."""
    file = folder / TOPIC_FILE
    if not file.is_file():
        raise StopRun(f"{file}: there is no such file; make it with: tamis topic learn {folder}")
    try:
        return parse_topic(file.read_text(encoding="utf-8"), str(file))
    except (OSError, UnicodeDecodeError) as error:
        raise StopRun(f"{file}: cannot be read ({error}); correct it, or move it away and learn it anew") from error


def learn(folder: Path, settings: Settings) -> Topic:
    """Learns the topic of a folder from its seed texts and writes it there; what a person edited in it stays.

    A seed that cannot be cleaned is left out. Raises StopRun where no seed is left.
    """
    if not folder.is_dir():
        raise StopRun(f"{folder}: there is no such folder; make it and put the seed texts into it")
    file = folder / TOPIC_FILE
    previous = load(folder) if file.exists() else None
    topic = learn_topic(seeds(folder, settings), previous.name if previous else folder.resolve().name, previous)
    write(file, render_topic(topic))
    return topic


def seeds(folder: Path, settings: Settings) -> Iterator[Seed]:
    """The clean seed texts of a folder."""
    texts = (file for file in sources.files([folder]) if file.suffix.lower() not in NO_SEEDS)
    with worker.borrowed(settings.document_seconds, settings.memory_mb) as cleaner:
        for item in sources.read(texts, settings.max_bytes):
            document = None if isinstance(item, Unread) else cleaner.clean(item, sketched=False)[0]
            if isinstance(document, CleanDocument):
                yield Seed(document.text, document.title, document.language)


def write(file: Path, text: str) -> None:
    """Writes a file whole or not at all."""
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    mode = file.stat().st_mode if file.exists() else 0o644
    Path(name).chmod(mode & 0o777)
    Path(name).replace(file)
