"""The network as it is trained and as it is evaluated are one."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch", reason="PyTorch is not here: pip install 'tamis[train]'")

from tests.quality import train_net


def test_what_is_trained_is_what_is_evaluated_and_tells_what_it_was_taught() -> None:
    chance = np.random.RandomState(3)
    parts = [slice(start, start + 30) for start in range(0, 900, 30)]
    rows = chance.randn(900, 4).astype(np.float32)
    target = (np.roll(rows[:, 0], 1) > 0).astype(np.int64)  # the line above says it
    net = train_net.fit(rows, target, np.ones(900), parts)
    again = train_net.fit(rows, target, np.ones(900), parts)
    judged = np.concatenate([net.raw(rows[part]) for part in parts])
    inner = np.arange(900) % 30 > 0
    assert np.mean((judged > 0)[inner] == target[inner]) > 0.8
    assert all(np.array_equal(getattr(net, name), getattr(again, name)) for name in ("entry", "convolutions", "out"))
