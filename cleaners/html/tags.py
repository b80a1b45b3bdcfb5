"""Which HTML elements show nothing, break no line, or speak for what stands in them."""

from __future__ import annotations

# fmt: off
UNSEEN = (
    "script", "style", "svg", "template", "iframe", "noscript", "select", "textarea", "object", "canvas", "head",
)
INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "button", "cite", "code", "data", "del", "dfn", "em", "font",
    "i", "img", "input", "ins", "kbd", "label", "map", "mark", "math", "meter", "nobr", "output", "picture", "q",
    "rp", "rt", "ruby", "s", "samp", "small", "source", "span", "strike", "strong", "sub", "sup", "time", "tt", "u",
    "var", "wbr", "area", "video", "audio", "track", "link", "meta", "o:p", "amp-img",
))
NAMING = frozenset(("class", "id", "itemprop", "data-testid", "data-component", "data-type"))
"""Attributes whose words say what an element is for."""
# fmt: on
