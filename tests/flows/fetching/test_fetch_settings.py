"""No contact, no run; and all that is wrong is told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tamis.cleaners.errors import StopRun
from tamis.flows.fetching.settings import FetchSettings, check


@pytest.mark.parametrize(
    ("contact", "shown"),
    [("me@newsroom.example", "+mailto:me@newsroom.example"),
     ("mailto:me@newsroom.example", "+mailto:me@newsroom.example"),
     ("https://newsroom.example/bot", "+https://newsroom.example/bot")],
)  # fmt: skip
def test_every_request_tells_how_to_reach_the_user(contact: str, shown: str) -> None:
    settings = FetchSettings(contact=contact)
    check(settings)
    assert settings.user_agent.startswith("tamis/")
    assert f"({shown})" in settings.user_agent


@pytest.mark.parametrize("contact", ["", "me", "me@", "ftp://a.example/", "a@b.c\r\nX-Evil: 1", "é@newsroom.example"])
def test_without_a_contact_nothing_starts(contact: str) -> None:
    with pytest.raises(StopRun, match="contact"):
        check(FetchSettings(contact=contact))


def test_all_that_is_wrong_is_told_at_once() -> None:
    wrong = FetchSettings(
        agent="my bot",
        seconds=0,
        max_bytes=-1,
        delay=-1.0,
        retries=-1,
        proxy="socks5://a",
        ca_file=Path("/no/such/file"),
    )
    with pytest.raises(StopRun) as error:
        check(wrong)
    for name in ("contact", "agent", "seconds", "max_bytes", "delay", "retries", "proxy", "ca_file"):
        assert f"{name} " in str(error.value)
