"""Pairs of invented texts in French, English and Arabic, each with what the two are to each other: `cases/`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tamis.cleaners.dedup import compare
from tamis.cleaners.relations import CandidatePair, Origin

CASES = sorted(Path(__file__).with_name("cases").glob("*.txt"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_what_the_two_texts_are(case: Path) -> None:
    head, _, body = case.read_text(encoding="utf-8").partition("\n\n")
    stated = dict(line.split(": ", 1) for line in head.splitlines())
    sites = stated.get("sites", "").split() or [None]
    paragraphs = [(line[0], line[2:]) for line in body.splitlines()]
    one, two = ("\n".join(text for sign, text in paragraphs if sign in (" ", side)) for side in "<>")
    origins = (Origin(site=sites[0], agency=stated.get("agency")), Origin(site=sites[-1]))
    pair = compare(CandidatePair("1", "2", one, two, origin=origins[0], other_origin=origins[1]))
    assert (pair.relation.value if pair else "none") == stated["relation"]
    assert pair is None or pair.agency == stated.get("agency")
