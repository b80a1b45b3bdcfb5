"""Addresses are read without trust: whatever one says, no reader of it fails."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.cleaners.site import join, site_of, split, without_login


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.port.example/a", "port.example"),
        ("http://[x", None),
        ("http://[::1", None),
        ("//port.example", "port.example"),
        ("", None),
        (None, None),
    ],
)
def test_the_site_of_an_address(url: str | None, site: str | None) -> None:
    assert site_of(url) == site


@pytest.mark.parametrize(
    ("url", "stored"),
    [
        ("https://anna:secret@port.example:8443/a?b=c@d#e", "https://port.example:8443/a?b=c@d#e"),
        ("https://port.example/@anna", "https://port.example/@anna"),
        ("http://[x", "http://[x"),
    ],
)
def test_name_and_password_are_not_kept(url: str, stored: str) -> None:
    assert without_login(url) == stored


@given(st.text(), st.text())
def test_no_address_is_an_error(base: str, url: str) -> None:
    split(url)
    without_login(url)
    join(base, url)
