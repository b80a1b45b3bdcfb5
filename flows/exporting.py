"""Writing articles to a file or a folder with their data card: whole or not at all, equal bytes for an equal state."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from tamis.cleaners.errors import StopRun
from tamis.flows.answers import card, tabular
from tamis.flows.answers.card import Data
from tamis.flows.settings import Settings
from tamis.warehouse import exporting
from tamis.warehouse.connection import open_reader
from tamis.warehouse.exporting import Facts, Selection

Format = Literal["parquet", "jsonl", "csv", "text"]

SUFFIXES: dict[str, Format] = {".parquet": "parquet", ".jsonl": "jsonl", ".csv": "csv"}
CARD = "card"
_ASIDE = "older"
_OURS = {f"{CARD}.md", f"{CARD}.json", "texts", *(f"articles.{form}" for form in SUFFIXES.values())}
_CHUNK = 1024 * 1024
_SLUG = 60
_NO_WORD = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Target:
    """Where an export goes: a file with its card beside it, or a folder that holds both."""

    path: Path
    form: Format
    is_folder: bool

    @property
    def card(self) -> Path:
        """The card for programs, by which an export is known to be one."""
        return self.path / f"{CARD}.json" if self.is_folder else self.path.with_name(f"{self.path.name}.{CARD}.json")


def target(path: Path, form: Format | None) -> Target:
    """What ``path`` means: a file where it ends as one of its format, else a folder.

    Raises StopRun where neither tells the format, or both contradict each other.
    """
    by_name = SUFFIXES.get(path.suffix.lower())
    if form is None and by_name is None:
        raise StopRun(
            f"{path}: which format? give --format {'|'.join([*SUFFIXES.values(), 'text'])}, or a file ending so"
        )
    if by_name is not None and form not in (None, by_name):
        raise StopRun(f"{path} ends as {by_name}, --format says {form}; give a folder, or another ending")
    return Target(path, form or by_name or "text", is_folder=by_name is None)


def export(where: Target, selection: Selection, settings: Settings, *, force: bool = False) -> Facts:
    """Writes the selected articles and their card to ``where``, in place of an older export there.

    A file that is no export of ours is replaced only with ``force``, a folder that holds other things never. Raises
    StopRun where such a thing is in the way, where nothing is selected, or where there is no warehouse.
    """
    _check(where, force=force)
    with open_reader(settings.warehouse) as con, _beside(where.path) as unfinished:
        articles = exporting.select(con, selection)
        home = unfinished / "made"
        home.mkdir()
        name = f"articles.{where.form}" if where.is_folder else where.path.name
        data = _WRITERS[where.form](articles, home / name)
        facts = exporting.facts(con)
        stem = CARD if where.is_folder else f"{where.path.name}.{CARD}"
        (home / f"{stem}.md").write_text(card.as_markdown(data, where.form, selection, facts), encoding="utf-8")
        (home / f"{stem}.json").write_text(card.as_json(data, where.form, selection, facts), encoding="utf-8")
        if where.is_folder:
            _put_folder(home, where.path, unfinished)
        else:
            # The data last: where they are, their card is.
            for part in (f"{stem}.md", f"{stem}.json", name):
                (home / part).replace(where.path.with_name(part))
    return facts


def _check(where: Target, *, force: bool) -> None:
    path = where.path
    if not path.exists():
        return
    if path.is_dir() != where.is_folder:
        raise StopRun(f"{path} is a {'folder' if path.is_dir() else 'file'}; give another name, or move it away")
    if where.is_folder and not {each.name for each in path.iterdir()} <= _OURS:
        raise StopRun(f"{path} holds other things than an export of tamis; give another folder, or move them away")
    if not force and not _is_ours(where):
        raise StopRun(f"{path} is there and is no export of tamis; give another name, or --force to replace it")


def _is_ours(where: Target) -> bool:
    if where.is_folder and not any(where.path.iterdir()):
        return True
    try:
        return bool(json.loads(where.card.read_text(encoding="utf-8"))["made_by"] == card.MADE_BY)
    except (OSError, ValueError, KeyError, TypeError):
        return False


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A hidden folder for what is unfinished, on the same disk; gone at the end, or with the next export."""
    path.parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{path.name}.unfinished-"
    for left in [each for each in path.parent.iterdir() if each.name.startswith(prefix)]:
        _tidy(left, path)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=path.parent))
    try:
        with _held(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Holds the lock on a folder, which the system lets go of when the process ends. Raises BlockingIOError."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def _tidy(left: Path, path: Path) -> None:
    """Removes what a killed export left, once the older export that it had put aside is back in its place."""
    with suppress(BlockingIOError, FileNotFoundError), _held(left):
        if (left / _ASIDE).exists() and not path.exists():
            (left / _ASIDE).rename(path)
        shutil.rmtree(left, ignore_errors=True)


def _put_folder(made: Path, path: Path, unfinished: Path) -> None:
    if path.exists():
        path.rename(unfinished / _ASIDE)
    made.rename(path)


def _parquet(articles: pa.RecordBatchReader, path: Path) -> list[Data]:
    with pq.ParquetWriter(path, articles.schema, compression="zstd") as writer:
        for batch in articles:
            writer.write_batch(batch)
    return [_data(path)]


def _jsonl(articles: pa.RecordBatchReader, path: Path) -> list[Data]:
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for row in _rows(articles):
            stream.write(json.dumps(row, ensure_ascii=False, default=tabular.plain) + "\n")
    return [_data(path)]


def _csv(articles: pa.RecordBatchReader, path: Path) -> list[Data]:
    names = articles.schema.names
    # With the mark, spreadsheets read UTF-8 as UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="\n") as stream:
        for line in tabular.csv_lines(names, ([row[name] for name in names] for row in _rows(articles))):
            stream.write(line + "\n")
    return [_data(path)]


def _text(articles: pa.RecordBatchReader, path: Path) -> list[Data]:
    """One file an article in the folder ``texts``, and ``articles.csv`` with all that is known of each but its text."""
    texts = path.with_name("texts")
    texts.mkdir()
    digest, size = hashlib.sha256(), 0
    names = [name for name in articles.schema.names if name != "text"]
    index = path.with_name("articles.csv")
    with index.open("w", encoding="utf-8-sig", newline="\n") as stream:
        stream.write(next(tabular.csv_lines(["name", *names], [])) + "\n")
        for row in _rows(articles):
            name = file_name(row)
            written = f"{row['title']}\n\n{row['text']}\n" if row["title"] else f"{row['text']}\n"
            body = written.encode(errors="replace")
            (texts / name).write_bytes(body)
            digest.update(body)
            size += len(body)
            line = list(tabular.csv_lines([], [[name, *(row[each] for each in names)]]))[1]
            stream.write(line + "\n")
    return [Data("texts/*.txt, one after the other", size, digest.hexdigest()), _data(index)]


_WRITERS: dict[Format, Callable[[pa.RecordBatchReader, Path], list[Data]]] = {
    "parquet": _parquet,
    "jsonl": _jsonl,
    "csv": _csv,
    "text": _text,
}


def file_name(row: dict[str, Any]) -> str:
    """A name that every file system takes: day, words of the title in plain letters, key of the document."""
    plain = unicodedata.normalize("NFKD", row["title"] or "").encode("ascii", "ignore").decode().casefold()
    slug = _NO_WORD.sub("-", plain)[:_SLUG].strip("-")
    return "-".join(part for part in (str(row["published_on"] or "undated"), slug, row["document"]) if part) + ".txt"


def _rows(articles: pa.RecordBatchReader) -> Iterator[dict[str, Any]]:
    for batch in articles:
        yield from batch.to_pylist()


def _data(path: Path) -> Data:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return Data(path.name, path.stat().st_size, digest.hexdigest())
