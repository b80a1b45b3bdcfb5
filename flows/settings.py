"""The settings of a run: flags win over the environment, that over a TOML file, that over the defaults."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from cleaners.errors import StopRun

PREFIX = "TAMIS_"
CONFIG = "TAMIS_CONFIG"
DEFAULT_FILE = "tamis.toml"
MEBIBYTE = 1024 * 1024


class Settings(BaseSettings):
    """Every setting, with its default; ``load`` reads them, the descriptions are shown to the user."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True)

    warehouse: Annotated[Path, AfterValidator(Path.expanduser)] = Field(
        Path("data/tamis.duckdb"), description="the DuckDB file that documents are loaded into"
    )
    batch_size: int = Field(500, ge=1, le=100_000, description="how many documents are cleaned as one batch")
    workers: int = Field(1, ge=1, le=64, description="how many batches are cleaned at the same time")
    task_runner: Literal["threads", "processes"] = Field(
        "threads", description="what runs the batches of the Prefect flow"
    )
    max_bytes: int = Field(
        5 * MEBIBYTE, ge=1024, le=5 * MEBIBYTE, description="the largest document that is read, in bytes"
    )
    document_seconds: float = Field(
        60.0, ge=1, le=3600, description="the longest that cleaning one document may take, in seconds"
    )
    memory_mb: int = Field(
        2048, ge=256, le=1024 * 1024, description="the most memory one cleaning process may use, in MiB"
    )


def load(flags: Mapping[str, object] | None = None) -> Settings:
    """The settings in force, from ``flags`` (None values are flags not given), environment and TOML file.

    Raises StopRun naming every wrong setting at once, each with where it was set and what it may be.
    """
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    file, filed = _read_file()
    # A variable of another program may begin alike; one that nearly is a setting is a slip.
    wrong = [_unknown(_variable(name), name) for name in _variables() if _nearest(name) not in (None, name)]
    wrong += [_unknown(f"{file}: {name}", name) for name in filed if name not in Settings.model_fields]
    known = {name: value for name, value in filed.items() if name in Settings.model_fields}
    from_environment = {name for name, value in _variables().items() if value}
    layered: dict[str, Any] = {**{n: v for n, v in known.items() if n not in from_environment}, **given}
    try:
        settings = Settings(**layered)
    except ValidationError as error:
        origin = origins(given)
        wrong += [_invalid(origin, dict(problem)) for problem in error.errors()]
    if wrong:
        raise StopRun("wrong settings:\n" + "\n".join(f"  - {line}" for line in wrong))
    return settings


def origins(flags: Mapping[str, object] | None = None) -> dict[str, str]:
    """Where each setting in force was set: a flag, a variable, a file, or ``default``."""
    given = {name for name, value in (flags or {}).items() if value is not None}
    file, filed = _read_file()
    layers = [
        {name: f"--{name.replace('_', '-')}" for name in given},
        {name: _variable(name) for name, value in _variables().items() if value},
        {name: f"{file}: {name}" for name in filed},
    ]
    return {name: next((layer[name] for layer in layers if name in layer), "default") for name in Settings.model_fields}


def _variables() -> dict[str, str]:
    names = [name for name in os.environ if name.startswith(PREFIX) and name != CONFIG]
    return {name.removeprefix(PREFIX).lower(): os.environ[name] for name in names}


def _variable(name: str) -> str:
    return PREFIX + name.upper()


def _read_file() -> tuple[Path, dict[str, Any]]:
    """The TOML file in force and its values; a relative path in it is taken from the file's own folder."""
    named = os.environ.get(CONFIG)
    file = Path(named or DEFAULT_FILE)
    if not file.exists():
        if named:
            raise StopRun(f"{CONFIG}={named}: there is no such file; correct the variable or unset it")
        return file, {}
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise StopRun(f"{file}: cannot be read as TOML ({error}); correct it or move it away") from error
    if isinstance(values.get("warehouse"), str):
        values["warehouse"] = file.parent / Path(values["warehouse"]).expanduser()
    return file, values


def _nearest(name: str) -> str | None:
    """The setting that ``name`` is or may be meant for."""
    return next(iter(difflib.get_close_matches(name, Settings.model_fields, n=1)), None)


def _unknown(where: str, name: str) -> str:
    near = _nearest(name)
    meant = f"did you mean {near}? " if near else ""
    return f"{where}: no such setting; {meant}valid are {', '.join(Settings.model_fields)}"


def _invalid(origin: Mapping[str, str], problem: Mapping[str, Any]) -> str:
    name = str(problem["loc"][0])
    message = problem["msg"][0].lower() + problem["msg"][1:]
    field = Settings.model_fields[name]
    where = f"{origin[name]} = {problem['input']!r}"
    return f"{where}: {message}; it is {field.description} (default {field.default})"
