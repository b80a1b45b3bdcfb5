"""A person accepts a document that was rejected, or corrects what it says of itself; it is judged again at once."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from datetime import date

from tamis.cleaners.errors import StopRun
from tamis.cleaners.normalise import printable
from tamis.cleaners.records import Reason, Rejection
from tamis.flows.rejudging import applying, deciding, recleaning
from tamis.flows.rejudging.applying import Outcome
from tamis.flows.settings import Settings
from tamis.warehouse.rejudging.current_verdicts import Standing
from tamis.warehouse.rejudging.decisions import ACCEPTED, AUTHORS, PUBLISHED, TITLE, DecidedField, DecisionSet


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person says of a document; None leaves a field as it is, no authors mean that it has none."""

    title: str | None = None
    authors: tuple[str, ...] | None = None
    published: date | None = None

    @property
    def fields(self) -> dict[str, tuple[str, ...]]:
        """What is corrected, as the table ``document_decisions`` has it. Raises StopRun for a title without a word."""
        found: dict[str, tuple[str, ...]] = {}
        if self.title is not None:
            title = printable(self.title)
            if not title:
                raise StopRun("the title is empty; give the words of it")
            found[TITLE] = (title,)
        if self.authors is not None:
            found[AUTHORS] = tuple(filter(None, map(printable, self.authors)))
        if self.published is not None:
            found[PUBLISHED] = (self.published.isoformat(),)
        return found


def accept(doc: str, because: str, settings: Settings) -> Outcome:
    """Makes a rejected page a document for good.

    Raises StopRun for a document that was not rejected, and for one that cannot be read, with the reason.
    """
    stands = applying.find(doc, settings.warehouse)
    key = stands.raw.key[:16]
    if stands.rejection is None:
        raise StopRun(f"{key} was not rejected, there is nothing to accept; read it: tamis show {key}")
    reason = Reason(stands.rejection["reason"])
    if not reason.is_a_judgement:
        raise _cannot(key, reason, stands.rejection["detail"])
    return _decide(stands, {ACCEPTED: (reason.value,)}, because, settings)


def correct(doc: str, correction: Correction, because: str, settings: Settings) -> Outcome:
    """Puts what a person says of a document in place of what was read.

    Raises StopRun where nothing is corrected, and for a document that was rejected.
    """
    fields = correction.fields
    if not fields:
        raise StopRun("nothing to correct: give a title, --author or --date")
    stands = applying.find(doc, settings.warehouse)
    if stands.rejection is not None:
        key, reason = stands.raw.key[:16], stands.rejection["reason"]
        raise StopRun(f"{key} was rejected ({reason}), it has nothing to correct; accept it first: tamis accept {key}")
    return _decide(stands, fields, because, settings)


def _decide(stands: Standing, fields: dict[str, tuple[str, ...]], because: str, settings: Settings) -> Outcome:
    key, now = stands.raw.key[:16], recleaning.now()
    who, why = getpass.getuser(), printable(because)
    new = DecisionSet(fields=tuple(DecidedField(key, name, value, who, why, now) for name, value in fields.items()))
    trial = applying.judge(stands, stands.decisions.with_new(new), settings)
    outcome = trial.cleaned[0]
    if ACCEPTED in fields and isinstance(outcome, Rejection) and outcome.reason is not Reason.INTERNAL_ERROR:
        dropped = sum(each.label != "content" for each in stands.decisions.blocks)
        hint = f"; {dropped} of its blocks were dropped by hand (tamis undo {key})" if dropped else ""
        raise _cannot(key, outcome.reason, outcome.detail + hint)
    return Outcome(
        key, tuple(map(deciding.written, new.fields)), applying.write(trial, new, DecisionSet(), settings, now)
    )


def _cannot(key: str, reason: Reason, detail: str) -> StopRun:
    said = {
        Reason.INTERNAL_ERROR: "it was not judged at all; judge it again: tamis reclean --apply --rule internal_error",
        Reason.NO_TEXT: "no text can be had from it",
    }
    why = said.get(reason, "it cannot be read, so that no word of a person makes it a document")
    return StopRun(f"{key} cannot be accepted: {why} ({reason}: {detail})")
