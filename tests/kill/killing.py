"""Killing work at random moments, and looking at what is left of the warehouse."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tamis.warehouse import doctor
from tamis.warehouse.doctor import Level
from tamis.warehouse.files import paths
from tests.kill.scenarios import SCENARIOS, Scenario, press

ROOT = Path(__file__).parents[2]
Contents = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Moment:
    """One kill: of what, how long after it began, whether it was over already, and what was wrong afterwards."""

    scenario: str
    after: float
    finished: bool
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One run of a scenario without a kill: what it begins with, its two states, how long it takes."""

    before: Path
    states: tuple[Contents | None, Contents]
    seconds: float


def kill_at_random(folder: Path, moments: int, seed: int, names: list[str] | None = None) -> Iterator[Moment]:
    """Kills the scenarios in turn, each at a random moment of its work."""
    chance = random.Random(seed)
    chosen = names or list(SCENARIOS)
    rehearsed = {name: rehearse(folder / name.replace(" ", "-"), name) for name in chosen}
    for number in range(moments):
        name = chosen[number % len(chosen)]
        place = folder / "killed"
        shutil.copytree(rehearsed[name].before, place, symlinks=True)
        yield kill(place / "w.duckdb", name, rehearsed[name], chance.uniform(0, rehearsed[name].seconds))
        shutil.rmtree(place)


def rehearse(folder: Path, name: str) -> Rehearsal:
    """Does the work of a scenario once, in a process, undisturbed."""
    scenario = SCENARIOS[name]
    before, after = folder / "before", folder / "after"
    before.mkdir(parents=True)
    scenario.before(before / "w.duckdb")
    shutil.copytree(before, after, symlinks=True)
    with _start(name, after / "w.duckdb") as child:
        ready = time.monotonic()
        assert child.communicate()[0] == "done\n", "the work fails where nobody kills it"
    first = seen(before / "w.duckdb", scenario) if (before / "w.duckdb").exists() else None
    return Rehearsal(before, (first, _content(after / "w.duckdb", scenario)), time.monotonic() - ready)


def kill(path: Path, name: str, rehearsed: Rehearsal, after: float) -> Moment:
    """Kills the work ``after`` so many seconds, looks at what is left, does the work again and looks again."""
    scenario = SCENARIOS[name]
    with _start(name, path) as child:
        time.sleep(after)
        child.send_signal(signal.SIGKILL)
        finished = "done" in child.communicate()[0]
    wrong = list(_after_the_kill(path, scenario, rehearsed, finished=finished))
    try:
        scenario.work(path)
        wrong += _after_the_work(path, scenario, rehearsed)
    except Exception as error:
        wrong.append(f"the next run fails: {error!r}")
    return Moment(name, after, finished, tuple(wrong))


def seen(path: Path, scenario: Scenario) -> Contents | None:
    """What a stock client sees at the path of the warehouse; None where the tables are those of an older schema."""
    try:
        return press.seen(path, scenario.tables)
    except duckdb.CatalogException:
        return None


def _after_the_kill(path: Path, scenario: Scenario, rehearsed: Rehearsal, *, finished: bool) -> Iterator[str]:
    _, after = rehearsed.states
    there = path.exists()
    if not there and (finished or (rehearsed.before / path.name).exists()):
        yield "readers find no warehouse"
    if there:
        try:
            shown = seen(path, scenario)
        except duckdb.Error as error:
            yield f"readers fail: {error}"
            return
        if shown not in rehearsed.states:
            yield "readers see half of the work"
        if finished and shown != after:
            yield "work that was told done is not seen"


def _after_the_work(path: Path, scenario: Scenario, rehearsed: Rehearsal) -> Iterator[str]:
    if seen(path, scenario) != rehearsed.states[1]:
        yield "the work done again ends otherwise"
    for finding in doctor.examine(path):
        if finding.level is Level.PROBLEM:
            yield f"doctor: {finding.what}"
    left = [folder.name for folder in paths.of(path).folder.iterdir() if folder.suffix == ".unfinished"]
    if len(left) > 1:
        yield f"unfinished copies pile up: {left}"


def _content(path: Path, scenario: Scenario) -> Contents:
    content = seen(path, scenario)
    assert content, "the work leaves no warehouse of today"
    return content


def _start(name: str, path: Path) -> subprocess.Popen[str]:
    """A process that is about to do the work of a scenario."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.kill.scenarios", name, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child
