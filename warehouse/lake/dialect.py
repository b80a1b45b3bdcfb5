"""The SQL of the migrations, views and macros in the dialect of a lake: the same files serve both.

DuckLake has no keys, and no comments on the columns of a view. That no row comes twice is kept by the loads, which
ask before they add and take turns; the tests hold the grains.
"""

from __future__ import annotations

import re

_KEY_OF_COLUMN = re.compile(r"(?: NOT NULL)? (?:PRIMARY KEY|UNIQUE)(?! *\()(?: NOT NULL)?", re.IGNORECASE)
_KEY_OF_TABLE = re.compile(r",\s*(?:PRIMARY KEY|UNIQUE) *\([^)]*\)", re.IGNORECASE)
# DuckLake does so only where the table was there before the transaction.
_SET_NOT_NULL = re.compile(r"^ALTER TABLE \w+ ALTER (?:COLUMN )?\w+ SET NOT NULL;", re.IGNORECASE | re.MULTILINE)
_VIEW = re.compile(r"^CREATE (?:OR REPLACE )?VIEW (\w+)", re.IGNORECASE | re.MULTILINE)
_COMMENT_ON_COLUMN = r"^COMMENT ON COLUMN (?:{views})\.\w+ IS '(?:[^']|'')*';"


def of_lake(sql: str) -> str:
    """``sql`` without keys, SET NOT NULL, and comments on columns of the views it makes.

    A column that was a key still takes no NULL.
    """
    sql = _KEY_OF_TABLE.sub("", _KEY_OF_COLUMN.sub(" NOT NULL", _SET_NOT_NULL.sub("", sql)))
    views = _VIEW.findall(sql)
    if views:
        sql = re.sub(_COMMENT_ON_COLUMN.format(views="|".join(views)), "", sql, flags=re.IGNORECASE | re.MULTILINE)
    return sql
