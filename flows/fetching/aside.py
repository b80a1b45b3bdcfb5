"""Reading what strangers wrote: in a process that can be killed, and beside the event loop.

A parser may take hours for a small input (feedparser: 400 KB in one ``<author>``), or take its process with it.
Here it costs its own source at most ``SECONDS``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from tamis.flows.cleaning import worker
from tamis.flows.cleaning.worker import WorkStopped
from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.records import Refusal

SECONDS = 20.0
"""The longest that reading one feed, sitemap or other file may take; 5 MB of honest ones take 1 to 3."""

Given = ParamSpec("Given")
Result = TypeVar("Result")

# One thread, so that there is one child however many sources are asked at the same time.
_reading = ThreadPoolExecutor(1, "reading")


async def aside(work: Callable[Given, Result], *given: Given.args, **known: Given.kwargs) -> Result:
    """What ``work``, a function of one of our modules, makes of what it is given, worked out in a child process.

    Raises SkipAddress (``unreadable``) where the child had to be stopped or died, and what ``work`` raises.
    """
    return await asyncio.get_running_loop().run_in_executor(_reading, partial(_call, work, *given, **known))


def _call(work: Callable[Given, Result], *given: Given.args, **known: Given.kwargs) -> Result:
    try:
        with worker.borrowed(SECONDS) as reader:
            return reader.call(work, *given, **known)
    except WorkStopped as stopped:
        raise SkipAddress(Refusal.UNREADABLE, f"reading it: {stopped}") from stopped
