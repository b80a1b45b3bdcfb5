"""Snapshots: complete copies of the working file that readers open, and the link that leads to the newest.

Whoever makes one holds the lock of writers. A kill at any moment leaves the link on a complete snapshot.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from tamis.cleaners.errors import RetryLater, StopRun
from tamis.warehouse.files import copying
from tamis.warehouse.files.paths import Files

_STATE = "state.json"


@dataclass(frozen=True, slots=True)
class State:
    """What a snapshot was made of: size and time of the last change (ns) of both files, and when (Unix time)."""

    working: tuple[int, int]
    snapshot: tuple[int, int]
    published_at: float


def make(files: Files) -> Path:
    """Copies the working file, which nobody writes, and has the link lead to the copy; gives the copy.

    Snapshots before the one that was newest so far are used up or removed, unless somebody reads them.
    Raises StopRun where the disk has no room or the folder cannot be written, RetryLater where another
    program writes the working file; the link is then as it was.
    """
    folders = files.numbered()
    number = max(folders, default=0) + 1
    current = files.snapshot.parent if files.snapshot else None
    target = files.unfinished(number)
    seen = _seen(files.working)
    _copy(files, target, [folder for folder in folders.values() if folder != current])
    file = target / files.path.name
    state = State(seen, _seen(file), time.time())
    _write(target / _STATE, json.dumps(asdict(state)))
    target.rename(files.finished(number))
    _link(files, files.finished(number) / file.name)
    return files.finished(number) / file.name


def state(files: Files) -> State | None:
    """What the snapshot that readers open was made of; None where there is none."""
    snapshot = files.snapshot
    try:
        said = json.loads((snapshot.parent / _STATE).read_text(encoding="utf-8")) if snapshot else None
    except (OSError, ValueError):
        return None
    return said and State(tuple(said["working"]), tuple(said["snapshot"]), said["published_at"])


def is_newest(files: Files) -> bool:
    """Whether readers see the state of the working file. Told by the files' sizes and times, without opening them."""
    known, snapshot = state(files), files.snapshot
    if known is None or snapshot is None or not snapshot.exists() or files.wal.exists():
        return False
    spoiled = snapshot.with_name(f"{snapshot.name}.wal").exists() or _seen(snapshot) != known.snapshot
    return not spoiled and _seen(files.working) == known.working


def _copy(files: Files, target: Path, spare: list[Path]) -> None:
    arguments = [files.working, target, os.getpid(), *spare]
    done = subprocess.run(  # noqa: S603 - our own script, with paths of ours
        [sys.executable, "-I", "-S", copying.__file__, *map(str, arguments)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False,
        process_group=0,
    )  # fmt: skip
    if done.returncode == copying.BUSY:
        raise RetryLater(f"another program writes {files.working}; close it there and run: tamis publish")
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or [f"the copy ended with {done.returncode}"])[-1]
        megabytes = files.working.stat().st_size / 1e6
        raise StopRun(
            f"{files.path} could not be published ({reason}); what was loaded is safe, and readers see what they saw"
            f" before. Make room for {megabytes:,.0f} MB in {files.folder}, or mend its rights, then: tamis publish"
        )


def _link(files: Files, snapshot: Path) -> None:
    """Has ``files.path`` lead to ``snapshot``, from one moment to the next."""
    unfinished = files.folder / "link"
    unfinished.unlink(missing_ok=True)
    try:
        unfinished.symlink_to(snapshot.relative_to(files.path.parent))
    except OSError as error:
        raise StopRun(
            f"{files.path} could not be published: {files.folder} takes no symbolic links ({error.strerror});"
            " keep the warehouse on a file system that does"
        ) from error
    unfinished.replace(files.path)
    for folder in (snapshot.parent, files.folder, files.path.parent):
        _settle(folder)


def _write(file: Path, text: str) -> None:
    with file.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def _settle(folder: Path) -> None:
    """Makes the names in a folder outlast a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _seen(file: Path) -> tuple[int, int]:
    found = file.stat()
    return found.st_size, found.st_mtime_ns
