"""Measures the shipped judge on the development dumps and raises `text_floors.toml` where it got better.

    python -m tests.quality.raise_text_floors [--retrained]

A floor never falls: where a figure is worse than its floor the old one is kept and named. A small slack below the
measured value leaves room for the last digits, which differ between processors. `--retrained` begins anew: a judge has
seen these pages, and one that knows them less by heart is better only on others (README of this folder).
"""

from __future__ import annotations

import argparse
import tomllib
from pathlib import Path

from tests.quality import dumps
from tests.quality.test_text_gate import DATA, measure

FLOORS = Path(__file__).with_name("text_floors.toml")
SLACK = 0.0005


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--retrained", action="store_true", help="another judge, better out of fold: begin anew")
    old = {} if ask.parse_args().retrained else tomllib.loads(FLOORS.read_text())["groups"]
    lines = [
        "# Measured by the shipped model on the data of this hash; written by raise_text_floors.",
        f'data = "{dumps.digest(DATA)}"',
    ]
    for name, got in measure().items():
        new = {
            "f1": round(got.f1 - SLACK, 4),
            "lost_by_judge": round(got.lost_by_judge + SLACK, 4),
            "badly_hurt": round(got.badly_hurt + SLACK, 4),
        }
        lines += ["", f"[groups.{name}]"]
        for figure, value in new.items():
            before = old.get(name, {}).get(figure, value)
            better = max if figure == "f1" else min
            lines.append(f"{figure} = {better(value, before)}")
            if better(value, before) != value:
                print(f"{name}: {figure} is {value}, worse than its floor {before}, which stays")
    FLOORS.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
