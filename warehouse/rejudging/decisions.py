"""What a person decided about blocks: recorded, looked up, withdrawn; never deleted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

import duckdb
import pyarrow as pa

from tamis.cleaners.records import Decision, Label
from tamis.warehouse.loading import rows

_ROW = pa.schema(
    {
        "document": pa.string(),
        "block_hash": pa.uint64(),
        **dict.fromkeys(("label", "text", "who", "because"), pa.string()),
        "decided_at": pa.timestamp("us"),
    }
)


@dataclass(frozen=True, slots=True)
class Decided:
    """One row of the table ``decisions``, field by field; ``decided_at`` is UTC without a zone."""

    document: str
    block_hash: int
    label: str
    text: str
    who: str
    because: str
    decided_at: datetime

    @property
    def decision(self) -> Decision:
        """What the judge is told: the label, and who decided when and why."""
        why = f": {self.because}" if self.because else ""
        return Decision(Label(self.label), f"{self.who}, {self.decided_at:%Y-%m-%d}{why}")


def standing(con: duckdb.DuckDBPyConnection, documents: Collection[str]) -> dict[str, dict[int, Decision]]:
    """The decisions that stand on the ``documents``: by document, then by the hash of the block."""
    found: dict[str, dict[int, Decision]] = {}
    for each in of(con, documents):
        found.setdefault(each.document, {})[each.block_hash] = each.decision
    return found


def of(con: duckdb.DuckDBPyConnection, documents: Collection[str]) -> list[Decided]:
    """The decisions that stand on the ``documents``, in the order they were made."""
    found = con.execute(
        f"SELECT {', '.join(_ROW.names)} FROM decisions"  # noqa: S608 - names of ours
        " WHERE withdrawn_at IS NULL AND document IN (SELECT unnest(? :: VARCHAR[])) ORDER BY decided_at, block_hash",
        [list(documents)],
    ).fetchall()
    return [Decided(*row) for row in found]


def record(con: duckdb.DuckDBPyConnection, new: Sequence[Decided]) -> None:
    """Adds decisions in the caller's transaction; each supersedes the one that stood on its block."""
    if new:
        withdraw(con, new[0].document, [each.block_hash for each in new], new[0].decided_at)
        rows.append(con, "decisions", rows.of_tuples(_ROW, [astuple(each) for each in new]))


def withdraw(con: duckdb.DuckDBPyConnection, document: str, hashes: Collection[int], now: datetime) -> None:
    """Ends the decisions that stand on these blocks of ``document``, in the caller's transaction."""
    con.execute(
        "UPDATE decisions SET withdrawn_at = ? WHERE document = ? AND withdrawn_at IS NULL"
        " AND block_hash IN (SELECT unnest(? :: UBIGINT[]))",
        [now, document, list(hashes)],
    )
