"""The JSON-LD of a page: the node that describes its article, however the publisher nests or breaks it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

Node = dict[str, Any]

MAX_CHARACTERS = 1_000_000
_MAX_NODES = 2_000
_ARTICLES = ("article", "posting", "report", "review", "analysis", "opinionpiece", "recipe")
_PAGES = ("webpage", "itempage")
_NESTED = ("@graph", "mainEntity", "mainEntityOfPage")
_COMMENTS = re.compile(r"^\s*(?:<!--|/\*.*?\*/|//<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\]\]>|\]\]>)\s*$", re.S)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")


def read_nodes(scripts: Sequence[str]) -> list[Node]:
    """All nodes of the page's ``application/ld+json`` scripts, in document order.

    Nodes are reached through lists, ``@graph`` and ``mainEntity`` only: what a list of other articles or a
    comment holds is not of this page. A script that is no JSON even after repair is left out.
    """
    nodes: list[Node] = []
    for script in scripts:
        for node in _walk(_parse(script)):
            nodes.append(node)
            if len(nodes) >= _MAX_NODES:
                return nodes
    return nodes


def article_node(nodes: Sequence[Node], addresses: Sequence[str]) -> Node | None:
    """The node of the page's own article: the one that names one of its addresses, else the fullest one.

    None where nothing calls itself an article of any kind.
    """
    articles = [node for node in nodes if _is_a(node, _ARTICLES)]
    own = {_bare(address) for address in addresses if address}
    for node in articles:
        if any(_bare(address) in own for address in _addresses(node)):
            return node
    return max(articles, key=lambda node: ("datePublished" in node) + ("headline" in node), default=None)


def page_node(nodes: Sequence[Node]) -> Node | None:
    """The node of the web page itself, which some publishers describe instead of its article."""
    return next((node for node in nodes if _is_a(node, _PAGES)), None)


def resolve(value: object, nodes: Sequence[Node]) -> list[Node | str]:
    """A property's values as a list, each reference ``{"@id": …}`` replaced by the node it names."""
    values = value if isinstance(value, list) else [value]
    resolved: list[Node | str] = []
    for item in values:
        if isinstance(item, dict):
            resolved.append(_referred(item, nodes))
        elif isinstance(item, str) and item.strip():
            resolved.append(item.strip())
    return resolved


def text_of(value: object) -> str | None:
    """A property's text (the first of several), without markup entities; None where it holds none."""
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, str | dict)), None)
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value")
    if not isinstance(value, str):
        return None
    return " ".join(html.unescape(value).split()) or None


def _parse(script: str) -> object:
    if len(script) > MAX_CHARACTERS:
        return None
    for attempt in _readings(script):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _readings(script: str) -> Iterator[str]:
    """The script as it is, and with one thing after the other repaired; most need nothing."""
    yield script
    bare = _COMMENTS.sub("", script).strip().rstrip(";")
    yield bare
    yield _TRAILING_COMMA.sub(r"\1", bare)
    yield html.unescape(bare)


def _walk(value: object) -> Iterator[Node]:
    pending = [value]
    while pending:
        item = pending.pop(0)
        if isinstance(item, list):
            pending[:0] = item
        elif isinstance(item, dict):
            yield item
            pending[:0] = [item[key] for key in _NESTED if isinstance(item.get(key), dict | list)]


def _is_a(node: Node, endings: Sequence[str]) -> bool:
    kinds = node.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(name, str) and name.lower().endswith(tuple(endings)) for name in names)


def _addresses(node: Node) -> Iterator[str]:
    for key in ("url", "@id", "mainEntityOfPage"):
        value = node.get(key)
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str):
            yield value


def _bare(address: str) -> str:
    """An address without scheme, ``www.``, query, fragment and last slash, which tell no articles apart."""
    return re.sub(r"^[a-z]+:(?://)?(?:www\.)?|[?#].*$", "", address.strip().lower()).rstrip("/")


def _referred(item: Node, nodes: Sequence[Node]) -> Node:
    name = item.get("@id")
    if not isinstance(name, str) or "name" in item:
        return item
    return next((node for node in nodes if node.get("@id") == name and "name" in node), item)
