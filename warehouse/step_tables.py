"""The temporary tables that one step of a load or a replacement hands to another: their columns, and what they hold.

A table that one function makes and reads alone is not here. Each step tells in its docstring what it ``reads`` and
``writes``; ``tests/warehouse/test_step_tables.py`` compares that with its SQL, and the columns with a run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StepTable:
    """A temporary table: what its rows are, and its columns with their types in DuckDB."""

    holds: str
    columns: Mapping[str, str]


_DOCUMENT = {"document": "VARCHAR"}
_SITE_HASH = {"site": "VARCHAR", "hash": "UBIGINT"}

TABLES: Mapping[str, StepTable] = {
    "asked": StepTable(
        "Raw documents of a load, and how often each was read", {"raw_key": "VARCHAR", "times": "BIGINT"}
    ),
    "changing": StepTable("Documents that are being replaced", _DOCUMENT),
    "changing_keys": StepTable("Their raw documents", {"raw_key": "VARCHAR"}),
    "fresh": StepTable("Documents that came in, or are there again after a replacement", _DOCUMENT),
    "remembered": StepTable("Replaced documents as they were", {"document": "VARCHAR", "text_hash": "UBIGINT"}),
    "remembered_hashes": StepTable("Hashes of the sketches of replaced documents, as they were", _SITE_HASH),
    "remembered_blocks": StepTable("Blocks of replaced documents, as they were", _SITE_HASH),
    "arrived": StepTable(
        "Fresh documents, to be compared",
        {"document": "VARCHAR", "site": "VARCHAR", "url": "VARCHAR", "text_hash": "UBIGINT"},
    ),
    "touched": StepTable("Documents whose pairs must be found anew", {"document": "VARCHAR", "text_hash": "UBIGINT"}),
    "departed": StepTable("Replaced documents, by name", _DOCUMENT),
    "numbered": StepTable(
        "Touched documents with number and row of their sketch",
        {"document": "VARCHAR", "number": "INTEGER", "site": "VARCHAR", "row": "BIGINT"},
    ),
    "members": StepTable(
        "All documents that have the text of a touched one", {"text_hash": "UBIGINT", "document": "VARCHAR"}
    ),
    "sketches_of": StepTable(
        "Hashes of the documents asked about last", {"number": "INTEGER", "site": "VARCHAR", "hash": "UBIGINT"}
    ),
    "asked_hashes": StepTable(
        "Hashes whose documents are wanted; site 0 is any site", {"site": "UBIGINT", "hash": "UBIGINT"}
    ),
    "hits": StepTable(
        "Documents that have one of the asked hashes",
        {"number": "INTEGER", "site": "UBIGINT", "hash": "UBIGINT", "text_hash": "UBIGINT", "page": "UBIGINT"},
    ),
    "candidates": StepTable("Pairs of documents to compare", {"document": "VARCHAR", "other": "VARCHAR"}),
    "templates": StepTable(
        "Hashes of a document that its site repeats", {"document": "VARCHAR", "hashes": "UBIGINT[]"}
    ),
    "affected": StepTable("Documents whose cluster a change may move", _DOCUMENT),
    "component": StepTable("Documents of every component of duplicates that a change has reached", _DOCUMENT),
    "reclustered": StepTable(
        "The new clusters of these documents",
        dict.fromkeys(("document", "cluster", "relation", "link_document", "link_other"), "VARCHAR"),
    ),
    "fresh_blocks": StepTable(
        "Blocks of fresh documents", {"document": "VARCHAR", "hash": "UBIGINT", "label": "VARCHAR"}
    ),
}
