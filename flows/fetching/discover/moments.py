"""Times as sources write them, as UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})T?(\d{2})(\d{2})(\d{2})Z?")


def read_moment(written: object) -> datetime | None:
    """A time in ISO 8601 (W3C's profile of it too), GDELT's form of it, or as in mail; None where it is none of them.

    A time without a zone is taken for UTC, a day for its beginning: they may be a day off.
    """
    text = written.strip() if isinstance(written, str) else ""
    if len(text) > 64:
        return None
    if match := _COMPACT.fullmatch(text):
        text = "{}-{}-{}T{}:{}:{}".format(*match.groups())
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None
