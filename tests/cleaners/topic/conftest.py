"""The topic of the seeds, learnt once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tamis.cleaners.clean import clean
from tamis.cleaners.records import CleanDocument, RawDocument
from tamis.cleaners.topic import Seed, Topic, learn


@pytest.fixture(scope="session")
def seed_texts(seeds: Path) -> tuple[Seed, ...]:
    documents = [clean(RawDocument(file.read_bytes(), file.name)) for file in sorted(seeds.glob("*.txt"))]
    return tuple(Seed(d.text, d.title, d.language) for d in documents if isinstance(d, CleanDocument))


@pytest.fixture(scope="session")
def topic(seed_texts: tuple[Seed, ...]) -> Topic:
    return learn(seed_texts, "seeds")
