"""Trains the network of the judge of text dumps (`cleaners/model/network.py`): part of `train_text`.

Every page is looked at as a whole, so only dumps of which all lines are labelled teach it. It is kept from learning
its pages by heart: columns and units drop out at random (Srivastava et al., "Dropout", 2014), and weights decay
(Loshchilov and Hutter, "Decoupled weight decay regularization", 2019).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from tamis.cleaners.model.network import DILATIONS, WIDEST, Net

UNITS = 64
EPOCHS = 12
RATE = 3e-3
DECAY = 0.1
BLIND_COLUMNS, BLIND_UNITS = 0.4, 0.5
LINES = 2500  # of a step, those that fill short dumps up to the longest included

Rows = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]


class Lines(nn.Module):
    """`Net` as it is trained."""

    def __init__(self, columns: int) -> None:
        super().__init__()
        self.entry = nn.Linear(columns, UNITS)
        self.context = nn.Linear(2 * UNITS, UNITS)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(UNITS, UNITS, 3, padding=reach, dilation=reach) for reach in DILATIONS
        )
        self.hidden = nn.Linear(2 * UNITS, UNITS // 2)
        self.out = nn.Linear(UNITS // 2, 1)
        self.columns_drop, self.units_drop = nn.Dropout(BLIND_COLUMNS), nn.Dropout(BLIND_UNITS)

    def forward(self, rows: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
        """Log-odds of (dump, line); ``there`` is 1 where a dump has such a line."""
        real = there[..., None]
        told = self.units_drop(torch.relu(self.entry(self.columns_drop(rows))) * real)
        whole = torch.cat([told.sum(1) / there.sum(1, keepdim=True), told.max(1).values], 1)
        seen = told + torch.relu(self.context(whole))[:, None] * real
        turned = seen.transpose(1, 2)
        for convolution in self.convolutions:
            turned = (turned + torch.relu(convolution(self.units_drop(turned)))) * there[:, None]
        both = torch.cat([self.units_drop(turned.transpose(1, 2)), told], 2)
        return self.out(torch.relu(self.hidden(both)))[..., 0]


def fit(rows: Rows, target: npt.NDArray[np.int64], weight: Floats, parts: Sequence[slice], seed: int = 1) -> Net:
    """A network trained on the dumps whose lines are ``parts`` of these arrays."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    chance = np.random.RandomState(seed)
    counted = np.concatenate([np.arange(part.start, part.stop)[weight[part] > 0] for part in parts])
    mean, deviation = rows[counted].mean(axis=0), rows[counted].std(axis=0) + 1e-6
    model = Lines(rows.shape[1])
    steps = [list(_batches(parts, chance)) for _ in range(EPOCHS)]
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=DECAY)
    pace = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=sum(map(len, steps)), pct_start=0.15)
    for batch in (batch for epoch in steps for batch in epoch):
        there = _filled([np.ones(part.stop - part.start, dtype=np.float32) for part in batch])
        seen = _filled([np.clip((rows[part] - mean) / deviation, -WIDEST, WIDEST) for part in batch])
        wanted = _filled([target[part].astype(np.float32) for part in batch])
        counts = _filled([weight[part].astype(np.float32) for part in batch])
        missed = nn.functional.binary_cross_entropy_with_logits(model(seen, there), wanted, reduction="none")
        loss = (missed * counts).sum() / counts.sum()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        pace.step()
    return exported(model, mean, deviation)


def exported(model: Lines, mean: Rows, deviation: Rows) -> Net:
    """A trained network as the evaluator's arrays, its weights rounded to 16 bits."""
    return Net(
        mean,
        deviation,
        entry=_layer(model.entry),
        context=_layer(model.context),
        convolutions=np.stack([_layer(convolution) for convolution in model.convolutions]),
        hidden=_layer(model.hidden),
        out=_layer(model.out),
    )


def _layer(module: nn.Module) -> Rows:
    """The weights as inputs by outputs (of a convolution: above, here, below), the bias as one row more."""
    weights, bias = (module.get_parameter(name).detach().numpy() for name in ("weight", "bias"))
    turned = weights.transpose(2, 1, 0).reshape(-1, len(bias)) if weights.ndim == 3 else weights.T
    rounded: Rows = np.concatenate((turned, bias[None])).astype(np.float16).astype(np.float32)
    return rounded


def _batches(parts: Sequence[slice], chance: np.random.RandomState) -> Iterator[list[slice]]:
    """Each dump once, beside others of about its length, in random order."""
    lengths = np.array([part.stop - part.start for part in parts]) * chance.uniform(0.8, 1.25, len(parts))
    batches: list[list[slice]] = [[]]
    for number in np.argsort(lengths, kind="stable"):
        if batches[-1] and (len(batches[-1]) + 1) * lengths[number] > LINES:
            batches.append([])
        batches[-1].append(parts[number])
    chance.shuffle(batches)
    yield from batches


def _filled(found: Sequence[Rows]) -> torch.Tensor:
    """The arrays one beside the other, the shorter ones filled with zeros."""
    out = np.zeros((len(found), max(map(len, found)), *found[0].shape[1:]), dtype=np.float32)
    for number, values in enumerate(found):
        out[number, : len(values)] = values
    return torch.from_numpy(out)
