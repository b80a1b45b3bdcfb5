"""Where a warehouse lies: a DuckDB file by its path, or a lake by its address.

    ducklake:postgres:dbname=tamis host=db user=press?data=/shared/tamis

A lake is a catalog in PostgreSQL, named by a connection string of libpq (keywords or a ``postgresql://`` address),
and a folder or object store of Parquet files. ``data`` is needed once, to make the lake: its catalog keeps it.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tamis.cleaners.errors import StopRun

SCHEME = "ducklake:"
FORM = "ducklake:postgres:dbname=NAME host=HOST?data=/shared/folder"
_POSTGRES = SCHEME + "postgres:"
_DATA = re.compile(r"[?&]data=(?P<data>.*)$", re.DOTALL)
_SECRET = re.compile(r"(?P<key>password\s*=\s*)(?:'(?:\\.|[^'\\])*'|\S+)|(?P<user>//[^/\s:@]*:)[^/\s@]*(?=@)")


@dataclass(frozen=True, slots=True, repr=False)
class Lake:
    """A lake: the connection string of its catalog, and where its data goes (None: as the catalog has it)."""

    catalog: str
    data: str | None = None

    def __str__(self) -> str:
        """The address with the password hidden, fit for messages and logs."""
        return hide_secrets(_POSTGRES + self.catalog) + (f"?data={self.data}" if self.data else "")

    __repr__ = __str__

    @property
    def name(self) -> str:
        """A short stable name for what is kept of this lake on this machine."""
        return hashlib.sha256(self.catalog.encode()).hexdigest()[:12]


Address = Path | Lake


def is_lake(text: object) -> bool:
    """Whether ``text`` is meant as the address of a lake."""
    return isinstance(text, Lake) or str(text).startswith(SCHEME)


def parse(text: str | Address) -> Address:
    """The address that a person wrote: of a lake where it begins with ``ducklake:``, else the path of a file.

    Raises StopRun for a lake that is not in PostgreSQL, that has no catalog, or whose data would not be found
    from another machine.
    """
    if isinstance(text, Lake):
        return text
    if not is_lake(text):
        return Path(text).expanduser()
    said = str(text)
    if not said.startswith(_POSTGRES):
        raise StopRun(f"{hide_secrets(said)}: a lake has its catalog in PostgreSQL; write {FORM}")
    catalog = said.removeprefix(_POSTGRES)
    named = _DATA.search(catalog)
    data = named["data"].rstrip("/") if named else None
    lake = Lake(catalog[: named.start()] if named else catalog, data)
    if not lake.catalog.strip():
        raise StopRun(f"{lake}: it names no database; write {FORM}")
    if data is not None and not data.startswith(("/", "s3://")):
        raise StopRun(f"{lake}: data must be a folder from / on, or s3://bucket/folder: every machine must find it")
    return lake


def hide_secrets(text: str) -> str:
    """``text`` with the passwords of connection strings in it replaced by stars."""
    return _SECRET.sub(lambda found: (found["key"] or found["user"]) + "***", text)


def workplace(address: Address) -> Path:
    """The folder on this machine for what a run stages: beside a file; for a lake where TMPDIR says."""
    if isinstance(address, Lake):
        return Path(tempfile.gettempdir(), f"tamis-{os.getuid()}", address.name)
    return address.with_name(f".{address.name}.staging")
