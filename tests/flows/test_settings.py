"""Flags win over the environment, that over the file, that over the defaults; all that is wrong is said at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tamis.cleaners.errors import StopRun
from tamis.flows import settings


@pytest.fixture(autouse=True)
def somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in settings.Settings.model_fields:
        monkeypatch.delenv(f"TAMIS_{name.upper()}", raising=False)
    monkeypatch.delenv("TAMIS_CONFIG", raising=False)
    return tmp_path


@pytest.mark.parametrize(
    ("flag", "variable", "file", "value", "origin"),
    [
        (None, None, None, 500, "default"),
        (None, None, 10, 10, "tamis.toml: batch_size"),
        (None, "20", 10, 20, "TAMIS_BATCH_SIZE"),
        (30, "20", 10, 30, "--batch-size"),
        (30, None, 10, 30, "--batch-size"),
        (None, "", 10, 10, "tamis.toml: batch_size"),
    ],
)
def test_precedence(
    flag: int | None,
    variable: str | None,
    file: int | None,
    value: int,
    origin: str,
    somewhere: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if file is not None:
        (somewhere / "tamis.toml").write_text(f"batch_size = {file}\n")
    if variable is not None:
        monkeypatch.setenv("TAMIS_BATCH_SIZE", variable)
    assert settings.load({"batch_size": flag}).batch_size == value
    assert settings.origins({"batch_size": flag})["batch_size"] == origin


def test_everything_wrong_is_named_at_once(somewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (somewhere / "tamis.toml").write_text('warehuose = "x"\nmemory_mb = 1\n')
    monkeypatch.setenv("TAMIS_BATCH_SIZE", "many")
    monkeypatch.setenv("TAMIS_WORKRES", "2")
    with pytest.raises(StopRun) as error:
        settings.load({"workers": 0})
    for named in (
        "tamis.toml: warehuose: no such setting; did you mean warehouse?",
        "tamis.toml: memory_mb = 1",
        "TAMIS_BATCH_SIZE = 'many'",
        "TAMIS_WORKRES: no such setting; did you mean workers?",
        "--workers = 0",
    ):
        assert named in str(error.value)


def test_variables_of_other_programs_are_none_of_our_business(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAMIS_SHARED", "/elsewhere")
    assert settings.load().workers == settings.usable_workers()


@pytest.mark.parametrize(("content", "named"), [("batch_size = ", "TOML"), ("\udcff", "TOML")])
def test_a_broken_file_is_named(content: str, named: str, somewhere: Path) -> None:
    (somewhere / "tamis.toml").write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(StopRun, match=rf"tamis\.toml.*{named}"):
        settings.load()


def test_a_named_file_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAMIS_CONFIG", "nowhere.toml")
    with pytest.raises(StopRun, match=r"TAMIS_CONFIG=nowhere\.toml"):
        settings.load()


def test_paths_in_a_file_are_taken_from_its_folder(somewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (somewhere / "project").mkdir()
    (somewhere / "project" / "mine.toml").write_text('warehouse = "corpus.duckdb"\n')
    monkeypatch.setenv("TAMIS_CONFIG", "project/mine.toml")
    assert settings.load().warehouse == Path("project/corpus.duckdb")


def test_workers_are_as_many_as_there_are_processors_to_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings.os, "sysconf", lambda name: {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 6 << 20}[name])
    for processors, workers in ((1, 1), (2, 2), (3, 3), (4, 3), (8, 7), (64, 12)):  # 24 GiB: a dozen at 2 GiB each
        monkeypatch.setattr(settings.os, "sched_getaffinity", lambda _, count=processors: set(range(count)))
        assert settings.load().workers == workers
