"""CPU time a document of `tamis clean`, over the seeds and the fixtures: `make bench`.

Start-up (Python, parsers, language models) is measured apart on one short document: a corpus pays it once.
"""

from __future__ import annotations

import gzip
import json
import platform
import resource
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-P", "-c", "from flows.cli import main; main()", "clean", "--jsonl"]
COPIES = 20  # the sets are small: each document is cleaned so often
SETS = {
    "seeds, text": ("seeds", "*.txt", "text"),
    "fixtures, text": ("tests/texts", "*.txt", "text"),
    "fixtures, HTML": ("tests/pages", "**/*.html*", "html"),
}


def main() -> None:
    """Print one line a set."""
    start_up = cpu_seconds(records([b"One short document."], "text", copies=1))
    print(f"Python {platform.python_version()}, {platform.machine()}; start-up {start_up:.2f} s CPU\n")
    print(f"{'set':<18}{'documents':>10}{'KB':>9}{'ms a document':>15}{'MB/s':>8}")
    for name, (folder, pattern, field) in SETS.items():
        documents = [read(path) for path in sorted((ROOT / folder).glob(pattern))]
        if not documents:
            continue
        seconds = (cpu_seconds(records(documents, field)) - start_up) / COPIES
        size = sum(len(document) for document in documents)
        print(
            f"{name:<18}{len(documents):>10}{size / 1e3:>9.0f}"
            f"{seconds / len(documents) * 1e3:>15.2f}{size / 1e6 / seconds:>8.2f}"
        )


def read(path: Path) -> bytes:
    """A document as it came, unpacked."""
    body = path.read_bytes()
    return gzip.decompress(body) if path.suffix == ".gz" else body


def records(documents: Iterable[bytes], field: str, copies: int = COPIES) -> bytes:
    """The documents as JSON Lines, all of them ``copies`` times."""
    lines = (json.dumps({"id": n, field: d.decode(errors="replace")}) + "\n" for n, d in enumerate(documents))
    return ("".join(lines) * copies).encode()


def cpu_seconds(stdin: bytes) -> float:
    """CPU time of the command and its worker for one input."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(COMMAND, input=stdin, stdout=subprocess.DEVNULL, cwd=ROOT, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
