"""What is killed: each scenario has a warehouse as it was before, and the work that is cut off and then done again.

To add one: a function that makes what is there before, a function that does the work (twice is once), one line in
SCENARIOS. Both get the path of the warehouse; the work runs in a process of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tamis.cleaners.errors import RetryLater
from tamis.warehouse.connection import open_writer
from tamis.warehouse.files.publishing import publish, upgrade
from tests.warehouse import loading, press, rejudging, releases


@dataclass(frozen=True, slots=True)
class Scenario:
    """One kind of work. ``tables`` are compared: those that the work may change, or must not."""

    before: Callable[[Path], None]
    work: Callable[[Path], None]
    tables: tuple[str, ...] = tuple(table for table in press.GRAIN if table not in ("migrations", "definitions"))


def nothing(path: Path) -> None:
    """No warehouse at all."""


def published(path: Path) -> None:
    """Two loads, each published: the next copy is made by writing what differs."""
    press.load(path, [press.page(press.prose(200 + n), f"first{n}.txt") for n in range(5)])
    press.load(path, [press.page(press.prose(300 + n), f"second{n}.txt") for n in range(5)])


def unpublished(path: Path) -> None:
    """A load that was published, and one that was committed only."""
    published(path)
    press.commit(path, *loading.corpus())


def load(path: Path) -> None:
    """Loads and publishes a corpus with duplicates."""
    press.load(path, *loading.corpus())


def loaded(path: Path) -> None:
    """A corpus, published."""
    press.load(path, *loading.corpus())


def judge_again(path: Path) -> None:
    """Replaces what half of the corpus was judged to be: shorter, rejected, accepted; and publishes that."""
    with suppress(RetryLater):  # these outcomes were compared before: where they stand already, that is told
        rejudging.judge_again(path, *rejudging.changed_corpus())
    publish(path)


def released(path: Path) -> None:
    """The file of the newest released schema, where the first edition of tamis had it."""
    releases.build(path, max(releases.VERSIONS))


def write_and_leave(path: Path) -> None:
    """Opens the warehouse for writing and does nothing: what was left in the log goes into the file."""
    with open_writer(path):
        pass
    publish(path)


SCENARIOS = {
    "first load": Scenario(nothing, load),
    "load": Scenario(published, load),
    "publish": Scenario(unpublished, write_and_leave),
    "reclean": Scenario(loaded, judge_again),
    "migrate": Scenario(released, lambda path: upgrade(path) and None),
}


if __name__ == "__main__":
    print("ready", flush=True)
    SCENARIOS[sys.argv[1]].work(Path(sys.argv[2]))
    print("done", flush=True)
