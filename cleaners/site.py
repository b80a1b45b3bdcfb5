"""Which site an address belongs to."""

from __future__ import annotations

from urllib.parse import urlsplit


def site_of(url: str | None) -> str | None:
    """The host of the address without ``www.``, which is what a page's template belongs to."""
    host = urlsplit(url).hostname if url else None
    return host.removeprefix("www.") if host else None
