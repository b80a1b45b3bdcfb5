"""The warehouse as it stood at a moment: temporary views under the names of the tables, and ``articles`` over them.

A row stood when it was written by then and was replaced later or never. What does not change is as it is: raw
documents, robots files, how sources do.
"""

from __future__ import annotations

from datetime import datetime

import duckdb

from tamis.warehouse.columns import filled
from tamis.warehouse.migrations import SQL

_JUDGED = """
SELECT * FROM {now}.{table} WHERE judged_at <= {moment}
UNION ALL BY NAME
SELECT * EXCLUDE ({ends}) FROM {now}.former_{table} WHERE judged_at <= {moment} AND until > {moment}
"""
_VIEWS = {
    "raw_documents": "SELECT * FROM {now}.raw_documents WHERE loaded_at <= {moment}",
    "documents": _JUDGED.replace("{ends}", "until, ended_by"),
    "rejections": _JUDGED.replace("{ends}", "until, ended_by"),
    "relevance": _JUDGED.replace("{ends}", "until"),
    "blocks": """
SELECT * FROM {now}.blocks
WHERE document IN (SELECT document FROM {now}.documents WHERE judged_at <= {moment})
UNION ALL BY NAME
SELECT b.* EXCLUDE (until) FROM {now}.former_blocks AS b
SEMI JOIN (
    SELECT document, until FROM {now}.former_documents WHERE judged_at <= {moment} AND until > {moment}
) AS stood ON stood.document = b.document AND stood.until = b.until
""",
    # A document that left a cluster was in it until then; one that never left one is where it is.
    "memberships": """
WITH left_later AS (
    SELECT document, cluster, relation
    FROM {now}.former_memberships
    WHERE until > {moment}
    QUALIFY row_number() OVER (PARTITION BY document ORDER BY until) = 1
)
SELECT document, cluster, relation
FROM (
    FROM left_later
    UNION ALL
    SELECT document, cluster, relation FROM {now}.memberships ANTI JOIN left_later USING (document)
)
WHERE document IN (
    SELECT document FROM {now}.documents WHERE judged_at <= {moment}
    UNION ALL
    SELECT document FROM {now}.former_documents WHERE judged_at <= {moment} AND until > {moment}
)
""",
    "page_versions": """
SELECT v.* FROM {now}.page_versions AS v
SEMI JOIN (SELECT raw_key FROM {now}.raw_documents WHERE loaded_at <= {moment}) AS r USING (raw_key)
WHERE v.seen_at <= {moment}
""",
    "decisions": """
SELECT * REPLACE (NULL :: TIMESTAMP AS withdrawn_at) FROM {now}.decisions
WHERE decided_at <= {moment} AND (withdrawn_at IS NULL OR withdrawn_at > {moment})
""",
    "document_decisions": """
SELECT * REPLACE (NULL :: TIMESTAMP AS withdrawn_at) FROM {now}.document_decisions
WHERE decided_at <= {moment} AND (withdrawn_at IS NULL OR withdrawn_at > {moment})
""",
}


def stand(con: duckdb.DuckDBPyConnection, moment: datetime) -> None:
    """Makes ``con`` (which may be read-only) see the warehouse as it stood at ``moment`` (UTC)."""
    database = con.execute("SELECT current_database()").fetchall()[0][0]
    now = '"{}".main'.format(str(database).replace('"', '""'))
    named = {"now": now, "moment": f"TIMESTAMP '{moment.isoformat(sep=' ')}'"}
    for table, select in _VIEWS.items():
        con.execute(f"CREATE OR REPLACE TEMP VIEW {table} AS {select.format(table=table, **named)}")
    # The very view of today, over those tables: temporary names come first.
    view = filled((SQL / "views" / "articles.sql").read_text(encoding="utf-8"))
    con.execute(con.extract_statements(view)[0].query.replace("REPLACE VIEW", "REPLACE TEMP VIEW", 1))
