"""Wire services: who is credited, and whose site it is."""

from __future__ import annotations

import pytest

from tamis.cleaners.html.agencies import find_credit, is_site_of


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("PARIS, 3 mars (AFP) - Le port a rouvert.", "AFP"),
        ("LONDON (Reuters) – The port is open again.", "Reuters"),
        ("Rabat - Le port a rouvert mardi.\nLes navires sont là.\nMAP", "MAP"),
        ("Der Hafen ist wieder offen.\n(dpa)", "dpa"),
        ("Le port a rouvert.\nAvec AFP", "AFP"),
        ("Le port a rouvert, a indiqué l'agence Reuters à midi.\nLes navires sont là.", None),
        ("Le port a rouvert.\nLes lecteurs de l'AFP et de Reuters le savent depuis ce matin déjà.", None),
        ("Open the map of the port.\nmap", None),
        ("", None),
    ],
)
def test_who_a_text_credits(text: str, agency: str | None) -> None:
    assert find_credit(text) == agency


@pytest.mark.parametrize(
    ("agency", "site", "own"),
    [
        ("Reuters", "reuters.com", True),
        ("AP", "apnews.com", True),
        ("MAP", "mapnews.ma", True),
        ("APS", "www.aps.dz", True),
        ("Europa Press", "europapress.es", True),
        ("AFP", "lemonde.fr", False),
        ("AFP", "reuters.com", False),
        ("AP", None, False),
        ("ANI", "ani", False),
    ],
)
def test_whose_site_it_is(agency: str, site: str | None, *, own: bool) -> None:
    assert is_site_of(agency, site) is own
