"""What the tests of flows share: a command line as a user has it, articles, and how two warehouses are compared."""

from __future__ import annotations

import io
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pytest

from tamis.warehouse.connection import open_working_reader

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-P", "-c", "from tamis.flows.cli import main; main()"]
ARTICLE = """Le port rouvre après la tempête

Le port de commerce a rouvert mardi matin, trois jours après la tempête qui avait couché deux grues.

Les dockers ont repris le travail à l'aube et les premiers navires ont été déchargés avant midi.

« Nous avons perdu une semaine de trafic », a reconnu la directrice du port, qui attend un bilan complet.
"""
# When a row was written is no part of what it says.
CLOCKS = (
    *("loaded_at", "applied_at", "last_repeated_at", "repeated", "judged_at"),
    *("first_seen", "last_seen", "learnt_at", "until"),
)

Tamis = Callable[..., "subprocess.CompletedProcess[bytes]"]
Tables = dict[str, list[tuple[Any, ...]]]


def article(number: int) -> str:
    """One of many articles that have no sentence in common."""
    words = [f"mot{number}x{place}" for place in range(60)]
    return f"Le titre numéro {number} de la journée\n\n" + " ".join(words[:30]) + ".\n\n" + " ".join(words[30:]) + ".\n"


def untouched(home: Path) -> dict[str, str]:
    """The environment of a user who has set nothing; Prefect would write into ``home``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TAMIS_", "PREFECT_"))}
    return {**kept, "PYTHONPATH": str(ROOT), "DO_NOT_TRACK": "1", "PREFECT_HOME": str(home / "prefect")}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The environment of a user who has set nothing."""
    return untouched(tmp_path)


@pytest.fixture
def tamis(tmp_path: Path, environment: dict[str, str]) -> Tamis:
    """Runs the command in ``tmp_path``, in this process: a process of its own takes one and a half seconds more."""

    def run(*arguments: object, stdin: bytes = b"", **variables: str) -> subprocess.CompletedProcess[bytes]:
        return in_process([str(each) for each in arguments], stdin, tmp_path, {**environment, **variables})

    return run


def in_process(
    arguments: list[str], stdin: bytes, folder: Path, environment: dict[str, str]
) -> subprocess.CompletedProcess[bytes]:
    """What ``main`` does with these arguments, in this folder and environment.

    What only a process shows (signals, broken pipes, the locale, what is imported) is a test with ``tamis_process``.
    """
    from tamis.flows.cli import main  # noqa: PLC0415 - most tests never need the command line

    log = logging.getLogger("tamis.warehouse")
    before = os.environ.copy(), Path.cwd(), sys.argv, (sys.stdin, sys.stdout, sys.stderr), log.handlers[:]
    with ExitStack() as files:
        given, out, err = (files.enter_context(TemporaryFile()) for _ in range(3))
        given.write(stdin)
        given.seek(0)
        streams = [io.TextIOWrapper(each, "utf-8", write_through=True) for each in (given, out, err)]
        code = 0
        try:
            os.environ.clear()
            os.environ.update(environment)
            os.chdir(folder)
            sys.argv = ["tamis", *arguments]
            sys.stdin, sys.stdout, sys.stderr = streams
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        finally:
            os.environ.clear()
            os.environ.update(before[0])
            os.chdir(before[1])
            sys.argv, (sys.stdin, sys.stdout, sys.stderr), log.handlers[:] = before[2:]
            for stream in streams[1:]:
                stream.detach()
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(arguments, code, out.read(), err.read())


@pytest.fixture
def tamis_process(tmp_path: Path, environment: dict[str, str]) -> Tamis:
    """Runs the command in ``tmp_path`` as a process of its own, for what only a process shows."""

    def run(*arguments: object, stdin: bytes = b"", **variables: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [*COMMAND, *map(str, arguments)],
            input=stdin,
            capture_output=True,
            cwd=tmp_path,
            env={**environment, **variables},
            timeout=240,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def server() -> Iterator[None]:
    """A temporary Prefect server; starting one takes 20 seconds, so all tests share it."""
    from prefect.testing.utilities import prefect_test_harness  # noqa: PLC0415 - most tests never need Prefect

    with prefect_test_harness(server_startup_timeout=180):
        yield


# Documents are numbered as they come; which postings are still recent or forgotten says nothing either.
UNNUMBERED = {
    "sketched_documents": "SELECT * EXCLUDE (number) FROM sketched_documents ORDER BY ALL",
    "indexed_documents": "SELECT document, length FROM indexed_documents ORDER BY ALL",
    "postings": (
        "SELECT * EXCLUDE (number) FROM ("
        " SELECT term, unnest(numbers) AS number, unnest(times) AS times, unnest(places) AS places"
        " FROM (FROM postings UNION ALL FROM recent_postings)"
        ") JOIN indexed_documents USING (number) ORDER BY ALL"
    ),
    "recent_postings": "SELECT 1 WHERE false",
    "forgotten_numbers": "SELECT 1 WHERE false",
}


def tables(warehouse: Path) -> Tables:
    """All rows of all tables of a warehouse, published or not, without the clock."""
    with open_working_reader(warehouse) as con:
        names = [name for (name,) in con.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()]
        plain = f"SELECT COLUMNS(lambda c: c NOT IN {CLOCKS}) FROM {{}} ORDER BY ALL"
        return {name: con.execute(UNNUMBERED.get(name, plain.format(name))).fetchall() for name in names}
