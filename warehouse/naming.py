"""Which document a person means by what was typed: the beginning of a key, a file name, an id, an address, a title."""

from __future__ import annotations

import re
from collections.abc import Sequence

import duckdb

from tamis.cleaners.errors import StopRun

SHOWN = 10
"""Documents that a message lists at most, before it says how many more there are."""
_NEAREST, _NEAR = 3, 0.82
_TELLING_KEY = 8  # digits of a key that no title or name is taken for
_SCHEME = re.compile(r"^(?:[a-z][a-z0-9+.-]*://)?(?:www\.)?")

# As search compares texts, with one apostrophe and one kind of space.
_FOLDED = r"trim(regexp_replace(translate(folded({}), '’‘' || chr(160) || chr(8239), '''''  '), '\s+', ' ', 'g'))"
_ADDRESS = r"rtrim(regexp_replace(lower(url), '^([a-z][a-z0-9+.-]*://)?(www\.)?', ''), '/')"
# Folding 100,000 titles takes half a second: those that plainly begin with another letter are left out first.
_SAME_LETTER = "(left({0}, 1) > '~' OR left({0}, 1) < '0' OR lower(left({0}, 1)) = left($folded, 1))"
_FILE = "regexp_extract(source, '([^/#]*)(#.*)?$', 1)"
_ID = "regexp_extract(source, '#(.*)$', 1)"  # of a record in a JSON Lines file

_BY_NAME = f"""
SELECT raw_key FROM raw_documents
WHERE source = $typed OR ends_with(source, '/' || $typed) OR ends_with(source, '#' || $typed)
    OR (length($typed) >= {_TELLING_KEY} AND starts_with(raw_key, lower($typed)))
LIMIT 2
"""  # noqa: S608 - constants
_BY_BEGINNING = f"""
WITH named AS (
    SELECT r.raw_key, r.source, {_ADDRESS} AS address, {_FILE} AS file, {_ID} AS id, d.title
    FROM raw_documents AS r
    LEFT JOIN (SELECT raw_key, title FROM documents) AS d USING (raw_key)
),
meant AS (
    SELECT raw_key, source, title,
        address = $address OR source = $typed OR $typed IN (file, id)
        OR ({_SAME_LETTER.format("title")} AND {_FOLDED.format("title")} = $folded) AS whole
    FROM named
    WHERE starts_with(raw_key, lower($typed)) OR starts_with(address, $address)
        OR source = $typed OR ends_with(source, '/' || $typed)
        OR ({_SAME_LETTER.format("file")} AND starts_with({_FOLDED.format("file")}, $folded))
        OR (id <> '' AND starts_with({_FOLDED.format("id")}, $folded))
        OR ({_SAME_LETTER.format("title")} AND starts_with({_FOLDED.format("title")}, $folded))
)
SELECT raw_key, coalesce(whole, false) FROM meant ORDER BY 2 DESC, title NULLS LAST, source, raw_key
"""  # noqa: S608 - constants
_LISTED = """
SELECT left(r.raw_key, 16), coalesce(d.title, 'rejected: ' || x.reason, '(no title)'), r.source
FROM (SELECT unnest($keys :: VARCHAR[]) AS raw_key, unnest(range(len($keys :: VARCHAR[]))) AS place) AS k
JOIN raw_documents AS r USING (raw_key)
LEFT JOIN documents AS d USING (raw_key)
LEFT JOIN rejections AS x USING (raw_key)
ORDER BY k.place
"""
_LIKE_IT = f"""
SELECT raw_key FROM (
    SELECT r.raw_key, greatest(
        CASE WHEN contains(t.title, $folded) THEN 1.0 ELSE 0.0 END,
        jaro_winkler_similarity(left(t.title, length($folded) + 2), $folded),
        jaro_winkler_similarity(lower({_FILE}), $folded),
        jaro_winkler_similarity(left(r.raw_key, length($folded)), $folded)
    ) AS likeness
    FROM raw_documents AS r
    LEFT JOIN (SELECT raw_key, {_FOLDED.format("title")} AS title FROM documents) AS t USING (raw_key)
)
WHERE likeness >= {_NEAR}
ORDER BY likeness DESC, raw_key
LIMIT {_NEAREST}
"""  # noqa: S608 - constants


def find(con: duckdb.DuckDBPyConnection, doc: str) -> str:
    """The key of the raw document that ``doc`` means.

    ``doc`` is the beginning of a key, of the name of a file, of the id of a record, of an address (with or without
    ``https://www.``) or of a title; neither case nor accents count. A whole name or title goes before the beginning of
    a longer one. Reads raw_documents, documents and rejections.

    Raises StopRun, with the documents that it may mean, if there is none or more than one.
    """
    typed = " ".join(doc.split())
    if typed:
        named = con.execute(_BY_NAME, {"typed": typed}).fetchall()
        if len(named) == 1:
            return str(named[0][0])
    folded = str(con.execute(f"SELECT {_FOLDED.format('?')}", [typed]).fetchall()[0][0])
    if not folded:
        raise StopRun(
            "no document is named; give the beginning of its title, file name, address or id (see: tamis list)"
        )
    address = _SCHEME.sub("", typed.lower()).rstrip("/") or typed
    found = con.execute(_BY_BEGINNING, {"typed": typed, "folded": folded, "address": address}).fetchall()
    whole = [key for key, is_whole in found if is_whole]
    meant = whole if len(whole) == 1 else [key for key, _ in found]
    if len(meant) == 1:
        return str(meant[0])
    if meant:
        raise StopRun(_ambiguous(con, doc, meant))
    raise StopRun(_unknown(con, doc, folded))


def _ambiguous(con: duckdb.DuckDBPyConnection, doc: str, meant: Sequence[str]) -> str:
    more = f"\n  and {len(meant) - SHOWN:,} more" if len(meant) > SHOWN else ""
    return f"{doc!r} may mean {len(meant):,} documents; give the id of one:{_listed(con, meant[:SHOWN])}{more}"


def _unknown(con: duckdb.DuckDBPyConnection, doc: str, folded: str) -> str:
    said = f"no document has a title, file name, address or id that begins with {doc!r}"
    near = [key for (key,) in con.execute(_LIKE_IT, {"folded": folded}).fetchall()] if len(folded) > 2 else []
    if near:
        return f"{said}; the nearest:{_listed(con, near)}"
    if not con.execute("SELECT 1 FROM raw_documents LIMIT 1").fetchall():
        return f"{said}: the warehouse is empty; fill it: tamis ingest FOLDER"
    return f"{said}; see what is there: tamis list"


def _listed(con: duckdb.DuckDBPyConnection, keys: Sequence[str]) -> str:
    rows = con.execute(_LISTED, {"keys": list(keys)}).fetchall()
    return "".join(f"\n  {document}  {_cut(title)}  ({_tail(source)})" for document, title, source in rows)


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


def _tail(text: str) -> str:
    return text if len(text) <= 60 else "…" + text[-59:]
