"""What a site says about text and data mining, in the places where it may say it.

TDMRep (W3C Community Group final report, 10 May 2024): response headers and meta elements speak for a page,
``/.well-known/tdmrep.json`` for a site where they are silent. ``noai`` and ``noimageai`` are no standard;
sites put them where robots directives go.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from tamis.cleaners.errors import SkipDocument
from tamis.cleaners.html.guard import check_markup
from tamis.flows.fetching.records import Rights
from tamis.flows.fetching.robots import may_fetch

PATH = "/.well-known/tdmrep.json"
HEAD_BYTES = 128 * 1024
MOST_RULES = 1_000
_NO_AI = frozenset({"noai", "noml", "notrain"})
_OPTIONS = re.compile(r"</?(?:select|option|optgroup)\b[^<>]*+>", re.IGNORECASE)
_HTML = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class TdmRule:
    """One entry of a tdmrep.json: a path pattern, and what is said of it."""

    location: str
    reserved: bool
    policy: str | None


def of_page(headers: Mapping[str, str], media_type: str, body: bytes, agent: str) -> Rights:
    """What the response itself says, in its headers (names in lower case) and, for HTML, in its head."""
    rights = _with_robots(Rights(), headers.get("x-robots-tag", ""), "X-Robots-Tag", agent)
    rights = _with_tdm(rights, headers.get("tdm-reservation"), headers.get("tdm-policy"), "tdm-reservation header")
    if media_type not in _HTML:
        return rights
    metas = dict(_metas(body[:HEAD_BYTES]))
    for name in ("robots", agent.lower()):
        rights = _with_robots(rights, metas.get(name, ""), f"meta {name}", agent)
    return _with_tdm(rights, metas.get("tdm-reservation"), metas.get("tdm-policy"), "meta tdm-reservation")


def read_site(body: bytes) -> tuple[TdmRule, ...]:
    """The rules of a tdmrep.json; entries that are none are left out, and a file that is none has no rules."""
    try:
        entries = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return ()
    return tuple(islice(_site_rules(entries if isinstance(entries, list) else [entries]), MOST_RULES))


def with_site(rights: Rights, rules: tuple[TdmRule, ...], url: str) -> Rights:
    """``rights`` with what the site says of ``url``, where the page itself says nothing; any reservation counts."""
    if rights.tdm_reserved is not None:
        return rights
    matching = [rule for rule in rules if _matches(rule.location, url)]
    for rule in sorted(matching, key=lambda rule: not rule.reserved)[:1]:
        said = f"{PATH}: {rule.location} {int(rule.reserved)}"
        return replace(rights, tdm_reserved=rule.reserved, tdm_policy=rule.policy, evidence=(*rights.evidence, said))
    return rights


def without_options(html: str) -> str:
    """HTML without its lists of options, which hold no links and no metadata: Lexbor's time grows with their square."""
    return _OPTIONS.sub("", html)


def _with_tdm(rights: Rights, value: str | None, policy: str | None, place: str) -> Rights:
    """Header and element may contradict each other, or themselves: one reservation is enough."""
    said = {part.strip() for part in (value or "").split(",")} & {"0", "1"}
    if not said:
        return rights
    reserved = "1" in said or bool(rights.tdm_reserved)
    evidence = (*rights.evidence, f"{place}: {value}")
    return replace(rights, tdm_reserved=reserved, tdm_policy=policy or rights.tdm_policy, evidence=evidence)


def _with_robots(rights: Rights, value: str, place: str, agent: str) -> Rights:
    """``X-Robots-Tag: otherbot: noai`` speaks to the other one until the next name or the end."""
    speaks_to_us = True
    for part in value.lower().split(","):
        name, colon, directive = part.partition(":")
        if colon:
            speaks_to_us = name.strip() in ("*", agent.lower())
        if speaks_to_us and (directive if colon else name).strip() in _NO_AI:
            return replace(rights, noai=True, evidence=(*rights.evidence, f"{place}: {value}"))
    return rights


def _metas(head: bytes) -> Iterator[tuple[str, str]]:
    end = head.lower().find(b"<body")
    html = head[: end if end >= 0 else None].decode("utf-8", "replace")
    try:
        check_markup(html)
    except SkipDocument:
        return  # cleaning refuses such a page altogether
    for meta in LexborHTMLParser(without_options(html)).css("meta[name][content]"):
        yield (meta.attributes["name"] or "").strip().lower(), meta.attributes["content"] or ""


def _site_rules(entries: list[Any]) -> Iterator[TdmRule]:
    for entry in entries:
        if isinstance(entry, dict) and isinstance(entry.get("location"), str):
            policy = entry.get("tdm-policy")
            reserved = str(entry.get("tdm-reservation")) in ("1", "True")
            yield TdmRule(entry["location"], reserved, policy if isinstance(policy, str) else None)


def _matches(location: str, url: str) -> bool:
    """Locations are patterns as in robots.txt, with ``*`` and ``$``; the same parser reads them."""
    path = location if location.startswith(("/", "*")) else "/" + location
    return not may_fetch(f"user-agent: *\ndisallow: {path}".encode(), "tdm", url)
