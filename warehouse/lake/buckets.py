"""The data of a lake in an object store: credentials from the environment, by the names that every S3 tool knows."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

import duckdb

from tamis.cleaners.errors import StopRun
from tamis.warehouse.lake.literals import quoted

SCHEME = "s3://"
_KEYS = {
    "KEY_ID": "AWS_ACCESS_KEY_ID",
    "SECRET": "AWS_SECRET_ACCESS_KEY",
    "SESSION_TOKEN": "AWS_SESSION_TOKEN",
    "REGION": "AWS_REGION",
}
_NEEDED = ("KEY_ID", "SECRET")


def log_in(con: duckdb.DuckDBPyConnection, data: str) -> None:
    """Lets ``con`` read and write below ``data`` (s3://bucket/folder).

    AWS_ENDPOINT_URL names a store that is not Amazon's. Raises StopRun naming the variables that are missing.
    """
    known = {option: os.environ.get(variable, "") for option, variable in _KEYS.items()}
    missing = [_KEYS[option] for option in _NEEDED if not known[option]]
    if missing:
        raise StopRun(f"the lake's data is in {data}; to reach it, set {' and '.join(missing)}")
    said = [f"{option} {quoted(value)}" for option, value in known.items() if value]
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    if endpoint:
        parts = urlsplit(endpoint)
        said += [f"ENDPOINT {quoted(parts.netloc)}", f"USE_SSL {parts.scheme == 'https'}", "URL_STYLE 'path'"]
    con.execute(f"CREATE SECRET (TYPE s3, SCOPE {quoted(data)}, {', '.join(said)})")
