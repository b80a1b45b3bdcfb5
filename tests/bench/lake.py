"""What a lake costs beside a file: a commit with two writers and a reader at once, and loading in bulk.

    make bench-lake

Wall time is that of this machine; compare the columns, not with another machine.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tamis.cleaners import dedup  # noqa: E402
from tamis.warehouse import queries, storage  # noqa: E402
from tamis.warehouse.address import Address, Lake, parse  # noqa: E402
from tamis.warehouse.connection import open_reader, open_writer  # noqa: E402
from tamis.warehouse.loading import store  # noqa: E402
from tests.lake.server import fresh, server  # noqa: E402
from tests.warehouse import press  # noqa: E402


def seconds_a_load(address: Address, loads: int, part: int) -> list[float]:
    """How long each of some small loads takes, a turn waited for and a connection included."""
    took = []
    for load in range(loads):
        pages = [press.page(press.prose(n), f"{part}-{load}-{n}.txt") for n in range(load * 20, load * 20 + 20)]
        begun = time.monotonic()
        press.load(address, pages)
        took.append(time.monotonic() - begun)
    return took


def reads_until(address: Address, processes: list[subprocess.Popen[str]]) -> int:
    """How many readers opened the warehouse and found it whole while the processes ran."""
    reads = 0
    while any(process.poll() is None for process in processes):
        if storage.is_there(address):
            with open_reader(address) as con:
                status = queries.status(con, address)
            if status.raw != status.documents + sum(status.rejected.values()):
                raise SystemExit("a reader saw half a load")
            reads += 1
    return reads


def in_bulk(address: Address, documents: int) -> tuple[float, float]:
    """Wall and CPU seconds of one load; writing the staged batch does not count."""
    pages = [press.page(press.prose(n), f"{n}.txt", site=f"{n % 50}.example") for n in range(documents)]
    with tempfile.TemporaryDirectory() as folder:
        batch = press.stage(Path(folder), "b", pages)
        begun = time.monotonic(), time.process_time()
        with open_writer(address) as con:
            store.load(con, [batch], now=press.NOW, versions=press.VERSIONS, relate=dedup.relate, cluster=dedup.cluster)
        return time.monotonic() - begun[0], time.process_time() - begun[1]


def writers(address: Lake, loads: int) -> None:
    """Two writers and a reader at once, and what became of them."""
    said = f"ducklake:postgres:{address.catalog}?data={address.data}"
    command = [sys.executable, __file__, "--into", said, "--loads", str(loads), "--part"]
    processes = [subprocess.Popen([*command, str(part)], stdout=subprocess.PIPE, text=True) for part in range(2)]
    reads = reads_until(address, processes)
    took = [float(line) for process in processes for line in process.communicate()[0].split()]
    print(f"two writers and a reader: {len(took)} of {2 * loads} loads committed, {reads} reads, none failed")
    print(
        f"  seconds a load: median {statistics.median(took):.2f}, longest {max(took):.2f}, with the wait for the turn"
    )


def main() -> None:
    """Prints the figures, or is one of the writers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--loads", type=int, default=20)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--into")
    parser.add_argument("--part", type=int, default=0)
    asked = parser.parse_args()
    if asked.into:
        print(*seconds_a_load(parse(asked.into), asked.loads, asked.part), sep="\n", flush=True)
        return
    with server() as postgres, tempfile.TemporaryDirectory() as folder:
        for name in ("one", "two", "bulk"):
            Path(folder, name).mkdir()
        with fresh(postgres, f"{folder}/one") as lake:
            writers(lake, asked.loads)
        with fresh(postgres, f"{folder}/two") as lake:
            for what, address in (("file", Path(folder, "w.duckdb")), ("lake", lake)):
                took = seconds_a_load(address, asked.loads, 0)
                print(f"one writer, {what}: median {statistics.median(took):.2f} s a load of 20 documents")
        with fresh(postgres, f"{folder}/bulk") as lake:
            for what, address in (("file", Path(folder, "bulk.duckdb")), ("lake", lake)):
                wall, cpu = in_bulk(address, asked.documents)
                rate = asked.documents / cpu
                print(f"{asked.documents} documents at once, {what}: {rate:.0f} a CPU second, {wall:.1f} s")


if __name__ == "__main__":
    main()
