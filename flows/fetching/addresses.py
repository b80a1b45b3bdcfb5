"""Addresses by the rules of WHATWG (URL Standard), and one form of them for comparing."""

from __future__ import annotations

import re
from dataclasses import dataclass

import ada_url

from tamis.cleaners.normalise import printable
from tamis.cleaners.site import without_login
from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.records import Refusal

LONGEST = 4096
DEFAULT_PORTS = {"http": 80, "https": 443}
TRACKING = frozenset(
    [
        "fbclid",
        "gclid",
        "gclsrc",
        "dclid",
        "gbraid",
        "wbraid",
        "msclkid",
        "yclid",
        "twclid",
        "ttclid",
        "igshid",
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "oly_enc_id",
        "oly_anon_id",
        "vero_id",
        "_hsenc",
        "_hsmi",
        "__twitter_impression",
        "xtor",
        "xtref",
        "cmpid",
        "ncid",
        "ref_src",
        "ref_url",
        "s_cid",
        "srnd",
    ]
)
TRACKING_PREFIXES = ("utm_", "at_medium", "at_campaign", "at_custom", "at_link", "at_ptr", "mtm_", "pk_", "hsa_")
_ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})")
_LOGIN = re.compile(r"(^\s*https?:[/\\]*|//)[^/\\?#\s]*@", re.IGNORECASE)
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")


@dataclass(frozen=True, slots=True)
class Address:
    """A parsed http(s) address without its fragment; ``host`` is in ASCII, IPv6 in brackets."""

    href: str
    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> str:
        """Scheme, host and port: what one robots.txt speaks for."""
        port = "" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"


def parse(text: str, base: str | None = None) -> Address:
    """The address that a browser would go to. Raises SkipAddress (``bad_address``)."""
    try:
        url = ada_url.URL(text, base=base)
    except (ValueError, UnicodeError) as error:
        raise _bad(text, "it cannot be parsed; correct it") from error
    scheme = url.protocol.removesuffix(":")
    if scheme not in DEFAULT_PORTS:
        raise _bad(text, f"{url.protocol} is not http: or https:")
    if url.username or url.password:
        raise _bad(text, "it carries a name or password; leave that out")
    if len(url.href) > LONGEST:
        raise _bad(text, f"it is longer than {LONGEST:,} characters")
    url.hash = ""
    port = int(url.port) if url.port else DEFAULT_PORTS[scheme]
    return Address(url.href, scheme, url.hostname, port, url.href[len(url.origin) :])


def link(written: str, base: str | None) -> str | None:
    """Where something that a source names is, without a login; None where it names no address of the web.

    Raises SkipAddress (``too_large``) for an address longer than ``LONGEST``.
    """
    if len(written) > LONGEST:
        raise SkipAddress(Refusal.TOO_LARGE, f"{shown(written)!r}: an address of more than {LONGEST:,} characters")
    try:
        return parse(without_login(written), base).href
    except SkipAddress:
        return None


def shown(text: str) -> str:
    """An address, or what stands for one, as it may be stored and shown: printable, without name and password."""
    said = _LOGIN.sub(r"\1", printable(text[:LONGEST]))
    return said if len(text) <= LONGEST else said + "…"


def is_address(text: str) -> bool:
    """Whether ``text`` is an absolute http(s) address."""
    try:
        parse(text)
    except SkipAddress:
        return False
    return True


def canonical(url: str) -> str:
    """One form for all ways of writing an address, to tell whether it is known; for comparing, not for fetching.

    Without fragment and tracking parameters, the others by name, escapes as RFC 3986 (6.2.2) says.
    Raises SkipAddress (``bad_address``).
    """
    address = parse(url)
    path, _, query = address.target.partition("?")
    kept = sorted(part for part in query.split("&") if part and not _tracks(part))
    target = _unescaped(path) + ("?" + _unescaped("&".join(kept)) if kept else "")
    return address.origin + target


def _tracks(parameter: str) -> bool:
    name = parameter.partition("=")[0].lower()
    return name in TRACKING or name.startswith(TRACKING_PREFIXES)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    character = chr(int(match.group(1), 16))
    return character if _UNRESERVED.match(character) else match.group().upper()


def _bad(text: str, why: str) -> SkipAddress:
    said = shown(text)
    return SkipAddress(Refusal.BAD_ADDRESS, f"{said if len(said) <= 200 else said[:199] + '…'!r}: {why}")
