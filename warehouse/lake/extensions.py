"""DuckDB's extensions as pip installs them: found beside the program, loaded by path, never downloaded."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import duckdb

from tamis.cleaners.errors import StopRun
from tamis.warehouse.lake.literals import quoted

_signed: set[Path] = set()


def connect(*names: str, config: dict[str, str | bool | int | float | list[str]]) -> duckdb.DuckDBPyConnection:
    """A connection to no database yet with the extensions ``names`` loaded, in their order.

    DuckDB checks the signature of each, which takes 0.15 s: once in a process is enough. Raises StopRun with the
    remedy where one is not installed for this DuckDB.
    """
    files = [find(name) for name in names]
    unsigned = {"allow_unsigned_extensions": "true"} if _signed.issuperset(files) else {}
    con = duckdb.connect(config={**config, **unsigned})
    try:
        con.execute("SET enable_progress_bar = false")  # it would go to standard output
        for file in files:
            con.execute(f"LOAD {quoted(str(file))}")
    except BaseException:
        con.close()
        raise
    _signed.update(files)
    return con


def find(name: str) -> Path:
    """The file of an extension. Raises StopRun with the remedy where it is not installed for this DuckDB."""
    found = importlib.util.find_spec(f"duckdb_extension_{name}")
    for folder in (found and found.submodule_search_locations) or []:
        file = Path(folder, "extensions", f"v{duckdb.__version__}", f"{name}.duckdb_extension")
        if file.is_file():
            return file
    raise StopRun(
        f"a lake needs DuckDB 1.5.5 with its extension {name}; here is DuckDB {duckdb.__version__} without it. Install"
        " the extra in an environment of its own: pip install 'tamis[lake]', or in a clone of tamis: make setup-lake"
    )
