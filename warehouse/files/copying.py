"""A process that copies the working file into a snapshot and removes snapshots that nobody needs.

A process of its own, because a process that opens and closes a file loses all its POSIX locks on it: DuckDB's
locks on the working file and on snapshots too. It imports nothing but the standard library, so that it starts
at once. Where it can, it takes an older snapshot that nobody reads and writes only the blocks that differ.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

BUSY = 75
"""Exit code where somebody else writes the working file."""

_CHUNK = 4 * 1024 * 1024
_PAGE = 64 * 1024  # blocks of DuckDB have 256 KiB and lie 12 KiB off
_AT_ONCE = 256 * 1024 * 1024
_READ_ONLY = 0o444


def main(source: Path, target: Path, spare: Sequence[Path], parent: int) -> int:
    """Copies the file ``source`` into the folder ``target``; uses up or removes the snapshots in ``spare``.

    Ends early when the process ``parent``, which holds the lock of writers, has died.
    """
    with source.open("rb") as reading:
        if not _held(reading.fileno(), fcntl.LOCK_SH):
            return BUSY
        rest = list(spare)
        copied = next((folder for folder in reversed(rest) if _renew(folder, target, reading.fileno(), parent)), None)
        if copied is None:
            _copy(reading.fileno(), target, source_name(target), parent)
    for folder in rest:
        _remove(folder)
    return 0


def source_name(target: Path) -> str:
    """The name of the file in a snapshot's folder: that of the warehouse, ``.<name>.files``."""
    return target.parent.name[1 : -len(".files")]


def _renew(folder: Path, target: Path, reading: int, parent: int) -> bool:
    """Makes ``target`` of an older snapshot, by writing what differs; False where somebody reads that one."""
    name = source_name(folder)
    with _alone(folder / name) as writing:
        if writing is None:
            return False
        folder.rename(target)
        for left in target.iterdir():
            if left.name != name:
                shutil.rmtree(left) if left.is_dir() else left.unlink()
        _patch(reading, writing, parent)
        os.fsync(writing)
    (target / name).chmod(_READ_ONLY)
    return True


def _patch(reading: int, writing: int, parent: int) -> None:
    size = os.fstat(reading).st_size
    for start in range(0, size, _CHUNK):
        _go_on(parent)
        new, old = os.pread(reading, _CHUNK, start), os.pread(writing, _CHUNK, start)
        if new == old:
            continue
        for at in range(0, len(new), _PAGE):
            block = new[at : at + _PAGE]
            if block != old[at : at + _PAGE]:
                _write(writing, block, start + at)
    os.ftruncate(writing, size)


def _copy(reading: int, target: Path, name: str, parent: int) -> None:
    target.mkdir()
    writing = os.open(target / name, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)
    try:
        _held(writing, fcntl.LOCK_EX)
        size = os.fstat(reading).st_size
        done = 0
        while done < size:
            _go_on(parent)
            done += _portion(reading, writing, done)
        os.fchmod(writing, _READ_ONLY)
        os.fsync(writing)
    finally:
        os.close(writing)


def _portion(reading: int, writing: int, start: int) -> int:
    """Copies some bytes; the file system shares them where it can (btrfs, XFS, APFS do not copy at all)."""
    try:
        copied = os.copy_file_range(reading, writing, _AT_ONCE, start, start)
    except (AttributeError, OSError) as error:
        if isinstance(error, OSError) and error.errno not in (
            errno.EXDEV,
            errno.ENOSYS,
            errno.EINVAL,
            errno.EOPNOTSUPP,
        ):
            raise
        portion = os.pread(reading, _CHUNK, start)
        _write(writing, portion, start)
        copied = len(portion)
    if not copied:
        raise OSError(errno.EIO, "the working file became shorter while it was copied")
    return copied


def _write(writing: int, portion: bytes, start: int) -> None:
    done = 0
    while done < len(portion):
        done += os.pwrite(writing, portion[done:], start + done)


def _remove(folder: Path) -> None:
    """Removes a snapshot unless somebody reads it, whom its folder may still serve to spill into."""
    file = folder / source_name(folder)
    with _alone(file) as writing:
        if writing is not None or not file.exists():
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _alone(file: Path) -> Iterator[int | None]:
    """A snapshot open for writing while nobody reads it; None where somebody does, or where it is not there."""
    try:
        file.chmod(0o644)
        writing = os.open(file, os.O_RDWR)
    except OSError:
        yield None
        return
    try:
        if _held(writing, fcntl.LOCK_EX):
            yield writing
        else:
            os.fchmod(writing, _READ_ONLY)
            yield None
    finally:
        os.close(writing)


def _held(descriptor: int, kind: int) -> bool:
    try:
        fcntl.lockf(descriptor, kind | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _go_on(parent: int) -> None:
    if os.getppid() != parent:
        sys.exit("whoever asked for the copy is gone")


if __name__ == "__main__":
    code = 1
    target = Path(sys.argv[2])
    try:
        code = main(Path(sys.argv[1]), target, [Path(name) for name in sys.argv[4:]], int(sys.argv[3]))
    except OSError as failure:
        print(failure.strerror or failure, file=sys.stderr)
    finally:
        if code:
            shutil.rmtree(target, ignore_errors=True)
    sys.exit(code)
