"""Postings: the words of documents turned round, so that each word has the documents that have it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

TITLE = 3
"""A word in the title counts as so many in the text."""


def by_word(wordings: pa.Table) -> pa.Table:
    """Staged ``wordings``, each with its ``number``, as a lot of the table ``postings``: a row a word, sorted by it."""
    terms, in_text, in_title = (_flat(wordings, column).to_numpy() for column in ("terms", "in_text", "in_title"))
    lengths = pc.list_value_length(wordings["terms"]).to_numpy()
    places = pa.ListArray.from_arrays(_offsets(in_text + in_title), _flat(wordings, "places").combine_chunks())
    order = terms.argsort(kind="stable")
    terms = terms[order]
    starts = np.flatnonzero(np.diff(terms, prepend=~terms[:1]))
    of_word = pa.array(np.append(starts, len(terms)), pa.int32())
    columns = {
        "numbers": pa.array(np.repeat(wordings["number"].to_numpy(), lengths)[order]),
        "times": pa.array((in_text + TITLE * in_title)[order]),
        "places": places.take(pa.array(order)),
    }
    lists = {name: pa.ListArray.from_arrays(of_word, values) for name, values in columns.items()}
    return pa.table({"term": terms[starts], **lists})


def _flat(wordings: pa.Table, column: str) -> pa.ChunkedArray:
    return pc.list_flatten(wordings[column])


def _offsets(lengths: npt.NDArray[np.uint32]) -> pa.Array:
    return pa.array(np.append(0, lengths.cumsum()), pa.int32())
