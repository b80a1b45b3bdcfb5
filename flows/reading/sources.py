"""Paths in, documents out: files, folders, JSON Lines, plain or gzipped, never filling the memory."""

from __future__ import annotations

import gzip
import hashlib
import io
import math
import os
import re
import stat
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from tamis.cleaners.errors import SkipDocument, StopRun
from tamis.cleaners.records import MissingBody, RawDocument, Reason, Rejection
from tamis.flows.reading import jsonl

CHUNK = 1024 * 1024
SNIFFED = 4096
GZIP_MAGIC = b"\x1f\x8b"
JSON_LINES = "application/x-ndjson"
JSON = "application/json"
SUFFIXES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    ".jsonl": JSON_LINES,
    ".ndjson": JSON_LINES,
}
# In a folder of documents these are about the folder, not of it; named directly, each is read.
ABOUT = re.compile(r"(readme|licen[cs]e|changelog)(\..*)?|.*\.(toml|opml|py)", re.IGNORECASE)
HTML_SIGNS = (b"<!doctype html", b"<html", b"<head", b"<body")
JSON_OBJECT = re.compile(rb'\{[ \t]*"[^"\n]{1,64}"[ \t]*:')
# JSON may write one byte of text as six (\u00e9).
JSON_GROWTH = 6


@dataclass(frozen=True, slots=True)
class Unread:
    """What stands for a document that could not be read (a bad line is kept whole), with the reason."""

    raw: RawDocument
    rejection: Rejection


Item = RawDocument | Unread


def check(paths: Iterable[Path]) -> None:
    """Raises StopRun naming every path that does not exist, before any work starts."""
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise StopRun(f"no such file or folder: {', '.join(missing)}; check the spelling")


def read(paths: Iterable[Path], max_bytes: int, settled: float = math.inf) -> Iterator[Item]:
    """Each document under ``paths``, in a stable order; what cannot be read comes as ``Unread`` in its place.

    Folders are walked recursively in the order of their names; hidden files and folders, and files about the
    folder (README, licence, TOML, OPML, Python), are left out.
    Documents larger than ``max_bytes`` are not read into memory. Files that changed after ``settled`` (seconds
    since the epoch) are left out: they may still be being written.
    """
    for path in files(paths):
        if settled == math.inf or _changed(path) <= settled:
            yield from read_file(path, max_bytes)


def files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files under ``paths``: those named, and those of folders in order, as ``read`` says."""
    for path in paths:
        if path.is_dir():
            yield from _walk(path, frozenset())
        else:
            yield path


def read_file(path: Path, max_bytes: int) -> Iterator[Item]:
    """The documents of one file, which may be gzipped: one, or one a line of JSON Lines."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            yield _unopened(path, "not a regular file; give files or folders")
            return
        with path.open("rb") as stream:
            packed = _peek(stream).startswith(GZIP_MAGIC)
            yield from (_unpacked(path, stream, max_bytes) if packed else _plain(path, stream, path.name, max_bytes))
    except OSError as error:
        yield _unopened(path, f"{error.strerror or error}; make the file readable and run again")


def read_stream(stream: BinaryIO, source: str, max_bytes: int) -> Item:
    """The one document that a stream such as standard input holds, its media type sniffed."""
    body = stream.read(max_bytes + 1)
    if len(body) <= max_bytes:
        return RawDocument(body=body, source=source, media_type=media_type("", body[:SNIFFED]))
    digest, size = hashlib.sha256(body), len(body)
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return _missing(source, digest.hexdigest(), size, Reason.TOO_LARGE, _too_large(size, max_bytes))


def read_lines(stream: BinaryIO, source: str, max_bytes: int) -> Iterator[Item]:
    """The documents of JSON Lines; a line without an id is known by its number (``L12``)."""
    for line in jsonl.lines(stream, max_bytes * JSON_GROWTH):
        yield read_line(line, source, max_bytes, default_id=f"L{line.number}")[1]


def read_line(
    line: jsonl.Line, source: str, max_bytes: int, default_id: str | None = None
) -> tuple[jsonl.Identity | None, Item]:
    """The id of one line of JSON Lines (None where it has none) and its document, or why there is none."""
    place, at = f"{source}#L{line.number}", f"line {line.number}"
    if line.body is None:
        detail = f"{at}: {_too_large(line.size, max_bytes * JSON_GROWTH)}"
        return None, _missing(place, line.digest, line.size, Reason.LINE_TOO_LONG, detail)
    try:
        identity, raw = jsonl.record(line.body, source, default_id)
    except SkipDocument as error:
        kept = RawDocument(body=line.body, source=place, media_type=JSON)
        return jsonl.identity_of(line.body), _unread(kept, error.reason, f"{at}: {error.detail}")
    size = len(raw.body)
    if size <= max_bytes:
        return identity, raw
    detail = f"{at}: {_too_large(size, max_bytes)}"
    return identity, _missing(raw.source, raw.key, size, Reason.TOO_LARGE, detail)


def media_type(name: str, head: bytes) -> str:
    """What a file holds, by its suffix where that is certain, otherwise by how it begins."""
    suffix = Path(name).suffix.lower()
    if suffix in SUFFIXES:
        return SUFFIXES[suffix]
    # UTF-16 shows its ASCII with NUL bytes between.
    start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if start.startswith(b"<") and any(sign in start for sign in HTML_SIGNS):
        return "text/html"
    if JSON_OBJECT.match(start):
        return JSON_LINES
    return JSON if suffix == ".json" else "text/plain"


def _walk(folder: Path, above: frozenset[tuple[int, int]]) -> Iterator[Path]:
    """The files of a folder in order; ``above`` are the folders around it, so that a loop of links ends."""
    try:
        here = folder.stat()
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        yield folder  # opening it as a file then tells why it cannot be read
        return
    if (here.st_dev, here.st_ino) in above:
        return
    for entry in entries:
        if entry.name.startswith(".") or ABOUT.fullmatch(entry.name):
            continue
        if entry.is_dir():
            yield from _walk(Path(entry.path), above | {(here.st_dev, here.st_ino)})
        else:
            yield Path(entry.path)


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return -math.inf  # reading it then tells what is wrong with it


def _unpacked(path: Path, stream: BinaryIO, max_bytes: int) -> Iterator[Item]:
    """The documents of a gzip file; ``GzipFile`` inflates what is asked for, so a bomb stays small."""
    try:
        with gzip.GzipFile(fileobj=stream) as inflated:
            buffered = io.BufferedReader(cast(io.RawIOBase, inflated))
            yield from _plain(path, cast(BinaryIO, buffered), path.name.removesuffix(".gz"), max_bytes)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        yield _refuse(path, Reason.UNREADABLE, f"a damaged gzip file ({error}); fetch it again")


def _plain(path: Path, stream: BinaryIO, name: str, max_bytes: int) -> Iterator[Item]:
    kind = media_type(name, _peek(stream))
    if kind == JSON_LINES:
        yield from read_lines(stream, str(path), max_bytes)
        return
    body = stream.read(max_bytes + 1)
    if len(body) > max_bytes:
        yield _refuse(path, Reason.TOO_LARGE, _too_large(None, max_bytes))
    elif kind == JSON:
        detail = "one JSON document, not one object a line; rewrite it with: jq -c . (or jq -c .[] for a list)"
        yield _refuse(path, Reason.BAD_RECORD, detail)
    else:
        yield RawDocument(body=body, source=str(path), media_type=kind)


def _peek(stream: BinaryIO) -> bytes:
    return cast(io.BufferedReader, stream).peek(SNIFFED)[:SNIFFED]


def _refuse(path: Path, reason: Reason, detail: str) -> Unread:
    """A file left where it is, known by the SHA-256 of its bytes, which are hashed in chunks."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
        size = stream.tell()
    digest.update(b"\0")  # as the key of a document without an address ends
    return _missing(str(path), digest.hexdigest(), size, reason, detail)


def _unopened(path: Path, detail: str) -> Unread:
    """A file that cannot even be hashed: known by its path."""
    key = hashlib.sha256(os.fsencode(path)).hexdigest()
    return _missing(str(path), key, None, Reason.UNREADABLE, detail)


def _missing(source: str, key: str, size: int | None, reason: Reason, detail: str) -> Unread:
    return _unread(RawDocument(body=b"", source=source, missing=MissingBody(key, size)), reason, detail)


def _unread(raw: RawDocument, reason: Reason, detail: str) -> Unread:
    return Unread(raw, Rejection(raw.key, reason, detail))


def _too_large(size: int | None, limit: int) -> str:
    found = f"{size:,} bytes" if size is not None else "too large"
    return f"{found}, the limit is {limit:,} bytes; split it into documents (it was left as it is)"
