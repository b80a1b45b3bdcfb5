"""``kill -9`` at random moments of everything that writes to a warehouse.

python -m tests.kill --moments 200              all scenarios in turn; exit code 1 if anything was lost or half done
python -m tests.kill --moments 50 --only load   one of them; --seed N for other moments
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.kill.killing import kill_at_random
from tests.kill.scenarios import SCENARIOS


def main() -> int:
    """Kills, tells, and gives the exit code."""
    asked = argparse.ArgumentParser(description="kill -9 at random moments of everything that writes to a warehouse")
    asked.add_argument("--moments", type=int, default=20)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--only", choices=SCENARIOS, action="append")
    given = asked.parse_args()
    killed, finished, wrong = Counter[str](), Counter[str](), 0
    with tempfile.TemporaryDirectory() as folder:
        for moment in kill_at_random(Path(folder), given.moments, given.seed, given.only):
            killed[moment.scenario] += 1
            finished[moment.scenario] += moment.finished
            wrong += bool(moment.wrong)
            for what in moment.wrong:
                print(f"{moment.scenario} after {moment.after:.3f} s: {what}", flush=True)
    for name, number in killed.items():
        print(f"{name:16}{number:4} kills, {number - finished[name]} of them before it was done")
    print(f"{sum(killed.values())} kills, {wrong} of them harmful")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
