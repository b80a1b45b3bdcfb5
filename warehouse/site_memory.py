"""What each site prints on many of its pages: counted block by block, learnt after a few, overruled by a person.

A block is known by its hash (``blocks.hash``). Counts are of articles, not of rows: copies and versions of one
article count once. What is learnt depends on the pages that have come so far, so it changes what *later* documents
lose; duplicates never depend on it, as they are found on the text from which nothing was taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import duckdb

from tamis.cleaners.errors import StopRun
from tamis.warehouse.loading import rows


@dataclass(frozen=True, slots=True)
class Learning:
    """From how many articles of a site a block is its template; tests/quality/site_memory.py measures it."""

    least_words: int = 3  # "Pros", "1." and the like part the articles of a site, and are on many of them
    short_words: int = 12  # furniture up to here, prose beyond it
    short: int = 3
    long: int = 4
    content: float = 0.5  # surely judged content on this share of the pages: takes more to be believed
    content_articles: int = 8
    share: float = 0.02  # of the articles of the site: what two of a hundred carry may as well be a quotation


LEARNING = Learning()
SURE = 0.9  # confidence from which a verdict of content counts
SETTLED = 50  # articles from which a block is no longer counted anew, but added to

_REMEMBER = """
CREATE OR REPLACE TEMP TABLE remembered_blocks AS
SELECT DISTINCT d.site, b.hash
FROM blocks AS b
JOIN documents AS d ON d.document = b.document
WHERE d.document IN (SELECT document FROM changing) AND d.site IS NOT NULL AND b.hash IS NOT NULL
"""
_CAME = """
CREATE TEMP TABLE IF NOT EXISTS remembered_blocks (site VARCHAR, hash UBIGINT);
CREATE OR REPLACE TEMP TABLE came AS
SELECT d.site, b.hash, coalesce(d.url, d.document) AS page
FROM fresh_blocks AS b
JOIN arrived AS d ON d.document = b.document
WHERE d.site IS NOT NULL AND b.hash IS NOT NULL AND b.label <> 'title';
CREATE OR REPLACE TEMP TABLE recounted AS
SELECT site, hash FROM came ANTI JOIN (SELECT site, hash FROM site_blocks WHERE articles >= $settled) USING (site, hash)
UNION
FROM remembered_blocks;
"""
_ADD = """
UPDATE site_blocks
SET pages = site_blocks.pages + more.pages, articles = articles + more.pages, last_seen = $now
FROM (
    SELECT site, hash, count(DISTINCT page) AS pages
    FROM came
    ANTI JOIN recounted USING (site, hash)
    GROUP BY site, hash
) AS more
WHERE more.site = site_blocks.site AND more.hash = site_blocks.hash
"""
# Most blocks stand on one page alone: so hashes are looked at first, and texts only of the rows that are left.
_OFTEN = """
CREATE OR REPLACE TEMP TABLE counted_rows AS
WITH found AS MATERIALIZED (
    SELECT hash, rowid AS row FROM blocks WHERE hash IN (SELECT hash FROM recounted)
)
SELECT row
FROM found
WHERE hash IN (SELECT hash FROM found GROUP BY hash HAVING count(*) >= 2)
"""
_CARRYING = """
CREATE OR REPLACE TEMP TABLE carrying AS
WITH there AS ({there})
SELECT document, text, hash, label = 'content' AND confidence >= $sure AS content FROM there WHERE label <> 'title'
"""
_PAGES = """
CREATE OR REPLACE TEMP TABLE carrying_pages AS
SELECT d.document, d.site, coalesce(d.url, d.document) AS page, m.cluster, r.loaded_at
FROM carrying_documents AS d
JOIN carrying_clusters AS m ON m.document = d.document
JOIN carrying_raws AS r ON r.raw_key = d.raw_key
"""
_COUNT = """
CREATE OR REPLACE TEMP TABLE counted AS
SELECT
    d.site, b.hash, count(DISTINCT d.page) AS pages,
    least(count(DISTINCT d.cluster), count(DISTINCT d.page)) AS articles,
    avg(b.content :: INTEGER) AS content, len(string_split(trim(any_value(b.text)), ' ')) AS words,
    left(min(b.text), 300) AS sample, min(d.loaded_at) AS first_seen, max(d.loaded_at) AS last_seen
FROM carrying AS b
JOIN carrying_pages AS d ON d.document = b.document
JOIN recounted AS c ON c.site = d.site AND c.hash = b.hash
GROUP BY d.site, b.hash
HAVING pages >= 2
"""
# The pages of a site are counted last, where nothing else decides: that reads the addresses of all of them.
_LEARN = """
CREATE OR REPLACE TEMP TABLE judged AS
WITH enough AS (
    SELECT site, hash
    FROM counted
    WHERE words >= $least_words
    AND articles >= if(words <= $short_words, $short, $long)
    AND (content < $content OR articles >= $content_articles)
),
sizes AS (
    SELECT site, count(DISTINCT coalesce(url, document)) AS pages
    FROM documents
    WHERE site IN (SELECT site FROM enough)
    GROUP BY site
)
SELECT
    c.*,
    CASE
        WHEN (c.site, c.hash) IN (FROM enough) AND c.articles >= $share * s.pages THEN coalesce(b.learnt_at, $now)
    END AS learnt_at
FROM counted AS c
LEFT JOIN sizes AS s ON s.site = c.site
LEFT JOIN site_blocks AS b ON b.site = c.site AND b.hash = c.hash
"""
_REPLACE = """
DELETE FROM site_blocks
WHERE EXISTS (FROM recounted AS r WHERE r.site = site_blocks.site AND r.hash = site_blocks.hash);
INSERT INTO site_blocks BY NAME FROM judged;
DROP TABLE remembered_blocks;
"""

Templates = Mapping[str, frozenset[int]]


def remember(con: duckdb.DuckDBPyConnection) -> None:
    """Keeps in mind which blocks the documents named in the temporary table ``changing`` have.

    reads: blocks, changing, documents
    writes: remembered_blocks
    """
    con.execute(_REMEMBER)


def learn(con: duckdb.DuckDBPyConnection, now: datetime) -> None:
    """Counts the blocks of the documents in the temporary table ``fresh``, and of those that ``remember`` saw.

    ``memberships`` must be up to date, and ``arrived`` be as ``touched`` leaves it; in ``fresh_blocks`` is what the
    documents have then. ``now`` is UTC.

    reads: arrived, blocks, documents, fresh, memberships, raw_documents, remembered_blocks, site_blocks
    writes: fresh_blocks, remembered_blocks, site_blocks
    """
    rows.pick(con, "fresh_blocks", "document, hash, label", "blocks", "fresh")
    con.execute(_CAME, {"settled": SETTLED})
    con.execute(_ADD, {"now": now})
    con.execute(_OFTEN)
    con.execute(_CARRYING.format(there=rows.at("blocks", "counted_rows")), {"sure": SURE})
    rows.pick(con, "carrying_documents", "document, site, url, raw_key", "documents", "carrying")
    rows.pick(con, "carrying_clusters", "document, cluster", "memberships", "carrying_documents")
    rows.pick(con, "carrying_raws", "raw_key, loaded_at", "raw_documents", "carrying_documents", "raw_key")
    con.execute(_PAGES)
    con.execute(_COUNT)
    con.execute(_LEARN, {**asdict(LEARNING), "now": now})
    con.execute(_REPLACE)


def templates(con: duckdb.DuckDBPyConnection, sites: Iterable[str]) -> Templates:
    """The hashes of the blocks that are template of each of ``sites``, learnt or pinned and not vetoed.

    reads: site_templates
    """
    found = con.execute(
        "SELECT site, hash FROM site_templates WHERE state <> 'vetoed' AND site IN (SELECT unnest($1 :: VARCHAR[]))",
        [sorted(sites)],
    ).fetchall()
    hashes: dict[str, set[int]] = defaultdict(set)
    for site, value in found:
        hashes[site].add(value)
    return {site: frozenset(values) for site, values in hashes.items()}


def decide(
    con: duckdb.DuckDBPyConnection, site: str, ids: Sequence[str], decision: str | None, now: datetime
) -> list[int]:
    """Notes a person's ``decision`` (``pinned``, ``vetoed``, or None to take it back) on blocks of ``site``.

    ``ids`` are the beginnings of ids as the view ``site_templates`` shows them, or of any block that the site
    repeats. Gives their hashes. Raises StopRun for one that names no block or several.

    writes: site_decisions
    """
    chosen = [_find(con, site, name) for name in ids]
    for value, sample in chosen:
        con.execute("DELETE FROM site_decisions WHERE site = ? AND hash = ?", [site, value])
        if decision is not None:
            con.execute("INSERT INTO site_decisions VALUES (?, ?, ?, ?, ?)", [site, value, decision, sample, now])
    return [value for value, _ in chosen]


def _find(con: duckdb.DuckDBPyConnection, site: str, name: str) -> tuple[int, str]:
    """The hash and a sample of the one block of ``site`` whose id begins with ``name``.

    reads: site_blocks, site_templates
    """
    found = con.execute(
        "SELECT DISTINCT hash, sample FROM (SELECT site, hash, sample FROM site_blocks"
        " UNION ALL SELECT site, hash, sample FROM site_templates)"
        " WHERE site = ? AND starts_with(printf('%016x', hash), lower(?)) LIMIT 2",
        [site, name],
    ).fetchall()
    if len(found) != 1:
        which = "several blocks" if found else "no block"
        raise StopRun(f"{name} names {which} that {site} repeats; list them with: tamis site {site} --all")
    return found[0][0], found[0][1]
