"""The command ``tamis``: one small module a verb, results on standard output, telling exit codes."""

from __future__ import annotations

import errno
import functools
import logging
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from typing import Annotated, ParamSpec

import typer
from typer.exceptions import TyperException

from tamis.cleaners import __version__
from tamis.cleaners.errors import RetryLater, StopRun
from tamis.flows.cli import (
    clean,
    console,
    correct,
    decide,
    dedup,
    doctor,
    documents,
    export,
    fetch,
    ingest,
    publish,
    reclean,
    search,
    show,
    site,
    sources,
    sql,
    status,
    topic,
    watch,
    why,
)

Arguments = ParamSpec("Arguments")
_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG)

VERBS: tuple[Callable[..., None], ...] = (
    ingest.ingest,
    clean.clean,
    dedup.dedup,
    show.show,
    why.why,
    documents.list,
    documents.rejected,
    search.search,
    sql.sql,
    status.status,
    watch.watch,
    fetch.fetch,
    publish.publish,
    doctor.doctor,
    reclean.reclean,
    decide.keep,
    decide.drop,
    correct.accept,
    correct.title,
    decide.undo,
    export.export,
    site.site,
)


def answering(verb: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """The verb, with errors that are raised on purpose turned into one message and an exit code."""

    @functools.wraps(verb)
    def answered(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        try:
            verb(*args, **kwargs)
            sys.stdout.flush()
        except StopRun as error:
            console.log(str(error))
            raise typer.Exit(console.WRONG_USAGE) from error
        except RetryLater as error:
            console.log(str(error))
            raise typer.Exit(console.BUSY) from error
        except KeyboardInterrupt:
            console.log("interrupted; the same command does what is left")
            os._exit(console.INTERRUPTED)  # at once: whatever threads still do may be cut off at any point
        except BrokenPipeError as error:
            # Nobody reads on: what is still buffered has nowhere to go, and that is no failure of ours.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(console.NOBODY_READS) from error
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            console.log(f"{place}{error.strerror or error}; mend that (space, rights, path) and run again")
            raise typer.Exit(console.IO_ERROR if error.errno in _DISK else console.WRONG_USAGE) from error
        except (typer.Exit, typer.Abort, TyperException):
            raise
        except Exception as error:
            console.log(f"this is a fault of tamis: {type(error).__name__}: {error}; what was committed is safe")
            console.log(
                f"the whole traceback is in {_kept(traceback.format_exc())}; please report it (CONTRIBUTING.md)"
            )
            raise typer.Exit(console.CRASH) from error

    return answered


def _kept(told: str) -> str:
    """The name of a file of its own that holds what was told, for nobody else to read."""
    handle, name = tempfile.mkstemp(prefix="tamis-fault-", suffix=".txt")
    with open(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(told)
    return name


app = typer.Typer(
    name="tamis",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    epilog=(
        "Exit codes: 0 fine, 1 some documents were rejected or problems found, 2 wrong usage, 70 a fault of tamis,"
        " 74 disk full or broken, 75 busy, try again."
    ),
)


def print_version(wanted: bool) -> None:
    """Print the version and end, if it is wanted."""
    if wanted:
        console.emit(f"tamis {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Turn messy press pages into a clean, queryable corpus, and keep on record what was removed."""


for _verb in VERBS:
    app.command()(answering(_verb))

_topic = typer.Typer(help=topic.HELP, no_args_is_help=True)
for _verb in topic.VERBS:
    _topic.command()(answering(_verb))
app.add_typer(_topic, name="topic")

_sources = typer.Typer(help=sources.HELP, no_args_is_help=True)
for _name, _verb in sources.VERBS.items():
    _sources.command(_name)(answering(_verb))
app.add_typer(_sources, name="sources")


def main() -> None:
    """Run the command ``tamis``."""
    log = logging.getLogger("tamis.warehouse")  # tells whom a command waits for
    log.addHandler(logging.StreamHandler())
    log.handlers[-1].setFormatter(logging.Formatter("tamis: %(message)s"))
    app(prog_name="tamis")
