"""Every fault of the local web ends as it should, and costs no more than it may."""

from __future__ import annotations

import asyncio
import tracemalloc

import pytest

from tamis.flows.fetching.records import Fetched, Refusal, Refused
from tests.faults.checking import meet, named
from tests.faults.faults import FETCHED, MEBIBYTE, PAGE, Fault, faults

FAULTS = list(faults())


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_ends_in_its_named_outcome(fault: Fault) -> None:
    outcome = asyncio.run(meet(fault))
    assert named(outcome) == fault.outcome
    if isinstance(outcome, Refused):
        assert outcome.detail


def test_the_list_has_every_way_in_which_one_address_can_fail() -> None:
    of_sources = {Refusal.HOSTILE_MARKUP, Refusal.UNREADABLE, Refusal.CUT, Refusal.DIGEST}
    elsewhere = {  # test_client.py
        Refusal.BAD_ADDRESS, Refusal.UNKNOWN_HOST, Refusal.HOST_RESTING, Refusal.TLS, Refusal.INTERNAL_ERROR
    }  # fmt: skip
    assert {fault.outcome for fault in FAULTS} == {*Refusal, FETCHED} - of_sources - elsewhere


@pytest.mark.parametrize("name", ["gzip", "gzip in two members", "deflate", "bare deflate", "padding behind gzip"])
def test_what_is_unpacked_is_what_was_packed(name: str) -> None:
    outcome = asyncio.run(meet(next(fault for fault in FAULTS if fault.name == name)))
    assert isinstance(outcome, Fetched)
    assert outcome.raw.body.decode().startswith(PAGE)


def test_a_bomb_fills_no_memory() -> None:
    bomb = next(fault for fault in FAULTS if fault.name == "gzip bomb")
    tracemalloc.start()
    try:
        asyncio.run(meet(bomb))
        assert tracemalloc.get_traced_memory()[1] < 20 * MEBIBYTE
    finally:
        tracemalloc.stop()
