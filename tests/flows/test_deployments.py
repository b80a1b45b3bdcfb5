"""The deployments work by the commands of flows/README.md: server, pool, deploy, worker, run, and on schedule."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.flows.conftest import ROOT, tables

README = ROOT / "flows" / "README.md"
SERVER = "prefect server start"
POOL = "prefect --no-prompt work-pool create local --type process"
DEPLOY = "prefect --no-prompt deploy --all"
WORKER = "prefect worker start --pool local"
RUN_SEEDS = "prefect deployment run 'ingest/ingest-seeds' --watch"
RUN_INBOX = "prefect deployment run 'ingest/ingest-inbox' --watch"
WAIT_SECONDS = 240


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the repository that may be written to."""
    for name in ("flows", "cleaners", "warehouse", "seeds", "prefect.yaml", "pyproject.toml"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    (tmp_path / "data" / "inbox").mkdir(parents=True)
    return tmp_path


@pytest.fixture
def environment(environment: dict[str, str], project: Path) -> dict[str, str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return {
        **environment,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}",
        "PYTHONPATH": str(project),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_API_PORT": str(port),
        "PWD": "/nowhere",  # whoever starts a command may not keep it right
    }


@contextmanager
def running(command: str, project: Path, environment: dict[str, str]) -> Iterator[None]:
    with (project / "log").open("ab") as log:
        process = subprocess.Popen(
            shlex.split(command), cwd=project, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def done(command: str, project: Path, environment: dict[str, str]) -> str:
    result = called(command, project, environment)
    # One run of a deployment at a time: the one that is due every ten minutes may be at it, and this one is cancelled.
    for _ in range(10):
        if "Cancelled" not in result.stdout:
            break
        time.sleep(10)
        result = called(command, project, environment)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def called(command: str, project: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        shlex.split(command),
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        timeout=WAIT_SECONDS,
        check=False,
    )


def until_it_answers(url: str) -> None:
    for _ in range(WAIT_SECONDS):
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(1)
        else:
            return
    pytest.fail(f"{url} does not answer")


def scheduled(url: str) -> list[dict[str, Any]]:
    asked = {
        "deployments": {"name": {"any_": ["ingest-inbox"]}},
        "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
    }
    request = urllib.request.Request(
        f"{url}/flow_runs/filter", json.dumps(asked).encode(), {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        found: list[dict[str, Any]] = json.load(answer)
    return found


@pytest.mark.gate
@pytest.mark.prefect
def test_deployed_run_ad_hoc_and_scheduled(project: Path, environment: dict[str, str]) -> None:
    readme = README.read_text()
    assert [c for c in (SERVER, POOL, DEPLOY, WORKER, RUN_SEEDS, RUN_INBOX) if c not in readme] == []
    url = environment["PREFECT_API_URL"]
    with running(SERVER, project, environment):
        until_it_answers(f"{url}/health")
        done(POOL, project, environment)
        deployed = done(DEPLOY, project, environment)
        assert "ingest/ingest-seeds" in deployed
        with running(WORKER, project, environment):
            done(RUN_SEEDS, project, environment)
            assert len(tables(project / "data" / "tamis.duckdb")["documents"]) == 5
            (project / "data" / "inbox" / "port.txt").write_text("Un port rouvre ses quais après la longue tempête.")
            os.utime(project / "data" / "inbox" / "port.txt", (1_000_000_000,) * 2)
            done(RUN_INBOX, project, environment)
            assert len(tables(project / "data" / "tamis.duckdb")["raw_documents"]) == 6
        for _ in range(WAIT_SECONDS):
            if scheduled(url):
                break
            time.sleep(1)
        assert scheduled(url), "no scheduled run was created"
