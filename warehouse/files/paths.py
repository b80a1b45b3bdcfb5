"""Where the files of a warehouse lie: what readers open, what writers write, and what is kept beside them.

    data/tamis.duckdb                                      a link to the newest snapshot: what users open
    data/tamis.duckdb.lock                                 one writer at a time (``warehouse.files.lock``)
    data/.tamis.duckdb.files/working.duckdb                what writers write
    data/.tamis.duckdb.files/ledger.jsonl                  what each commit left (``warehouse.files.ledger``)
    data/.tamis.duckdb.files/000012.read-only/tamis.duckdb a snapshot, never changed once it is linked

Each snapshot has a folder of its own because DuckDB names a database by its file: saved queries that say
``tamis.articles`` go on working. The name of the folder is what a client that wants to write is told.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_FILES = ".files"
_SNAPSHOT = ".read-only"
_LINKS = 40  # as many as Linux follows


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one warehouse; ``path`` is the one that users name, with its folder resolved."""

    path: Path

    @property
    def folder(self) -> Path:
        """The folder of everything that users do not name."""
        return self.path.with_name(f".{self.path.name}{_FILES}")

    @property
    def working(self) -> Path:
        """The file that writers write."""
        return self.folder / "working.duckdb"

    @property
    def wal(self) -> Path:
        """What a killed writer leaves beside the working file; part of its state."""
        return self.folder / "working.duckdb.wal"

    @property
    def lock(self) -> Path:
        """The lock of writers; where the first edition of tamis had it, so that the two exclude each other."""
        return self.path.with_name(f"{self.path.name}.lock")

    @property
    def ledger(self) -> Path:
        """What each commit left, outside the database."""
        return self.folder / "ledger.jsonl"

    @property
    def snapshot(self) -> Path | None:
        """The snapshot that readers open now; None where ``path`` is missing, or is a file of its own."""
        return self.path.resolve() if self.path.is_symlink() else None

    @property
    def unlinked(self) -> bool:
        """Whether ``path`` is a file of its own, as the first edition of tamis made it."""
        return not self.path.is_symlink() and self.path.is_file() and self.path.stat().st_size > 0

    def numbered(self) -> dict[int, Path]:
        """The folders of all snapshots, unfinished ones too, by number."""
        found = self.folder.glob("[0-9]*.*") if self.folder.is_dir() else ()
        return {int(folder.name.partition(".")[0]): folder for folder in sorted(found)}

    def finished(self, number: int) -> Path:
        """The folder of the snapshot ``number`` when it is complete."""
        return self.folder / f"{number:06d}{_SNAPSHOT}"

    def unfinished(self, number: int) -> Path:
        """The folder of the snapshot ``number`` until it is complete."""
        return self.folder / f"{number:06d}.unfinished"


def of(path: Path) -> Files:
    """The warehouse that ``path`` means: by its name, by a link to it, or by one of its snapshots."""
    path = path.absolute()
    for _ in range(_LINKS):
        if path.parent.parent.name == f".{path.name}{_FILES}":
            path = path.parents[2] / path.name
            break
        if not path.is_symlink():
            break
        path = Path(os.path.normpath(path.parent / path.readlink()))
    return Files(path.parent.resolve() / path.name)


def exists(path: Path) -> bool:
    """Whether there is a warehouse for ``path``, be it published or not."""
    files = of(path)
    return files.working.exists() or files.path.exists()
