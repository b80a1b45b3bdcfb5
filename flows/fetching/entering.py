"""The one way in for what strangers say of pages: made printable and encodable, and no longer than it may be."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from tamis.cleaners.normalise import printable
from tamis.flows.fetching import addresses
from tamis.flows.fetching.records import Candidate, Refused, Rights
from tamis.flows.fetching.retrying import LONGEST_WAIT

LONGEST_TITLE = 2_000
LONGEST_SUMMARY = 20_000
"""What is longer is the page itself; its beginning is enough to rank it."""
LONGEST_NAME = 300
MOST_NAMES = 100
LONGEST_DETAIL = 1_000


def candidate(found: Candidate) -> tuple[Candidate, int]:
    """A candidate as it may be kept, and how many of its title, names and tags had to be cut.

    Raises SkipAddress (``bad_address``, ``too_large``) for its address, TypeError or AttributeError for a field of
    another type: a user's own function may give anything.
    """
    title, authors, tags = _printable(found.title), _names(found.authors), _names(found.tags)
    kept = replace(
        found,
        url=addresses.parse(found.url).href,
        source=cut(found.source, LONGEST_TITLE),
        title=title[:LONGEST_TITLE],
        summary=cut(found.summary[: 2 * LONGEST_SUMMARY], LONGEST_SUMMARY),
        published=_moment(found.published),
        modified=_moment(found.modified),
        seen=_moment(found.seen),
        language=cut(found.language[:LONGEST_NAME], LONGEST_NAME),
        authors=tuple(name[:LONGEST_NAME] for name in authors[:MOST_NAMES]),
        tags=tuple(name[:LONGEST_NAME] for name in tags[:MOST_NAMES]),
    )
    names = (*authors, *tags)
    left_out = max(0, len(authors) - MOST_NAMES) + max(0, len(tags) - MOST_NAMES)
    return kept, (len(title) > LONGEST_TITLE) + sum(len(name) > LONGEST_NAME for name in names) + left_out


def refused(found: Refused) -> Refused:
    """A refusal as it may be kept and shown: its detail quotes strangers, its address has no login."""
    wait = found.retry_in
    return replace(
        found,
        url=addresses.shown(found.url),
        detail=cut(found.detail, LONGEST_DETAIL),
        retry_in=None if wait is None or math.isnan(wait) else min(max(wait, 0.0), LONGEST_WAIT),
    )


def rights(stated: Rights) -> Rights:
    """What a page says of its rights, as it may be kept."""
    policy = None if stated.tdm_policy is None else cut(stated.tdm_policy, LONGEST_DETAIL)
    return replace(stated, tdm_policy=policy, evidence=tuple(cut(said, LONGEST_DETAIL) for said in stated.evidence))


def cut(text: str, longest: int) -> str:
    """Text on one line, printable, of so many characters at most."""
    said = _printable(text)
    return said if len(said) <= longest else said[: longest - 1] + "…"


def _names(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(filter(None, map(_printable, given)))


def _printable(text: str) -> str:
    if not isinstance(text, str):
        raise TypeError(f"{text!r:.80} is no text")
    return printable(text)


def _moment(given: datetime | None) -> datetime | None:
    """A time in UTC, which one without a zone is taken for; None for one outside the calendar."""
    if given is None:
        return None
    try:
        return given.astimezone(UTC) if given.tzinfo else given.replace(tzinfo=UTC)
    except OverflowError:
        return None
