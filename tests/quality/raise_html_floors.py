"""Measures `clean` on the development pages and raises `html_floors.toml` where it got better.

    python -m tests.quality.raise_html_floors

A floor never falls, and a small slack leaves room for the last digits, as in `raise_text_floors`.
"""

from __future__ import annotations

from tests.quality import dumps
from tests.quality.raise_text_floors import SLACK
from tests.quality.test_html_floors import FLOORS, FLOORS_FILE, SETS, gold, measure


def main() -> None:
    data, f1 = [], []
    for name in SETS:
        new = round(measure(gold(name)) - SLACK, 4)
        floor = max(new, FLOORS["f1"].get(name, new))
        print(f"{name}: {new}" + (f", worse than its floor {floor}, which stays" if floor > new else ""))
        data.append(f'{name} = "{dumps.digest(gold(name))}"')
        f1.append(f"{name} = {floor}")
    head = "# F1 of the shipped model on the data of these hashes; written by raise_html_floors."
    FLOORS_FILE.write_text("\n".join([head, "[data]", *data, "", "[f1]", *f1]) + "\n")


if __name__ == "__main__":
    main()
