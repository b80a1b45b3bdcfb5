"""A PostgreSQL server for the tests: the one that TAMIS_TEST_POSTGRES names, else a temporary one of this machine's."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from tamis.warehouse.address import Lake, parse
from tamis.warehouse.lake import ducklake

NAMED = "TAMIS_TEST_POSTGRES"
NONE = f"no PostgreSQL: set {NAMED} to a connection string ('host=… user=…'), or install initdb and postgres"


class Missing(Exception):
    """There is no server and nothing to start one from."""


@contextmanager
def server() -> Iterator[str]:
    """The connection string of a server, without a database. Raises Missing."""
    named = os.environ.get(NAMED)
    if named:
        yield named
        return
    binaries = _binaries()
    if binaries is None:
        raise Missing(NONE)
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as name:
        yield from _temporary(binaries, Path(name))


@contextmanager
def fresh(postgres: str, data: Path | str) -> Iterator[Lake]:
    """The address of a lake that is not there yet, in a database of its own."""
    database = f"tamis_{uuid.uuid4().hex[:12]}"
    _administer(postgres, f"CREATE DATABASE {database}")
    try:
        made = parse(f"ducklake:postgres:{postgres} dbname={database}?data={data}")
        assert isinstance(made, Lake)
        yield made
    finally:
        _administer(postgres, f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


def plain(address: Lake) -> duckdb.DuckDBPyConnection:
    """A client that knows nothing of tamis but the address, may write, and takes no turn."""
    con = ducklake._connect(address)
    con.execute(f"ATTACH 'ducklake:postgres:{address.catalog}' AS warehouse")
    con.execute("USE warehouse")
    return con


def _administer(postgres: str, statement: str) -> None:
    con = ducklake._connect(Lake(postgres))
    try:
        con.execute(f"ATTACH '{postgres} dbname=postgres' AS server (TYPE postgres)")
        con.execute(f"CALL postgres_execute('server', '{statement}', use_transaction => false)")
    finally:
        con.close()


def _binaries() -> Path | None:
    found = [Path(which).resolve() for which in [shutil.which("postgres")] if which]
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), reverse=True)
    return next((file.parent for file in [*found, *installed] if (file.parent / "initdb").exists()), None)


def _temporary(binaries: Path, home: Path) -> Iterator[str]:
    # PostgreSQL refuses to run as root.
    user = _somebody() if os.getuid() == 0 else None
    if user:
        shutil.chown(home, user)
    running = {"user": user, "group": None, "extra_groups": [] if user else None, "cwd": home}
    subprocess.run(
        [binaries / "initdb", "-D", home / "data", "-A", "trust", "-U", "tamis", "--no-sync", "-E", "UTF8"],
        check=True, stdout=subprocess.DEVNULL, **running,
    )  # fmt: skip
    settings = [f"unix_socket_directories={home}", "listen_addresses=", "fsync=off"]
    options = [word for setting in settings for word in ("-c", setting)]
    with (home / "log").open("wb") as log:
        child = subprocess.Popen([binaries / "postgres", "-D", home / "data", *options], stderr=log, **running)
    try:
        socket = home / ".s.PGSQL.5432"
        for _ in range(600):
            if socket.exists() and child.poll() is None and b"ready to accept" in (home / "log").read_bytes():
                break
            time.sleep(0.1)
        yield f"host={home} user=tamis"
    finally:
        child.terminate()
        child.wait()


def _somebody() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)
