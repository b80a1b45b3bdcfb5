"""The settings of a run: flags win over the environment, that over a TOML file, that over the defaults."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from tamis.cleaners.errors import StopRun
from tamis.warehouse import address
from tamis.warehouse.address import Address

if TYPE_CHECKING:
    from tamis.flows.fetching.settings import FetchSettings

PREFIX = "TAMIS_"
CONFIG = "TAMIS_CONFIG"
DEFAULT_FILE = "tamis.toml"
MEBIBYTE = 1024 * 1024
SPARE_FROM = 4


def usable_workers() -> int:
    """One worker for each processor that this process may use; from four up, one processor stays free.

    No more than find room in memory, at 2 GiB each.
    """
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    wanted = processors - 1 if processors >= SPARE_FROM else processors
    return max(1, min(wanted, memory // (2048 * MEBIBYTE), 64))


class Settings(BaseSettings):
    """Every setting, with its default; ``load`` reads them, the descriptions are shown to the user."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True)

    warehouse: Annotated[Address, BeforeValidator(address.parse)] = Field(
        Path("data/tamis.duckdb"),
        description="the DuckDB file that documents are loaded into, or the address of a lake",
    )
    batch_size: int = Field(500, ge=1, le=100_000, description="how many documents are cleaned as one batch")
    workers: int = Field(
        default_factory=usable_workers,
        ge=1,
        le=64,
        description="how many batches are cleaned at the same time; by default one for each processor",
    )
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
    contact: str = Field("", description="your mail address or a page about you, for the sites that pages come from")
    pages_per_run: int = Field(200, ge=1, le=100_000, description="how many pages a run of watch fetches at most")
    delay_seconds: float = Field(1.0, ge=0, le=3600, description="the least pause between two requests to one host")
    fetch_seconds: float = Field(30.0, ge=0.1, le=600, description="the longest that one request may take")
    obey_reservations: bool = Field(
        default=True, description="whether pages whose rights to text and data mining are reserved are left alone"
    )
    allow: str = Field(
        "", description="private places that may be fetched from, by commas: host:port or a network (10.1.0.0/16)"
    )
    proxy: str | None = Field(None, description="the address of a proxy to fetch through")
    ca_file: Annotated[Path | None, AfterValidator(lambda path: path and path.expanduser())] = Field(
        None, description="a file with more certificates to trust"
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


def fetching(settings: Settings) -> FetchSettings:
    """How the client of ``flows.fetching`` is to behave; it refuses what is wrong when it is opened."""
    from tamis.flows.fetching.settings import FetchSettings  # noqa: PLC0415 - most verbs never fetch

    return FetchSettings(
        contact=settings.contact,
        seconds=settings.fetch_seconds,
        max_bytes=settings.max_bytes,
        delay=settings.delay_seconds,
        obey_reservations=settings.obey_reservations,
        allow=tuple(place.strip() for place in settings.allow.split(",") if place.strip()),
        proxy=settings.proxy,
        ca_file=settings.ca_file,
    )


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
    if isinstance(values.get("warehouse"), str) and not address.is_lake(values["warehouse"]):
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
