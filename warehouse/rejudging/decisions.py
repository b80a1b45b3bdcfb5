"""What a person decided about documents and their blocks: recorded, looked up, withdrawn; never deleted."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import astuple, dataclass
from datetime import date, datetime
from typing import Any

import duckdb
import pyarrow as pa

from tamis.cleaners.records import Decision, Decisions, Label
from tamis.warehouse.loading import rows

_WHO = {**dict.fromkeys(("who", "because"), pa.string()), "decided_at": pa.timestamp("us")}
_BLOCK_ROW = pa.schema(
    {
        "document": pa.string(),
        "block_hash": pa.uint64(),
        **dict.fromkeys(("label", "text"), pa.string()),
        **_WHO,
        "occurrence": pa.int32(),
    }
)
_FIELD_ROW = pa.schema({**dict.fromkeys(("document", "field"), pa.string()), "value": pa.list_(pa.string()), **_WHO})

ACCEPTED, TITLE, AUTHORS, PUBLISHED = "accepted", "title", "authors", "published"
"""What is decided about a document as a whole: the names of its fields in the table ``document_decisions``."""


@dataclass(frozen=True, slots=True)
class Decided:
    """One row of the table ``decisions``, field by field; ``decided_at`` is UTC without a zone.

    ``occurrence`` tells which of the blocks with this hash is meant, from 1; None means all of them.
    """

    document: str
    block_hash: int
    label: str
    text: str
    who: str
    because: str
    decided_at: datetime
    occurrence: int | None = None

    @property
    def decision(self) -> Decision:
        """What the judge is told: the label, and who decided when and why."""
        return Decision(Label(self.label), signed(self))


@dataclass(frozen=True, slots=True)
class DecidedField:
    """One row of the table ``document_decisions``, field by field; ``decided_at`` is UTC without a zone."""

    document: str
    field: str
    value: tuple[str, ...]
    who: str
    because: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class DecisionSet:
    """Decisions on one document, in the order they were made."""

    blocks: tuple[Decided, ...] = ()
    fields: tuple[DecidedField, ...] = ()

    @property
    def told(self) -> Decisions:
        """What the judge is told."""
        value = {each.field: each.value for each in self.fields}
        return Decisions(
            blocks={(each.block_hash, each.occurrence or 0): each.decision for each in self.blocks},
            accepted=ACCEPTED in value,
            title=value[TITLE][0] if TITLE in value else None,
            authors=value.get(AUTHORS),
            published=date.fromisoformat(value[PUBLISHED][0]) if PUBLISHED in value else None,
        )

    def without(self, gone: DecisionSet) -> DecisionSet:
        """Those of the decisions that are not among ``gone``."""
        return DecisionSet(
            tuple(each for each in self.blocks if each not in gone.blocks),
            tuple(each for each in self.fields if each not in gone.fields),
        )

    def superseded(self, new: DecisionSet) -> DecisionSet:
        """Those of the decisions that stand no longer once the ``new`` ones are made."""
        about = {(each.block_hash, each.occurrence) for each in new.blocks}
        fields = {each.field for each in new.fields}
        return DecisionSet(
            tuple(
                each for each in self.blocks if {(each.block_hash, each.occurrence), (each.block_hash, None)} & about
            ),
            tuple(each for each in self.fields if each.field in fields),
        )

    def with_new(self, new: DecisionSet) -> DecisionSet:
        """The decisions that stand once the ``new`` ones are made."""
        left = self.without(self.superseded(new))
        return DecisionSet((*left.blocks, *new.blocks), (*left.fields, *new.fields))


def signed(each: Decided | DecidedField) -> str:
    """Who decided it, when and why."""
    why = f": {each.because}" if each.because else ""
    return f"{each.who}, {each.decided_at:%Y-%m-%d}{why}"


def in_words(decided: DecisionSet | None) -> tuple[str, ...]:
    """What was decided about the document as a whole: accepted or corrected, by whom, when and why."""
    return tuple(
        f"accepted by hand ({signed(each)}), although it was rejected: {each.value[0]}"
        if each.field == ACCEPTED
        else f"{each.field} corrected by hand ({signed(each)})"
        for each in (decided or DecisionSet()).fields
    )


def standing(con: duckdb.DuckDBPyConnection, documents: Collection[str]) -> dict[str, DecisionSet]:
    """The decisions that stand on each of the ``documents``; reads decisions and document_decisions."""
    blocks = [Decided(*row) for row in _standing(con, "decisions", _BLOCK_ROW, documents, "block_hash, occurrence")]
    found = _standing(con, "document_decisions", _FIELD_ROW, documents, "field")
    fields = [DecidedField(name, field, tuple(value), *rest) for name, field, value, *rest in found]
    return {
        name: DecisionSet(
            tuple(each for each in blocks if each.document == name),
            tuple(each for each in fields if each.document == name),
        )
        for name in {each.document for each in blocks} | {each.document for each in fields}
    }


def record(con: duckdb.DuckDBPyConnection, document: str, new: DecisionSet, now: datetime) -> None:
    """Adds decisions on ``document`` in the caller's transaction; those that they supersede end ``now``.

    writes: decisions, document_decisions
    """
    there = standing(con, [document]).get(document, DecisionSet())
    withdraw(con, document, there.superseded(new), now)
    for table, schema, made in (("decisions", _BLOCK_ROW, new.blocks), ("document_decisions", _FIELD_ROW, new.fields)):
        if made:
            rows.append(con, table, rows.of_tuples(schema, [astuple(each) for each in made]))


def withdraw(con: duckdb.DuckDBPyConnection, document: str, gone: DecisionSet, now: datetime) -> None:
    """Ends these decisions on ``document``, in the caller's transaction.

    writes: decisions, document_decisions
    """
    blocks = [f"{each.block_hash} {each.occurrence or 0}" for each in gone.blocks]
    for table, key, ended in (
        ("decisions", "block_hash || ' ' || coalesce(occurrence, 0)", blocks),
        ("document_decisions", "field", [each.field for each in gone.fields]),
    ):
        if ended:
            con.execute(
                f"UPDATE {table} SET withdrawn_at = ? WHERE document = ? AND withdrawn_at IS NULL"  # noqa: S608 - constants
                f" AND {key} IN (SELECT unnest(? :: VARCHAR[]))",
                [now, document, ended],
            )


def _standing(
    con: duckdb.DuckDBPyConnection, table: str, schema: pa.Schema, documents: Collection[str], order: str
) -> Iterator[tuple[Any, ...]]:
    yield from con.execute(
        f"SELECT {', '.join(schema.names)} FROM {table}"  # noqa: S608 - names of ours
        f" WHERE withdrawn_at IS NULL AND document IN (SELECT unnest(? :: VARCHAR[])) ORDER BY decided_at, {order}",
        [list(documents)],
    ).fetchall()
