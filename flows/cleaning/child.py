"""What runs in the child process of ``flows.cleaning.worker``: work in, what came of it out, until the parent ends."""

from __future__ import annotations

import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from typing import Any

from tamis.cleaners.clean import clean, versions
from tamis.cleaners.dedup import sketch
from tamis.cleaners.errors import SkipDocument, TamisError
from tamis.cleaners.normalise import whole
from tamis.cleaners.records import CleanDocument, RawDocument, Reason, Rejection
from tamis.flows.cleaning.worker import MOST_BYTES, Cleaned, Failure, Outcome

MEBIBYTE = 1024 * 1024
TOO_LONG = f"what came of it is larger than {MOST_BYTES:,} bytes"
FRAMES = 6  # of the traceback of an error, the innermost first
# The first text loads the language models; that is no part of the time that a document may take.
WARM_UP = RawDocument(body=b"The first document takes longer than the ones that come after it.", source="")


def clean_one(raw: RawDocument, *, sketched: bool = True, **known: Any) -> Cleaned:
    """The outcome of one document and the sketch of its text (empty for a rejection, or where none is wanted).

    ``known`` goes to ``clean``. Sketched is the text as it was before blocks that its site repeats were taken out.
    """
    outcome = clean(raw, **known)
    if isinstance(outcome, Rejection) or not sketched:
        return outcome, ()
    return outcome, sketch(outcome.text if outcome.compared_text is None else outcome.compared_text)


def guarded(work: Callable[..., Cleaned], raw: RawDocument, **known: Any) -> Cleaned:
    """``work(raw, **known)``, with whatever it raises made the rejection of this one document."""
    try:
        cleaned = work(raw, **known)
        _check_encodable(cleaned[0])
    except SkipDocument as error:
        return Rejection(raw.key, error.reason, whole(error.detail)), ()
    except Exception as error:
        return Rejection(raw.key, Reason.INTERNAL_ERROR, told(error)), ()
    return cleaned


def told(error: BaseException) -> str:
    """What an error says, with the way to the line that raised it."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    way = " < ".join(f"{os.path.basename(each.filename)}:{each.lineno} {each.name}" for each in reversed(frames))
    return whole(f"{type(error).__name__}: {error} ({way})")


def _check_encodable(outcome: Outcome) -> None:
    """Raises UnicodeEncodeError for a document that no file and no database could take."""
    if isinstance(outcome, CleanDocument):
        stated = (outcome.title or "", *outcome.authors, outcome.agency or "", outcome.language or "")
        blocks = (block.text for block in outcome.blocks)
        details = (verdict.detail for verdict in outcome.verdicts)
        "\n".join((outcome.text, *stated, *blocks, *details)).encode()


def serve(connection: Connection, clean: Callable[..., Cleaned]) -> None:
    """Does what comes until the other side hangs up, as it also does when its process is killed.

    A document alone is cleaned; anything else comes as a function and what it is given.
    """
    try:
        connection.send(versions())
        while True:
            work, given, known = connection.recv()
            if work is None:
                too_long: Any = (Rejection(given[0].key, Reason.INTERNAL_ERROR, TOO_LONG), ())
                _send(connection, guarded(clean, *given, **known), too_long)
            else:
                _send(connection, _attempted(work, *given, **known), Failure(TOO_LONG))
    except (EOFError, OSError):
        return


def _attempted(work: Callable[..., Any], *given: Any, **known: Any) -> Any:
    try:
        return work(*given, **known)
    except TamisError as error:
        return Failure(str(error), error)
    except Exception as error:
        return Failure(told(error))


def _send(connection: Connection, answer: Any, too_long: Any) -> None:
    """Sends an answer; in place of one that would fill the parent's memory, ``too_long``."""
    packed = ForkingPickler.dumps(answer)
    connection.send_bytes(packed if len(packed) <= MOST_BYTES else ForkingPickler.dumps(too_long))


def _limit_memory(megabytes: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = megabytes * MEBIBYTE
    soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    _limit_memory(int(sys.argv[2]))
    clean_one(WARM_UP)
    serve(Connection(int(sys.argv[1])), clean_one)
