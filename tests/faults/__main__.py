"""The local web of faults on the command line.

python -m tests.faults          serves every fault on 127.0.0.1 until Ctrl-C, for you to point any client at
python -m tests.faults --check  lets the client of tamis meet each, and tells what came of it; exit code 1 if it fails
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack, suppress

from tests.faults.checking import meet, named
from tests.faults.faults import faults
from tests.faults.server import serving


async def serve() -> None:
    """Serves all faults, each on a port of its own, and prints their addresses."""
    async with AsyncExitStack() as stack:
        for fault in faults():
            site = await stack.enter_async_context(serving(fault.pages))
            print(f"{site.url('/page'):38} {fault.name} (wanted: {fault.outcome})")
        print("\nCtrl-C ends it")
        await asyncio.Event().wait()


async def check() -> int:
    """Meets every fault; the number of those that did not end as they should."""
    wrong = 0
    for fault in faults():
        outcome = await meet(fault)
        right = named(outcome) == fault.outcome
        wrong += not right
        print(f"{'ok ' if right else 'BAD'} {fault.name:45} {named(outcome):20} {getattr(outcome, 'detail', '')[:90]}")
    print(f"\n{wrong} wrong")
    return wrong


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(1 if asyncio.run(check() if "--check" in sys.argv else serve()) else 0)
