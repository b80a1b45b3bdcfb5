"""Where a verb's words go: results to standard output, everything else to standard error."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tamis.cleaners.normalise import shown
from tamis.warehouse.address import hide_secrets

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

OK: Final = 0
REJECTED: Final = 1
WRONG_USAGE: Final = 2
CRASH: Final = 70  # EX_SOFTWARE of sysexits.h
IO_ERROR: Final = 74  # EX_IOERR
BUSY: Final = 75  # EX_TEMPFAIL of sysexits.h: nothing was done, the same command may work in a while
PIPE_WIDTH: Final = 100_000
INTERRUPTED: Final = 130
NOBODY_READS: Final = 141  # what a shell reports of a filter whose reader has gone


def emit(line: str) -> None:
    """One line of data, in UTF-8 whatever the locale, at once, so that a pipeline keeps moving."""
    written = shown(line) if sys.stdout.isatty() else line
    sys.stdout.buffer.write(written.encode(errors="backslashreplace") + b"\n")
    sys.stdout.buffer.flush()


def say(line: str) -> None:
    """One line for a person: in a terminal it is wrapped at words, in a pipe it stays one line."""
    from tamis.flows.answers.layout import wrapped

    for each in wrapped(shown(line), shutil.get_terminal_size().columns) if sys.stdout.isatty() else [line]:
        emit(each)


def show(*things: RenderableType) -> None:
    """Texts and tables, as wide as the terminal or, in a pipe, as wide as they need to be."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else PIPE_WIDTH
    out = Console(width=width, highlight=False, markup=False, emoji=False)
    for thing in things:
        if isinstance(thing, str):
            say(thing)
        else:
            out.print(_Shown(thing))


class _Shown:
    """Something to print whose text a terminal cannot take for orders: rich keeps its own styles apart from it."""

    def __init__(self, thing: RenderableType) -> None:
        self.thing = thing

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """What the thing renders to, each piece of text as it may be shown."""
        for piece in console.render(self.thing, options):
            yield piece if piece.control else piece._replace(text=shown(piece.text))


def command(arguments: str, warehouse: str | None) -> str:
    """A command to try next, as it can be typed here; the warehouse is named where it is not the default."""
    program = sys.argv[0]
    found = shutil.which("tamis")
    if found and Path(program).exists() and Path(found).samefile(program):
        program = "tamis"
    elif Path(program).is_absolute() and Path(program).is_relative_to(Path.cwd()):
        program = str(Path(program).relative_to(Path.cwd()))
    return f"  {program} {arguments}" + (f" -w {shlex.quote(hide_secrets(warehouse))}" if warehouse else "")


def quoted(argument: object) -> str:
    """One argument as a shell takes it."""
    return shlex.quote(str(argument))


def log(message: str) -> None:
    """One message for the person at the terminal."""
    print(f"tamis: {shown(message)}", file=sys.stderr)


def watched() -> bool:
    """Whether a person watches, so that progress is worth showing."""
    return sys.stderr.isatty()
