"""The articles to export, and what a data card has to say about them; of today or as of a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

import duckdb
import pyarrow as pa

from tamis.cleaners.errors import StopRun
from tamis.warehouse.columns import EXPORTED
from tamis.warehouse.migrations import schema_version
from tamis.warehouse.rejudging import as_of

_PORTION = 2000
_TOLD = 50  # sites, rules and statements of rights that a card lists each by name
_FILTERS = {
    "topic": "list_contains(a.topics, $topic)",
    "since": "a.published_on >= $since",
    "until": "a.published_on <= $until",
    "language": "a.language = $language",
    "site": "a.site = $site",
}
_RIGHTS = """
SELECT raw_key, bool_or(reserved) AS reserved, list_sort(list_distinct(flatten(list(rights)))) AS rights
FROM page_versions
GROUP BY raw_key
"""
# Texts are joined portion by portion: sorting them all would take as much memory as they have bytes.
_SELECT = f"""
CREATE OR REPLACE TEMP TABLE exported AS
SELECT
    {", ".join(column.in_export for column in EXPORTED if column.name != "text")},
    row_number() OVER (ORDER BY a.published_on NULLS LAST, a.document) - 1 AS place
FROM articles AS a
LEFT JOIN ({_RIGHTS}) AS t USING (raw_key)
WHERE {{where}}
"""  # noqa: S608 - constants of ours
_TEXTS = f"""
SELECT {", ".join(f"d.{column.name}" if column.name == "text" else f"e.{column.name}" for column in EXPORTED)}
FROM exported AS e
JOIN documents AS d USING (document)
WHERE e.place >= $start AND e.place < $end
ORDER BY e.place
"""  # noqa: S608 - constants of ours
_STATE = """
SELECT max(moment) FROM (
    SELECT max(loaded_at) AS moment FROM raw_documents
    UNION ALL SELECT max(judged_at) FROM documents
    UNION ALL SELECT max(judged_at) FROM rejections
    UNION ALL SELECT max(judged_at) FROM relevance
)
"""
_DOCUMENTS = "FROM documents SEMI JOIN exported USING (document)"
_REMOVED = "FROM blocks SEMI JOIN exported USING (document) WHERE label NOT IN ('content', 'title')"
# What is counted by name, with the rows that are counted.
_TALLIES = {
    "languages": ("coalesce(language, 'unknown')", _DOCUMENTS),
    "years": ("coalesce(year(published_on) :: VARCHAR, 'undated')", _DOCUMENTS),
    "sites": ("coalesce(site, 'no site')", _DOCUMENTS),
    "sources": (
        "source",
        "FROM (SELECT DISTINCT d.document, coalesce(nullif(s.name, ''), s.url) AS source FROM documents AS d"
        " SEMI JOIN exported USING (document) JOIN page_versions AS v USING (raw_key)"
        " JOIN addresses AS a USING (address) JOIN sources AS s USING (topic, source))",
    ),
    "removed": ("label", _REMOVED),
    "rules": ("rule", _REMOVED),
    "by_hand": (
        "CASE WHEN label = 'content' THEN 'kept' ELSE 'dropped' END",
        "FROM decisions SEMI JOIN exported USING (document) WHERE withdrawn_at IS NULL",
    ),
    "corrected": ("field", "FROM (SELECT unnest(by_hand) AS field FROM documents SEMI JOIN exported USING (document))"),
    "duplicates": (
        "coalesce(relation, 'off topic or an older version')",
        "FROM memberships AS m SEMI JOIN exported USING (cluster) ANTI JOIN exported AS e ON e.document = m.document",
    ),
    "rejected": ("reason", "FROM rejections"),
    "reserved": (
        "CASE WHEN reserved THEN 'reserved' WHEN NOT reserved THEN 'not reserved' ELSE 'not known' END",
        f"{_DOCUMENTS} LEFT JOIN ({_RIGHTS}) USING (raw_key)",
    ),
    "rights": ("statement", f"FROM (SELECT unnest(rights) AS statement {_DOCUMENTS} JOIN ({_RIGHTS}) USING (raw_key))"),
    "versions": (
        "part || ' ' || version",
        f"FROM (SELECT unnest(map_keys(versions)) AS part, unnest(map_values(versions)) AS version {_DOCUMENTS})",
    ),
}


@dataclass(frozen=True, slots=True)
class Selection:
    """Which articles: of a topic, published from a day to a day, in a language, of a site; as of a moment (UTC)."""

    topic: str | None = None
    since: date | None = None
    until: date | None = None
    language: str | None = None
    site: str | None = None
    as_of: datetime | None = None

    @property
    def filters(self) -> dict[str, str]:
        """The conditions that were given, in words."""
        return {name: str(getattr(self, name)) for name in _FILTERS if getattr(self, name) is not None}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a data card tells of exported articles.

    ``state`` is the last moment that anything in the warehouse changed, up to the moment asked for. ``tallies`` count
    by name, the largest first: languages, years, sites, sources, removed blocks by label and by rule, blocks and
    fields decided on by hand, duplicates left out by relation, rejected documents of the whole warehouse by reason,
    reservations and statements of rights, versions of what judged.
    """

    state: datetime
    schema: int
    articles: int
    words: int
    first_day: date | None
    last_day: date | None
    documents: int
    tallies: Mapping[str, Mapping[str, int]]


def select(con: duckdb.DuckDBPyConnection, selection: Selection) -> pa.RecordBatchReader:
    """The selected articles in batches, each article a row, the earliest first, undated ones last.

    ``con`` may be read-only; what was selected is its temporary table ``exported`` from then on. Raises StopRun where
    no article is selected.
    """
    if selection.as_of is not None:
        as_of.stand(con, selection.as_of)
    given = {name: getattr(selection, name) for name in selection.filters}
    con.execute(_SELECT.format(where=" AND ".join(["true", *(_FILTERS[name] for name in given)])), given)
    count = con.execute("SELECT count(*) FROM exported").fetchall()[0][0]
    if not count:
        asked = ", ".join(f"{name} {value}" for name, value in selection.filters.items()) or "no filter"
        moment = f" as of {selection.as_of:%Y-%m-%d %H:%M} UTC" if selection.as_of else ""
        raise StopRun(f"no article is selected ({asked}{moment}); tamis status tells what there is")
    portions = (_portion(con, start) for start in range(0, count, _PORTION))
    first = next(portions)
    return pa.RecordBatchReader.from_batches(
        first.schema, (batch for portion in chain([first], portions) for batch in portion.to_batches())
    )


def _portion(con: duckdb.DuckDBPyConnection, start: int) -> pa.Table:
    found: pa.Table = con.sql(_TEXTS, params={"start": start, "end": start + _PORTION}).to_arrow_table()
    return found.combine_chunks()


def facts(con: duckdb.DuckDBPyConnection) -> Facts:
    """What there is to say of the articles that ``select`` has selected on this connection."""
    state = con.execute(_STATE).fetchall()[0][0]
    articles, words, first_day, last_day = con.execute(
        "SELECT count(*), sum(words) :: BIGINT, min(published_on), max(published_on)"
        " FROM documents SEMI JOIN exported USING (document)"
    ).fetchall()[0]
    return Facts(
        state,
        schema_version(con),
        articles,
        words,
        first_day,
        last_day,
        con.execute("SELECT count(*) FROM documents").fetchall()[0][0],
        {name: _tally(con, *tally) for name, tally in _TALLIES.items()},
    )


def _tally(con: duckdb.DuckDBPyConnection, name: str, rows: str) -> dict[str, int]:
    """Names with their numbers, the largest first; those past the first fifty in one sum."""
    counted = f"SELECT {name} AS name, count(*) AS number {rows} GROUP BY 1 ORDER BY number DESC, name"
    found = [(str(name), int(number)) for name, number in con.execute(counted).fetchall()]
    rest = sum(number for _, number in found[_TOLD:])
    return {**dict(found[:_TOLD]), **({f"{len(found) - _TOLD} others": rest} if rest else {})}
