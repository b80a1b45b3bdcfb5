"""What the command says and with which exit code it ends when something fails that nobody meant to fail."""

from __future__ import annotations

import errno
import os
import re
import subprocess
from pathlib import Path

import pytest

from tamis.flows import settings
from tests.flows.conftest import ARTICLE, COMMAND, Tamis


def failing(error: BaseException) -> object:
    def load(_: object) -> None:
        raise error

    return load


def test_a_fault_of_tamis_is_told_in_two_lines_and_its_traceback_kept(
    tamis: Tamis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "load", failing(KeyError("odd")))
    done = tamis("status")
    said = done.stderr.decode()
    assert done.returncode == 70
    assert said.splitlines()[0] == "tamis: this is a fault of tamis: KeyError: 'odd'; what was committed is safe"
    kept = Path(re.findall(r"is in (\S+);", said)[0])
    assert "Traceback" in kept.read_text()
    assert kept.stat().st_mode & 0o077 == 0
    kept.unlink()


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, 74), (errno.EIO, 74), (errno.EACCES, 2), (errno.ENOENT, 2)]
)
def test_a_full_or_broken_disk_is_no_wrong_usage(
    number: int, code: int, tamis: Tamis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "load", failing(OSError(number, os.strerror(number), "/disk/w.duckdb")))
    done = tamis("status")
    assert done.returncode == code
    assert done.stderr.decode().startswith(f"tamis: /disk/w.duckdb: {os.strerror(number)}")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_on_standard_output(tmp_path: Path, environment: dict[str, str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, "clean", "-"], input=ARTICLE.encode(), stdout=full, stderr=subprocess.PIPE,
            cwd=tmp_path, env=environment, timeout=120, check=False,
        )  # fmt: skip
    assert done.returncode == 74
    assert done.stderr.decode().splitlines()[0].startswith("tamis: No space left on device")
