"""What sites repeat, as tables for the eye, and a person's word on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from tamis.cleaners.errors import StopRun
from tamis.flows.answers.layout import Listing
from tamis.warehouse import site_memory
from tamis.warehouse.address import Address
from tamis.warehouse.connection import open_working_reader, open_writer
from tamis.warehouse.files.publishing import publish
from tamis.warehouse.migrations import transaction

_SITES = """
SELECT
    d.site, count(DISTINCT coalesce(d.url, d.document)) AS pages,
    coalesce(any_value(t.templates), 0) AS templates, coalesce(any_value(t.vetoed), 0) AS vetoed
FROM documents AS d
LEFT JOIN (
    SELECT site, count(*) FILTER (state <> 'vetoed') AS templates, count(*) FILTER (state = 'vetoed') AS vetoed
    FROM site_templates
    GROUP BY site
) AS t ON t.site = d.site
WHERE d.site IS NOT NULL
GROUP BY d.site
ORDER BY templates DESC, pages DESC, d.site
"""
_TEMPLATES = """
SELECT left(id, 8) AS id, state, pages, since :: DATE AS since, sample
FROM site_templates WHERE site = $site ORDER BY pages DESC, id
"""
_REPEATED = """
SELECT left(printf('%016x', b.hash), 8) AS id, coalesce(t.state, '') AS state, b.pages,
    coalesce(t.since, b.first_seen) :: DATE AS since, b.sample
FROM site_blocks AS b
LEFT JOIN site_templates AS t ON t.site = b.site AND t.hash = b.hash
WHERE b.site = $site ORDER BY b.pages DESC, id
"""


def sites(warehouse: Address) -> Listing:
    """Each site with its pages and how many blocks of it are template."""
    with open_working_reader(warehouse) as con:
        found = con.execute(_SITES).fetchall()
    numbers = ("pages", "templates", "vetoed")
    return Listing((*numbers, "site"), [_cells((*rest, site)) for site, *rest in found], frozenset(numbers))


def blocks(warehouse: Address, site: str, *, everything: bool) -> Listing:
    """The templates of ``site``, or ``everything`` that it repeats; raises StopRun for a site without a page."""
    with open_working_reader(warehouse) as con:
        if not con.execute("SELECT 1 FROM documents WHERE site = ? LIMIT 1", [site]).fetchall():
            raise StopRun(f"{site} has no page in {warehouse}; list the sites that have: tamis site")
        found = con.execute(_REPEATED if everything else _TEMPLATES, {"site": site}).fetchall()
    return Listing(("id", "state", "pages", "since", "text"), [_cells(row) for row in found], frozenset({"pages"}))


def _cells(row: Sequence[object]) -> tuple[str, ...]:
    return tuple("" if cell is None else str(cell) for cell in row)


def decide(warehouse: Address, site: str, decided: Mapping[str | None, Sequence[str]]) -> int:
    """Notes a person's decisions on blocks of ``site``, all or none, and gives how many there were.

    ``decided`` has the ids by decision, as ``site_memory.decide`` takes them. Raises StopRun as that does.
    """
    if not any(decided.values()):
        return 0
    now = datetime.now(UTC).replace(tzinfo=None)
    with open_writer(warehouse) as con, transaction(con):
        number = sum(len(site_memory.decide(con, site, ids, decision, now)) for decision, ids in decided.items())
    publish(warehouse)
    return number
