"""The development text dumps, and the figures of a prediction over them, as the benchmark defines them."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt

from tamis.cleaners.records import Block, Label
from tamis.cleaners.verdicts import weigh

STYLES = ("recall", "visible", "main")
CONTENT, BOILERPLATE, UNCLEAR, TITLE = 1, 0, -1, 2
WORD = re.compile(r"\w+")
_SECOND_LEVEL = {"ac", "co", "com", "edu", "gob", "gov", "net", "org"}


@dataclass(frozen=True)
class Dump:
    """One labelled text dump: its non-empty lines, a label a line, and what the gold text's words are."""

    id: str
    style: str
    lang: str
    source: str
    site: str
    blocks: tuple[Block, ...]
    labels: npt.NDArray[np.int64]
    words: npt.NDArray[np.int64]
    tokens: npt.NDArray[np.int64]
    owner: npt.NDArray[np.int64]
    gold: npt.NDArray[np.int64]

    def hits(self, kept: npt.NDArray[np.bool_]) -> tuple[int, int]:
        """(gold words found, words kept) with these lines kept; titles are metadata and never count."""
        body = kept & (self.labels != TITLE)
        found = np.bincount(self.tokens[body[self.owner]], minlength=len(self.gold))
        return int(np.minimum(found, self.gold).sum()), int(found.sum())


def folder() -> Path:
    """Where the benchmark data lies: `TAMIS_BENCH`, or `../shared/bench` beside the repository."""
    beside = Path(__file__).resolve().parents[2].parent / "shared" / "bench"
    return Path(os.environ.get("TAMIS_BENCH", beside))


def digest(*paths: Path) -> str:
    """SHA-256 over the files' bytes, in the order given."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.read_bytes())
    return total.hexdigest()


def read(path: Path) -> list[Dump]:
    """The dumps of a JSON-lines file (gzip)."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [dump(json.loads(line)) for line in lines]


def dump(row: dict[str, object]) -> Dump:
    """A labelled dump from one record of the file."""
    blocks, labels, blank = [], [], False
    for number, (raw, label) in enumerate(zip(str(row["dump"]).split("\n"), row["labels"], strict=True), 1):  # type: ignore[arg-type]
        text = raw.replace("\xad", "").strip()
        if text:
            blocks.append(Block(index=len(blocks), text=text, line=number, blank_before=blank))
            labels.append(UNCLEAR if label is None else label)
        blank = not text
    ids: dict[str, int] = {}
    gold = [ids.setdefault(word, len(ids)) for word in WORD.findall(str(row["text"]).lower())]
    lines = [[ids.setdefault(word, len(ids)) for word in WORD.findall(block.text.lower())] for block in blocks]
    words = np.array([len(line) for line in lines], dtype=np.int64)
    return Dump(
        id=str(row["id"]),
        style=str(row["style"]),
        lang=str(row["lang"]),
        source=str(row["source"]),
        site=site(str(row["url"] or "")) or str(row["id"]).rsplit("-", 1)[0],
        blocks=tuple(blocks),
        labels=np.array(labels, dtype=np.int64),
        words=words,
        tokens=np.array([word for line in lines for word in line], dtype=np.int64),
        owner=np.repeat(np.arange(len(lines)), words),
        gold=np.bincount(np.array(gold, dtype=np.int64), minlength=len(ids)),
    )


def cleaned(d: Dump, likely: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """What `tamis clean` keeps of a dump's lines: rules, title and judge, given the judge's probabilities."""
    return np.array([verdict.label is Label.CONTENT for verdict in weigh(d.blocks, likely).verdicts], dtype=bool)


def site(url: str) -> str:
    """The registered domain, near enough to keep one publisher's pages together."""
    host = urlsplit(url).hostname or ""
    if re.fullmatch(r"[\d.]+", host):
        return host
    parts = host.split(".")
    return ".".join(parts[-3:] if len(parts) > 2 and parts[-2] in _SECOND_LEVEL and len(parts[-1]) == 2 else parts[-2:])


def folds(dumps: Sequence[Dump], count: int, seed: int = 0) -> npt.NDArray[np.int64]:
    """A fold number a dump: no site in two folds, French sites spread evenly."""
    chance = np.random.RandomState(seed)
    number: dict[str, int] = {}
    for french in (True, False):
        sites = sorted({d.site for d in dumps if (d.lang == "fr") == french} - set(number))
        chance.shuffle(sites)
        number |= {name: place % count for place, name in enumerate(sites)}
    return np.array([number[d.site] for d in dumps])


@dataclass(frozen=True)
class Figures:
    """Mean words F1, the share of gold words missing, the share the judge itself lost, and the share of dumps
    of which it lost more than 5 %."""

    dumps: int
    f1: float
    lost: float
    lost_by_judge: float
    badly_hurt: float


def figures(dumps: Iterable[Dump], kept: Iterable[npt.NDArray[np.bool_]]) -> Figures:
    """The figures of keeping these lines of these dumps."""
    f1, found, gold, there, hurt = [], 0, 0, 0, 0
    for d, lines in zip(dumps, kept, strict=True):
        size = int(d.gold.sum())
        hits, predicted = d.hits(lines)
        all_hits, _ = d.hits(np.ones(len(d.blocks), dtype=bool))
        f1.append(2 * hits / (predicted + size) if predicted + size else 1.0)
        found, gold, there = found + hits, gold + size, there + all_hits
        hurt += all_hits - hits > 0.05 * size
    return Figures(len(f1), float(np.mean(f1)), 1 - found / gold, (there - found) / gold, hurt / len(f1))
