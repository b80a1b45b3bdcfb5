"""Where a verb's words go: results to standard output, everything else to standard error."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tamis.warehouse.address import hide_secrets

if TYPE_CHECKING:
    from rich.console import RenderableType

OK: Final = 0
REJECTED: Final = 1
WRONG_USAGE: Final = 2
BUSY: Final = 75  # EX_TEMPFAIL of sysexits.h: nothing was done, the same command may work in a while
PIPE_WIDTH: Final = 100_000
INTERRUPTED: Final = 130
NOBODY_READS: Final = 141  # what a shell reports of a filter whose reader has gone


def emit(line: str) -> None:
    """One line of the result, in UTF-8 whatever the locale, at once, so that a pipeline keeps moving."""
    sys.stdout.buffer.write(line.encode() + b"\n")
    sys.stdout.buffer.flush()


def show(*things: RenderableType) -> None:
    """Text and tables, as wide as the terminal or, in a pipe, as wide as they need to be."""
    from rich.console import Console
    from rich.table import Table

    width = None if sys.stdout.isatty() else PIPE_WIDTH
    out = Console(width=width, highlight=False, markup=False, emoji=False)
    for thing in things:
        out.print(thing, soft_wrap=not isinstance(thing, Table))


def command(arguments: str, warehouse: str | None) -> str:
    """A command to try next, as it can be typed here; the warehouse is named where it is not the default."""
    program = sys.argv[0]
    found = shutil.which("tamis")
    if found and Path(program).exists() and Path(found).samefile(program):
        program = "tamis"
    elif Path(program).is_absolute() and Path(program).is_relative_to(Path.cwd()):
        program = str(Path(program).relative_to(Path.cwd()))
    return f"  {program} {arguments}" + (f" -w {shlex.quote(hide_secrets(warehouse))}" if warehouse else "")


def log(message: str) -> None:
    """One message for the person at the terminal."""
    print(f"tamis: {message}", file=sys.stderr)


def watched() -> bool:
    """Whether a person watches, so that progress is worth showing."""
    return sys.stderr.isatty()
