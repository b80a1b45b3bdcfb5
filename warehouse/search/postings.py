"""Postings: the words of documents turned round, so that each word has the documents that have it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

TITLE = 3
"""A word in the title counts as so many in the text."""


def by_word(wordings: pa.Table) -> pa.Table:
    """Staged ``wordings``, numbered from 0 on, as rows of the table ``postings``: one a word, sorted by it."""
    terms, in_text, in_title = (_flat(wordings, column).to_numpy() for column in ("terms", "in_text", "in_title"))
    lengths = pc.list_value_length(wordings["terms"]).to_numpy()
    places = pa.ListArray.from_arrays(_offsets(in_text + in_title), _flat(wordings, "places").combine_chunks())
    order = _order(terms)
    terms = terms[order]
    starts = np.flatnonzero(np.diff(terms, prepend=~terms[:1]))
    of_word = pa.array(np.append(starts, len(terms)), pa.int32())
    columns = {
        "numbers": pa.array(np.repeat(np.arange(len(wordings), dtype=np.int32), lengths)[order]),
        "times": pa.array((in_text + TITLE * in_title)[order]),
        "places": places.take(pa.array(order)),
    }
    lists = {name: pa.ListArray.from_arrays(of_word, values) for name, values in columns.items()}
    return pa.table({"term": terms[starts], **lists})


def moved(segment: pa.Table, by: int) -> pa.Table:
    """The same rows with numbers that are greater ``by`` so much."""
    lists = segment["numbers"].combine_chunks()
    numbers = pa.ListArray.from_arrays(lists.offsets, pc.add(lists.values, pa.scalar(by, pa.int32())))
    return segment.set_column(segment.schema.get_field_index("numbers"), "numbers", numbers)


def _order(terms: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """The order that sorts ``terms``, equal ones as they stand: by radix over their ranks, as words are few."""
    encoded = pc.dictionary_encode(pa.array(terms))
    rank = np.empty(len(encoded.dictionary), np.uint32)
    rank[encoded.dictionary.to_numpy().argsort()] = np.arange(len(rank), dtype=np.uint32)
    ranks = rank[encoded.indices.to_numpy()]
    low: npt.NDArray[np.int64] = (ranks & 0xFFFF).astype(np.uint16).argsort(kind="stable")
    order: npt.NDArray[np.int64] = low[(ranks >> 16).astype(np.uint16)[low].argsort(kind="stable")]
    return order


def _flat(wordings: pa.Table, column: str) -> pa.ChunkedArray:
    return pc.list_flatten(wordings[column])


def _offsets(lengths: npt.NDArray[np.uint32]) -> pa.Array:
    return pa.array(np.append(0, lengths.cumsum()), pa.int32())
