"""Precision and recall of a topic over labelled titles and texts; run it for the figures in cleaners/topic/README.md.

PYTHONPATH=. python tests/cleaners/topic/topic_quality.py
"""

from __future__ import annotations

import csv
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tamis.cleaners.topic import Relevance, Topic, score

HERE = Path(__file__).parent
TITLES = HERE / "titles.tsv"
LATER = HERE / "titles-later.tsv"
BLIND = HERE / "titles-blind.tsv"
ON_TOPIC = "on"


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled title or text and how it was judged; ``kind`` is ``on``, or which near miss it is."""

    kind: str
    language: str
    name: str
    relevance: Relevance

    @property
    def right(self) -> bool:
        return self.relevance.on_topic == (self.kind == ON_TOPIC)


def titles(topic: Topic, file: Path) -> Iterator[Judged]:
    with file.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield Judged(row["kind"], row["language"], row["title"], score(topic, title=row["title"]))


def texts(topic: Topic) -> Iterator[Judged]:
    """The texts of ``texts/``, named ``<on|off>-<language>-<subject>.txt``; the first line is the title."""
    for file in sorted((HERE / "texts").glob("*.txt")):
        kind, language, _ = file.stem.split("-", 2)
        title, _, text = file.read_text(encoding="utf-8").partition("\n\n")
        yield Judged(kind, language, file.stem, score(topic, title=title, text=text))


def precision_and_recall(judged: Iterable[Judged]) -> tuple[float, float]:
    listed = list(judged)
    taken = [each for each in listed if each.relevance.on_topic]
    wanted = [each for each in listed if each.kind == ON_TOPIC]
    hits = sum(each.kind == ON_TOPIC for each in taken)
    return hits / max(1, len(taken)), hits / max(1, len(wanted))


def _report() -> None:
    from tamis.cleaners.topic import learn  # noqa: PLC0415
    from tamis.flows import settings, topics  # noqa: PLC0415

    topic = learn(topics.seeds(HERE.parents[2] / "seeds", settings.load()), "seeds")
    for name, judged in (
        ("titles", list(titles(topic, TITLES))),
        ("titles, later", list(titles(topic, LATER))),
        ("titles, blind", list(titles(topic, BLIND))),
        ("texts", list(texts(topic))),
    ):
        precision, recall = precision_and_recall(judged)
        print(f"{name}: {len(judged)}, precision {precision:.3f}, recall {recall:.3f}")
        for each in judged:
            if not each.right:
                print(f"  {each.relevance.score:.2f} {each.kind} {each.language} {each.name}")
    start = time.perf_counter()
    count = sum(1 for _ in titles(topic, TITLES))
    print(f"a title: {(time.perf_counter() - start) / count * 1000:.2f} ms")


if __name__ == "__main__":
    _report()
