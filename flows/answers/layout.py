"""Tables for the width of a screen: fixed columns get all of their width, the text gets what is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

GAP = 2
"""Spaces between two columns."""
LEAST_TEXT = 24
"""With fewer columns than this left for the text, a row is a list: what is fixed, then the text below it."""
LEAST_CELL = 16
"""A cell of a query is not cut below this, so that the name of a document stays whole; a column that cannot have it is
left out and named."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows whose last cell is a text: the other cells are never cut, the text is cut to one line of the screen.

    ``right`` are the names of the columns that are set to the right.
    """

    names: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: frozenset[str] = frozenset()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The lines of the table, for rich."""
        fixed = [max(map(cell_len, column)) for column in zip(*(self.names, *self.rows), strict=True)][:-1]
        left = options.max_width - sum(fixed) - GAP * len(fixed)
        head = self._line(self.names, fixed)
        if left >= LEAST_TEXT:
            yield Text(fitted(f"{head}{self.names[-1]}", options.max_width), style="dim")
            for row in self.rows:
                yield Text(self._line(row, fixed) + fitted(row[-1], left))
            return
        for row in self.rows:
            yield Text("  ".join(cell.strip() for cell in row[:-1]), overflow="fold", style="dim")
            yield Text("    " + fitted(row[-1], options.max_width - 4))

    def _line(self, row: Sequence[str], widths: Sequence[int]) -> str:
        return "".join(
            f"{_set(cell, width, right=name in self.right)}{' ' * GAP}"
            for name, cell, width in zip(self.names, row, widths, strict=False)
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a query, a line of the screen each; columns that find no room are named below them."""

    names: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int] = frozenset()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The lines of the table, for rich."""
        widths = widths_within(options.max_width, self._wanted())
        shown = range(len(widths))
        yield Text(self._line(self.names, widths), style="bold")
        yield Text((" " * GAP).join("─" * width for width in widths), style="dim")
        for row in self.rows:
            yield Text(self._line(row, widths))
        if hidden := self.names[len(shown) :]:
            yield Text("")
            what = "column" if len(hidden) == 1 else "columns"
            yield Text(f"{len(hidden)} more {what}: {', '.join(hidden)}; -x shows a row as a list, --format csv all")

    def _wanted(self) -> list[int]:
        columns = zip_longest(self.names, *self.rows, fillvalue="")
        return [max(map(cell_len, column)) for column in columns]

    def _line(self, row: Sequence[str], widths: Sequence[int]) -> str:
        cells = (
            _set(fitted(cell, width), width, right=place in self.numbers)
            for place, (cell, width) in enumerate(zip(row, widths, strict=False))
        )
        return (" " * GAP).join(cells).rstrip()


@dataclass(frozen=True, slots=True)
class Expanded:
    """The rows of a query, each as a list of its cells under their names."""

    names: Sequence[str]
    rows: Sequence[Sequence[str]]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The lines of the lists, for rich."""
        name_width = min(max(map(cell_len, self.names), default=0), options.max_width // 3)
        for number, row in enumerate(self.rows, 1):
            yield Text(fitted(f"─ row {number} ".ljust(options.max_width, "─"), options.max_width), style="dim")
            grid = Table.grid(padding=(0, GAP, 0, 0))
            grid.add_column(width=name_width, no_wrap=True, overflow="ellipsis")
            grid.add_column(overflow="fold")
            for name, cell in zip(self.names, row, strict=True):
                grid.add_row(Text(name, style="bold"), Text(cell))
            yield grid


def fitted(text: str, width: int) -> str:
    """``text`` on one line of at most ``width`` cells, its end cut off with an ellipsis if it is longer."""
    text = " ".join(text.split()) if "\n" in text or "\t" in text or "\r" in text else text
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, max(width - 1, 0)).rstrip() + "…" if width else ""


def widths_within(room: int, wanted: Sequence[int]) -> list[int]:
    """The widths of the first columns that find ``room``; what is left over goes to those that want more.

    >>> widths_within(40, [5, 100, 3])
    [5, 28, 3]
    >>> widths_within(40, [16, 100, 20])
    [16, 22]
    """
    least = [min(each, LEAST_CELL) for each in wanted]
    shown = 0
    used = 0
    for each in least:
        if shown and used + GAP + each > room:
            break
        used += each + (GAP if shown else 0)
        shown += 1
    widths = [min(each, room) for each in least[:shown]]
    spare = max(room - used, 0)
    for place in sorted(range(shown), key=lambda place: wanted[place]):
        waiting = sum(wanted[other] > widths[other] for other in range(shown) if wanted[other] >= wanted[place]) or 1
        more = min(wanted[place] - widths[place], spare // waiting)
        widths[place] += max(more, 0)
        spare -= max(more, 0)
    return widths


def wrapped(line: str, width: int) -> Iterator[str]:
    """``line`` at words in lines of at most ``width`` cells; the later ones begin below what follows the last gap.

    A gap is two spaces or more within the first half of the line. A command (``  tamis …``) is left whole, so that it
    can be copied.
    """
    if cell_len(line) <= width or line.startswith("  tamis ") or not line.strip():
        yield line
        return
    gap = line[: width // 2].rfind("  ")
    lead = len(line) - len(line.lstrip())
    head = line[: len(line) - len(line[gap:].lstrip())] if gap >= lead else line[:lead]
    indent = " " * (len(head) if gap >= lead else lead + 2)
    current = ""
    for word in line[len(head) :].split():
        longer = f"{current} {word}" if current else word
        if current and cell_len(head + longer) > width:
            yield (head + current).rstrip()
            head, current = indent, word
        else:
            current = longer
    yield (head + current).rstrip()


def _set(cell: str, width: int, *, right: bool) -> str:
    space = " " * max(width - cell_len(cell), 0)
    return f"{space}{cell}" if right else f"{cell}{space}"
