"""The settings of fetching: who asks, how fast, and how much at most."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tamis.cleaners import __version__
from tamis.cleaners.errors import StopRun
from tamis.flows.fetching import addresses

MEBIBYTE = 1024 * 1024
TOKEN = re.compile(r"[A-Za-z_-]+")
MAIL = re.compile(r"(?:mailto:)?[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>()]+")


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How the client behaves. ``contact`` (a mail address or a page about you) is the user's to set.

    ``agent`` is the product token that robots.txt names; ``seconds`` the longest that one request may take;
    ``delay`` the least pause between two requests to a host; ``patience`` the longest that a request waits for
    its host; ``at_once`` how many hosts are asked at the same time. ``allow`` opens private places
    (``host:port`` or a network); ``proxy`` is the only way to a proxy, environment variables are not read.
    """

    contact: str = ""
    agent: str = "tamis"
    seconds: float = 30.0
    max_bytes: int = 5 * MEBIBYTE
    redirects: int = 5
    retries: int = 2
    delay: float = 1.0
    patience: float = 300.0
    at_once: int = 16
    obey_reservations: bool = True
    allow: tuple[str, ...] = ()
    proxy: str | None = None
    ca_file: Path | None = None

    @property
    def user_agent(self) -> str:
        """What every request says of us, with the way to complain."""
        contact = f"mailto:{self.contact}" if "@" in self.contact and ":" not in self.contact else self.contact
        return f"{self.agent}/{__version__} (+{contact})"


def check(settings: FetchSettings) -> None:
    """Raises StopRun naming every wrong setting at once, with what it may be."""
    wrong = list(_wrong(settings))
    if wrong:
        raise StopRun("fetching is not set up:\n" + "\n".join(f"  - {line}" for line in wrong))


def _wrong(settings: FetchSettings) -> Iterator[str]:
    contact = settings.contact
    if not contact:
        yield (
            "contact is not set; sites must be able to reach you: give your mail address or a page about you, with"
            " export TAMIS_CONTACT=you@your-newsroom.org (or contact in tamis.toml)"
        )
    elif not contact.isascii() or not (MAIL.fullmatch(contact) or addresses.is_address(contact)):
        yield f"contact = {contact!r} is neither a mail address nor an http(s) address; correct TAMIS_CONTACT"
    if not TOKEN.fullmatch(settings.agent):
        yield f"agent = {settings.agent!r} is no product token; use letters, - and _ only (RFC 9309, section 2.2.1)"
    if settings.proxy is not None and not settings.proxy.startswith(("http://", "https://")):
        yield f"proxy = {settings.proxy!r} is not an http:// or https:// address; correct TAMIS_PROXY"
    if settings.ca_file is not None and not settings.ca_file.is_file():
        yield f"ca_file = {settings.ca_file}: there is no such file; correct TAMIS_CA_FILE"
    for name in ("seconds", "max_bytes", "at_once"):
        if not getattr(settings, name) > 0:
            yield f"{name} = {getattr(settings, name)} must be more than 0"
    for name in ("redirects", "retries", "delay", "patience"):
        if not getattr(settings, name) >= 0:
            yield f"{name} = {getattr(settings, name)} must not be less than 0"
