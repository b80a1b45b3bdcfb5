"""A cleaned batch on its way to the warehouse: a folder of Arrow files, written without any database.

Many workers can stage at once; the one writer then loads all batches in one transaction (``store.load``).
Arrow files live a short time and take more room than Parquet; they are mapped into memory and not decoded at all.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from tamis.cleaners.records import CleanDocument, RawDocument, Rejection, Wording
from tamis.warehouse import columns
from tamis.warehouse.columns import STRINGS, TIMESTAMP, utc

Row = dict[str, Any]

SCHEMAS: Mapping[str, pa.Schema] = {
    "raw_documents": pa.schema(
        {
            "raw_key": pa.string(),
            "source": pa.string(),
            "url": pa.string(),
            "media_type": pa.string(),
            "fetched_at": TIMESTAMP,
            "http": STRINGS,
            "size": pa.int64(),
            "body": pa.binary(),
            "times": pa.int64(),
        }
    ),
    "documents": pa.schema({column.name: column.type for column in columns.STAGED}),
    "blocks": pa.schema(
        {
            "document": pa.string(),
            "block": pa.int32(),
            "text": pa.string(),
            "kind": pa.string(),
            "line": pa.int32(),
            "blank_before": pa.bool_(),
            "label": pa.string(),
            "rule": pa.string(),
            "confidence": pa.float64(),
            "detail": pa.string(),
            "hash": pa.uint64(),
        }
    ),
    "rejections": pa.schema({"raw_key": pa.string(), "reason": pa.string(), "detail": pa.string()}),
    "sketches": pa.schema({"document": pa.string(), "site": pa.string(), "hash": pa.uint64()}),
    "wordings": pa.schema(
        {
            "document": pa.string(),
            "length": pa.int32(),
            "terms": pa.list_(pa.uint64()),
            "in_text": pa.list_(pa.uint32()),
            "in_title": pa.list_(pa.uint32()),
            "places": pa.list_(pa.uint32()),
        }
    ),
    "words": pa.schema({"term": pa.uint64(), **dict.fromkeys(("word", "stem"), pa.string())}),
}


def stage(
    folder: Path,
    name: str,
    raws: Sequence[RawDocument],
    outcomes: Sequence[CleanDocument | Rejection],
    sketches: Mapping[str, Sequence[int]],
    wordings: Mapping[str, Wording] = MappingProxyType({}),
) -> Path:
    """Writes one batch into ``folder/name`` and returns that path, ready for ``store.load``.

    ``outcomes`` has one outcome for each distinct key of ``raws``; ``sketches`` and ``wordings`` are
    by document key; a document without wording is indexed later (``search.catch_up``). Of several raw documents
    with one key the first is kept, the others are counted. The batch appears whole or not at all, and replaces
    one of the same name. Raises ValueError for an outcome that is missing or that belongs to no raw document.
    """
    times: Counter[str] = Counter()
    first: dict[str, RawDocument] = {}
    for raw in raws:
        key = raw.key  # hashes the whole body: once is enough
        times[key] += 1
        first.setdefault(key, raw)
    outcome = {each.raw_key: each for each in outcomes}
    if first.keys() != outcome.keys():
        odd = sorted(first.keys() ^ outcome.keys())
        raise ValueError(f"batch {name}: raw documents and outcomes do not match: {', '.join(odd[:3])}")
    raw_rows = _table([_raw(key, raw, times[key]) for key, raw in first.items()], SCHEMAS["raw_documents"])
    return write(folder, name, {"raw_documents": raw_rows, **outcome_rows(list(outcome.values()), sketches, wordings)})


def outcome_rows(
    outcomes: Sequence[CleanDocument | Rejection],
    sketches: Mapping[str, Sequence[int]],
    wordings: Mapping[str, Wording] = MappingProxyType({}),
) -> dict[str, pa.Table]:
    """The rows that ``outcomes`` come to in each table that holds what was judged, as ``stage`` takes them."""
    clean = [each for each in outcomes if isinstance(each, CleanDocument)]
    rows: Mapping[str, Iterable[Row]] = {
        "documents": [columns.row(each, len(sketches.get(each.key, ()))) for each in clean],
        "blocks": [row for each in clean for row in _blocks(each)],
        "rejections": [_rejection(each) for each in outcomes if isinstance(each, Rejection)],
        "sketches": [
            {"document": each.key, "site": each.site, "hash": value}
            for each in clean
            for value in sketches.get(each.key, ())
        ],
        **_wording_rows(wordings),
    }
    return {table: _table(list(found), SCHEMAS[table]) for table, found in rows.items()}


def write(folder: Path, name: str, tables: Mapping[str, pa.Table]) -> Path:
    """The tables as the batch ``folder/name``: whole or not at all, in place of one of the same name."""
    unfinished, finished = folder / f".{name}.unfinished", folder / name
    for old in (unfinished, finished):
        shutil.rmtree(old, ignore_errors=True)
    unfinished.mkdir(parents=True)
    for table, rows in tables.items():
        with (
            (unfinished / f"{table}.arrow").open("wb") as file,
            pa.ipc.new_file(file, rows.schema) as sink,
        ):
            sink.write_table(rows)
    return unfinished.rename(finished)


def read(batch: Path, table: str, wanted: Sequence[str] | None = None) -> pa.Table:
    """One table of a staged batch, or only the ``wanted`` columns of it."""
    places = wanted and [SCHEMAS[table].get_field_index(column) for column in wanted]
    with pa.memory_map(str(batch / f"{table}.arrow")) as file:
        found = pa.ipc.open_file(file, options=pa.ipc.IpcReadOptions(included_fields=places)).read_all()
    return found if wanted is None else found.select(wanted)


def read_all(batches: Sequence[Path], table: str) -> pa.Table:
    """One table of several staged batches, one batch after the other."""
    return pa.concat_tables([read(batch, table) for batch in batches])


def size(batch: Path) -> int:
    """Bytes that a staged batch takes as files."""
    return sum(file.stat().st_size for file in batch.iterdir())


def wording_tables(wordings: Mapping[str, Wording]) -> tuple[pa.Table, pa.Table]:
    """The tables ``wordings`` and ``words`` as a staged batch has them."""
    of = _wording_rows(wordings)
    return _table(of["wordings"], SCHEMAS["wordings"]), _table(of["words"], SCHEMAS["words"])


def _raw(key: str, raw: RawDocument, times: int) -> Row:
    return {
        "raw_key": key,
        "source": raw.source,
        "url": raw.url,
        "media_type": raw.media_type,
        "fetched_at": raw.fetched_at and utc(raw.fetched_at),
        "http": list(raw.http.items()),
        "size": raw.missing.size if raw.missing else len(raw.body),
        "body": None if raw.missing else raw.body,
        "times": times,
    }


def _blocks(document: CleanDocument) -> Iterable[Row]:
    for block, verdict in zip(document.blocks, document.verdicts, strict=True):
        yield {
            "document": document.key,
            "block": block.index,
            "text": block.text,
            "kind": block.kind.value,
            "line": block.line,
            "blank_before": block.blank_before,
            "label": verdict.label.value,
            "rule": verdict.rule,
            "confidence": verdict.confidence,
            "detail": verdict.detail,
            "hash": block.hash,
        }


def _wording_rows(wordings: Mapping[str, Wording]) -> dict[str, list[Row]]:
    forms = set().union(*(wording.forms for wording in wordings.values()))
    fields = ("length", "terms", "in_text", "in_title", "places")
    return {
        "wordings": [
            {"document": document, **{name: getattr(wording, name) for name in fields}}
            for document, wording in wordings.items()
        ],
        "words": [dict(zip(SCHEMAS["words"].names, form, strict=True)) for form in sorted(forms)],
    }


def _rejection(rejection: Rejection) -> Row:
    return {"raw_key": rejection.raw_key, "reason": rejection.reason.value, "detail": rejection.detail}


def _table(rows: list[Row], schema: pa.Schema) -> pa.Table:
    try:
        return pa.Table.from_pylist(rows, schema=schema)
    except UnicodeEncodeError:
        # File names that are not UTF-8 come as lone surrogates, which no database keeps.
        return pa.Table.from_pylist([_printable(row) for row in rows], schema=schema)


def _printable(row: Row) -> Row:
    return {name: _encodable(value) for name, value in row.items()}


def _encodable(value: object) -> object:
    """``value`` with a question mark for each lone surrogate in its text or in the texts of its list."""
    if isinstance(value, str):
        return value.encode(errors="replace").decode()
    return [_encodable(each) for each in value] if isinstance(value, list) else value
