"""What replacing verdicts and exporting cost: python tests/bench/replay.py [DOCUMENTS], from the repository's root.

Made-up documents are loaded; the verdicts of a tenth of them are replaced; the corpus is exported as it stands and as
it stood. CPU seconds, of this process and DuckDB's threads.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tamis.flows import exporting  # noqa: E402
from tamis.flows.settings import Settings  # noqa: E402
from tamis.warehouse.exporting import Selection  # noqa: E402
from tests.warehouse import press, rejudging  # noqa: E402


@contextmanager
def timed(what: str, documents: int) -> Iterator[None]:
    cpu, wall = time.process_time(), time.monotonic()
    yield
    cpu, wall = time.process_time() - cpu, time.monotonic() - wall
    print(f"{what:<32}{cpu:>8.1f} CPU s{wall:>8.1f} s{documents / cpu:>10,.0f} documents a CPU s", flush=True)


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        warehouse, out = Path(folder, "w.duckdb"), Path(folder, "out")
        settings = Settings(warehouse=warehouse)
        pages = [
            press.page(press.prose(n, 350), f"{n}.txt", site=f"{n % 50}.example", day=1 + n % 28) for n in range(count)
        ]
        batches = [pages[start : start + 1000] for start in range(0, count, 1000)]
        with timed("load", count):
            press.load(warehouse, *batches)
        print(f"{warehouse.stat().st_size / 1e6:,.0f} MB")
        changed = [[rejudging.shorter(page) for page in batch[:100]] for batch in batches]
        with timed("replace a tenth", count // 10):
            rejudging.judge_again(warehouse, *changed)
        print(f"{warehouse.stat().st_size / 1e6:,.0f} MB")
        for form in ("parquet", "jsonl", "csv", "text"):
            with timed(f"export {form}", count):
                exporting.export(exporting.target(out / form, form), Selection(), settings)  # type: ignore[arg-type]
        with timed("export parquet as of before", count):
            before = Selection(as_of=press.NOW + timedelta(hours=1))
            exporting.export(exporting.target(out / "before", "parquet"), before, settings)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
