"""What a person sees: the verbs in a real pseudo-terminal of several widths, character by character."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

from tamis.flows.run import ingest
from tamis.flows.settings import load
from tests.flows.conftest import ROOT

WIDTHS = (60, 80, 100, 160)
VERBS = (
    ("show",),
    ("why", "laftit.txt"),
    ("why", "laftit.txt", "--all"),
    ("search", "port"),
    ("status",),
    ("sql", "FROM articles"),
    ("sql", "-x", "SELECT document, title, text FROM articles"),
    ("sql", "SELECT titel FROM articles"),
    ("reclean",),
    ("site",),
)
# One process for all: it sets the width of its own terminal, and says which verb comes.
SESSION = """
import fcntl, struct, sys, termios
from tamis.flows.cli import main
for width in {widths}:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
    for verb in {verbs}:
        print("\\x01" + repr((width, verb)), flush=True)
        sys.argv = ["tamis", *verb]
        try:
            main()
        except SystemExit:
            pass
        sys.stdout.flush()
        sys.stderr.flush()
"""
MOVES = re.compile(r"\x1b\[(?:\?25[lh]|2K|1A)|.*\r(?!\n)")  # what shows progress draws over itself
STYLE = re.compile(r"\x1b\[[\d;]*m")
HOSTILE = "\x1b]0;owned\x07\x1b[2J\u202eTitre"
Screens = dict[tuple[int, tuple[str, ...]], str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a warehouse in the usual place: the seeds, and a page that writes to terminals."""
    folder = tmp_path_factory.mktemp("terminal")
    seed = next((ROOT / "seeds").glob("004*.txt"))
    (folder / "laftit.txt").write_bytes(seed.read_bytes())
    (folder / "port.txt").write_text(
        f"{HOSTILE} : le port rouvre\n\nLe port de commerce a rouvert mardi matin, trois jours après la tempête qui "
        "avait couché deux grues sur le quai.\n\nLes dockers ont repris le travail à l'aube.\n",
        encoding="utf-8",
    )
    ingest(
        [folder / "laftit.txt", folder / "port.txt"], load({"warehouse": folder / "data/tamis.duckdb"}), lambda _: None
    )
    return folder


def session(folder: Path, **variables: str) -> Screens:
    master, slave = os.openpty()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TAMIS_", "COLUMNS", "NO_COLOR"))}
    process = subprocess.Popen(
        [sys.executable, "-c", SESSION.format(widths=WIDTHS, verbs=VERBS)],
        stdin=slave, stdout=slave, stderr=slave, cwd=folder, close_fds=True,
        env={**kept, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", **variables},
    )  # fmt: skip
    os.close(slave)
    heard = bytearray()

    def listen() -> None:
        try:
            while piece := os.read(master, 65536):
                heard.extend(piece)
        except OSError:  # the other side of the terminal was closed
            pass

    listener = threading.Thread(target=listen)
    listener.start()
    process.wait(timeout=120)
    listener.join(timeout=10)
    os.close(master)
    parts = heard.decode().replace("\r\n", "\n").split("\x01")[1:]
    screens = [part.partition("\n") for part in parts]
    return {eval(head): body for head, _, body in screens}  # a tuple of ours


@pytest.fixture(scope="module")
def screens(folder: Path) -> Screens:
    """What each verb prints at each width."""
    return session(folder)


def lines(screen: str) -> Iterator[str]:
    yield from (line for line in STYLE.sub("", MOVES.sub("", screen)).split("\n") if not line.startswith("  tamis "))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_nothing_is_wider_than_the_screen(screens: Screens, width: int, verb: tuple[str, ...]) -> None:
    shown = list(lines(screens[width, verb]))
    assert [
        line
        for line in shown
        if cell_len(line.rstrip()) > width and not line.startswith(("tamis: ", "Candidate bindings"))
    ] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_each_block_can_be_named_as_it_is_shown(screens: Screens, width: int) -> None:
    shown = screens[width, ("why", "laftit.txt")]
    numbers = [
        int(number) for number in re.findall(r"^ *(\d+)  \S+ +\w+(?:\.\w+)+ +[01]\.\d\d", STYLE.sub("", shown), re.M)
    ]
    assert len(numbers) == 29
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("width", WIDTHS)
def test_the_rows_of_a_query_are_lines(screens: Screens, width: int) -> None:
    shown = list(lines(screens[width, ("sql", "FROM articles")]))
    assert sum(bool(re.match(r"[0-9a-f]{16}\b", line)) for line in shown) == 2
    assert "more columns: " in "\n".join(shown)


def test_an_error_of_sql_has_its_candidates_and_its_caret(screens: Screens) -> None:
    shown = screens[80, ("sql", "SELECT titel FROM articles")]
    assert '"title"' in shown
    assert "^^^" in shown


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_no_page_gives_orders_to_the_terminal(screens: Screens, verb: tuple[str, ...]) -> None:
    shown = screens[80, verb]
    assert "\x1b" not in STYLE.sub("", MOVES.sub("", shown))
    assert "\u202e" not in shown


def test_no_color_is_obeyed(folder: Path) -> None:
    shown = session(folder, NO_COLOR="1")
    assert not re.search(r"\x1b\[(?:3[0-7]|9[0-7]|38)", "".join(shown.values()))
