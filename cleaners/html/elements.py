"""The elements of a page as its blocks remember them: names, place, and what those around hand down."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from tamis.cleaners.html.guard import MAX_DEPTH, check_depth
from tamis.cleaners.html.tags import NAMING

_OWN = frozenset(("article", "main"))
_FURNITURE = frozenset(("nav", "footer", "dialog", "search"))
_FURNITURE_ROLES = frozenset(("navigation", "contentinfo", "search", "dialog", "alertdialog"))
_CONTROLS = frozenset(("button", "label"))
_NAMING_TOO = NAMING - {"class"}
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


@dataclass(slots=True, eq=False)
class Element:
    """An element on the way to some text: its names, its place, and what it inherits from those around it.

    ``names`` are its classes and what else says what it is for (`NAMING`, the tag of a custom element).

    ``own`` says that it stands in the page's ``article`` or ``main``; ``furniture``, that it stands outside of them in
    a ``nav``, a ``footer``, a dialog or what has such a role (WAI-ARIA 1.2), where no article has its text.
    """

    tag: str
    parent: Element | None
    depth: int
    names: str = ""
    linked: bool = False
    pressed: bool = False
    hidden: bool = False
    preformatted: bool = False
    own: bool = False
    furniture: bool = False
    position: int = 0
    children: int = 0

    @property
    def path(self) -> tuple[Element, ...]:
        """The element and those around it, innermost first."""
        found, element = [], self
        while element is not None:
            found.append(element)
            element = element.parent  # type: ignore[assignment]
        return tuple(found)


def enter(node: LexborNode, tag: str, parent: Element) -> Element:
    """The element of ``node``, a ``tag``, whose parent has been entered before.

    Raises SkipDocument (``hostile_markup``) where it stands too deep.
    """
    parent.children = position = parent.children + 1
    element = Element(
        tag,
        parent,
        parent.depth + 1,
        "",
        parent.linked,
        parent.pressed or tag in _CONTROLS,
        parent.hidden,
        parent.preformatted or tag == "pre",
        parent.own or tag in _OWN,
        False,  # noqa: FBT003 - by name it takes longer, and a page has some 800
        position,
    )
    if element.depth > MAX_DEPTH:
        check_depth(element.depth)
    attributes = node.attributes
    if attributes:
        if _NAMING_TOO.isdisjoint(attributes):
            names = attributes.get("class") or ""
        else:
            names = " ".join([value for name, value in attributes.items() if value and name in NAMING])
        element.names = names if "-" not in tag else f"{names} {tag}" if names else tag
        if tag == "a" and "href" in attributes:
            element.linked = True
        if not element.hidden:
            style = attributes.get("style")
            element.hidden = (
                "hidden" in attributes
                or attributes.get("aria-hidden") == "true"
                or (style is not None and _HIDDEN_STYLE.search(style) is not None)
            )
    if not element.own and (
        tag in _FURNITURE or attributes.get("role") in _FURNITURE_ROLES or attributes.get("aria-modal") == "true"
    ):
        element.furniture = True
    return element
