"""The title of an article out of a page's several: without the name of its site."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tamis.cleaners.html.head import Head
from tamis.cleaners.vocabulary import fold

_SEPARATOR = re.compile(r"\s+[|·•»«–—\-:]+\s+|\s*[|•»]\s*|\s+::\s+|\s*\|\|\s*|:\s+(?=\S+$)")
_WORD = re.compile(r"\w+")
_MAX_CHARACTERS = 300


def find_headline(head: Head, declared: str | None, site_name: str | None, host: str | None) -> str | None:
    """The heading that a reader sees when the page's other titles bear it out, else what the page declares.

    ``declared`` is the headline of its JSON-LD. The name of the site is cut off at a separator, when the part
    cut off is known as that (site name, host) or the rest is a heading of the page.
    """
    stated = head.meta("og:title", "twitter:title", "dc.title", "citation_title")
    others = [title for title in (declared, stated, head.title) if title]
    headings = [h for h in head.headings if len(h) <= _MAX_CHARACTERS]
    borne_out = [
        (max((_likeness(h, other) for other in others), default=0.0), h)
        for h in headings
        if not (len(others) > 0 and _names_site(h, site_name, host))
    ]
    score, heading = max(borne_out, key=lambda pair: pair[0], default=(0.0, ""))
    if score >= 0.5 or (not others and headings):
        return _without_site(heading or headings[0], site_name, host, ())
    for other in others:
        if title := _without_site(other, site_name, host, headings):
            return title
    return headings[0] if headings else None


def _without_site(title: str, site_name: str | None, host: str | None, headings: Sequence[str]) -> str:
    known = {fold(heading) for heading in headings}
    cuts = list(_SEPARATOR.finditer(title))
    for cut in cuts:
        if fold(title[: cut.start()]) in known:
            return title[: cut.start()].strip()
    if cuts and _names_site(title[cuts[-1].end() :], site_name, host):
        return _without_site(title[: cuts[-1].start()].strip(), site_name, host, headings)
    if cuts and _names_site(title[: cuts[0].start()], site_name, host):
        return title[cuts[0].end() :].strip()
    return title.strip()


def _names_site(part: str, site_name: str | None, host: str | None) -> bool:
    """Whether a part of a title is the site's name: as stated, or its letters are a label of the host."""
    letters = "".join(_WORD.findall(fold(part)))
    labels = (host or "").removeprefix("www.").split(".")[:-1]
    if not letters or len(part) > 60:
        return False
    stated = "".join(_WORD.findall(fold(site_name or "")))
    if letters in (stated, *labels, "".join(labels), (host or "").removeprefix("www.").replace(".", "")):
        return True
    return len(stated) > 3 and stated in letters and len(part.split()) <= 6


def _likeness(one: str, other: str) -> float:
    """Dice's coefficient of their words; 1 where the other only goes on after them, with a site's name."""
    a, b = set(_WORD.findall(fold(one))), set(_WORD.findall(fold(other)))
    if len(a) >= 4 and a <= b:
        return 1.0
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0
