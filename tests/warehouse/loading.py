"""A process that loads a fixed corpus into the warehouse named on the command line, to be killed meanwhile."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.warehouse import press


def corpus() -> list[list[press.Document]]:
    """Four batches with copies, cut copies and refused documents among them."""
    pages = [press.page(press.prose(n % 30), f"{n}.txt", site=f"{n % 4}.example", day=1 + n % 9) for n in range(40)]
    pages += [press.page(press.prose(n)[:400], f"cut{n}.txt") for n in range(10)]
    pages += [press.refused(f"{n}.png") for n in range(5)]
    return [pages[start::4] for start in range(4)]


if __name__ == "__main__":
    print("ready", flush=True)
    press.load(Path(sys.argv[1]), *corpus())
    print("loaded", flush=True)
