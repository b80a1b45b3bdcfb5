"""Addresses of pages, read without trust: which host one names, and which site that is."""

from __future__ import annotations

from urllib.parse import SplitResult, urljoin, urlsplit

_NOTHING = urlsplit("")


def split(url: str | None) -> SplitResult:
    """The parts of an address; of one that cannot be read (``http://[x``), all parts are empty."""
    try:
        parts = urlsplit(url or "")
        _ = parts.hostname
    except ValueError:
        return _NOTHING
    return parts


def join(base: str, url: str) -> str:
    """The address that ``url`` means on the page ``base``; ``url`` itself if they cannot be joined."""
    try:
        return urljoin(base, url)
    except ValueError:
        return url


def site_of(url: str | None) -> str | None:
    """The host of the address without ``www.``, which is what a page's template belongs to."""
    host = split(url).hostname
    return host.removeprefix("www.") if host else None


def without_login(url: str) -> str:
    """The address without the name and password that stand before its host, which are nobody else's business."""
    parts = split(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl() if "@" in parts.netloc else url
