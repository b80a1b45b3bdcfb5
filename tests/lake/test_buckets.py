"""A lake whose data is in an object store: a local one that moto plays, where it is installed."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from tamis.cleaners.errors import StopRun
from tamis.warehouse.address import Lake
from tamis.warehouse.connection import open_reader, open_writer
from tests.lake.server import fresh
from tests.warehouse import press


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket, with the variables set that lead to it."""
    moto: Any = pytest.importorskip("moto.server", reason="no object store: pip install 'moto[server]'")
    server = moto.ThreadedMotoServer(port=0)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {"ENDPOINT_URL": f"http://{host}:{port}", "REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    urllib.request.urlopen(urllib.request.Request(f"http://{host}:{port}/press", method="PUT")).close()
    yield "s3://press/corpus"
    server.stop()


@pytest.fixture
def address(postgres: str, store: str) -> Iterator[Lake]:
    with fresh(postgres, store) as made:
        yield made


def test_without_credentials_the_variables_are_named(address: Lake) -> None:
    message = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    with pytest.raises(StopRun, match=message), open_writer(address):
        pass


def test_a_lake_in_a_bucket_is_a_lake(address: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "press")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "geheim")
    pages = [press.page(press.prose(1), f"{n}.txt") for n in range(30)]
    press.load(address, pages)
    with open_reader(Lake(address.catalog)) as con:
        assert con.execute("SELECT count(*) FROM documents").fetchall() == [(30,)]
        files = con.execute("SELECT data_file FROM ducklake_list_files('warehouse', 'documents')").fetchall()
        assert all(str(file).startswith("s3://press/corpus/") for (file,) in files)
        assert files
        with pytest.raises(duckdb.Error):
            con.execute("COPY (SELECT 1) TO 's3://press/elsewhere.csv'")
        assert "geheim" not in str(con.execute("FROM duckdb_secrets()").fetchall())
