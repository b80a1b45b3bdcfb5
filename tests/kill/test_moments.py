"""A kill of each scenario, more in the gate; ``python -m tests.kill`` does hundreds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kill.killing import kill_at_random
from tests.kill.scenarios import SCENARIOS


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_kill_harms_nothing(tmp_path: Path, name: str) -> None:
    (moment,) = kill_at_random(tmp_path, 1, seed=7, names=[name])
    assert moment.wrong == ()


@pytest.mark.gate
@pytest.mark.parametrize("name", SCENARIOS)
def test_kills_at_many_moments_harm_nothing(tmp_path: Path, name: str) -> None:
    moments = list(kill_at_random(tmp_path, 12, seed=1, names=[name]))
    assert [moment for moment in moments if moment.wrong] == []
    assert not all(moment.finished for moment in moments), "the moments come too late to test anything"
