"""A process that makes loads of its part of a fixed corpus, one after the other, into the warehouse it is given."""

from __future__ import annotations

import sys

from tamis.warehouse.address import parse
from tests.warehouse import press


def corpus(loads: int) -> list[list[press.Document]]:
    """Loads whose texts are copies, cuts and site mates of texts in other loads; some documents come in several."""
    pages = [press.page(press.prose(n % 17), f"{n}.txt", site=f"{n % 3}.example", day=1 + n % 9) for n in range(loads)]
    cuts = [press.page(press.prose(n % 17)[:400], f"cut{n}.txt") for n in range(loads)]
    refused = [press.refused(f"{n}.png") for n in range(loads)]
    return [[pages[n], pages[(n + 1) % loads], cuts[(n * 7) % loads], refused[n]] for n in range(loads)]


if __name__ == "__main__":
    address, loads, part, parts = parse(sys.argv[1]), *map(int, sys.argv[2:])
    for load in corpus(loads)[part::parts]:
        press.load(address, load)
        print("loaded", flush=True)
