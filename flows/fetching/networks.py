"""Which addresses may be dialled: public ones on the web's two ports, and those that the user names.

The list is our own: ``ipaddress.is_global`` lets the transition forms of IPv6 through, behind each of which a
private IPv4 address can stand. Sources: IANA special-purpose registries for IPv4 and IPv6, RFC 6890, RFC 5214.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from tamis.cleaners.errors import StopRun
from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.records import Refusal

IP = IPv4Address | IPv6Address
PORTS = frozenset({80, 443})
CLOSED_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # a cloud's metadata service on an address that looks public
    )
)  # fmt: skip
# Of IPv6 only global unicast is open: that leaves out ::1, mapped, compatible, NAT64, local and multicast forms.
OPEN_V6 = IPv6Network("2000::/3")
CLOSED_V6 = tuple(
    IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)  # fmt: skip
ISATAP = frozenset({0x00005EFE, 0x02005EFE})


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the user opens besides the public web: single hosts on one port, and networks on ports 80 and 443."""

    places: frozenset[tuple[str, int]] = frozenset()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()


def read_allowed(entries: Iterable[str]) -> Allowed:
    """The allow list from ``host:port`` and network (``10.1.0.0/16``) entries.

    Raises StopRun naming every entry that is neither.
    """
    places, networks, wrong = set(), [], []
    for entry in entries:
        host, _, port = entry.strip().lower().rpartition(":")
        if host and port.isdecimal() and (":" not in host or host.startswith("[")):
            places.add((host.strip("[]"), int(port)))
            continue
        try:
            networks.append(ip_network(entry.strip()))
        except ValueError:
            wrong.append(entry)
    if wrong:
        raise StopRun(
            f"TAMIS_ALLOW: {', '.join(wrong)} cannot be allowed; write host:port or a network such as 10.1.0.0/16"
        )
    return Allowed(frozenset(places), tuple(networks))


def is_public(address: IP) -> bool:
    """Whether ``address`` belongs to the public internet, and to nothing behind it."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in CLOSED_V4)
    if address not in OPEN_V6 or any(address in network for network in CLOSED_V6):
        return False
    return (int(address) >> 32) & 0xFFFFFFFF not in ISATAP


def check(host: str, port: int, answers: Iterable[str], allowed: Allowed) -> list[str]:
    """The addresses of ``host`` that may be dialled: all of ``answers``.

    Raises SkipAddress (``port``, ``private_address``, ``unknown_host``) unless every one of them may be.
    """
    # A scope (fe80::1%eth0) names an interface, not a place.
    found = [ip_address(answer.partition("%")[0]) for answer in answers]
    if not found:
        raise SkipAddress(Refusal.UNKNOWN_HOST, f"{host} has no address")
    for address in found:
        if {(host.lower().strip("[]"), port), (str(address), port)} & allowed.places:
            continue
        if port not in PORTS:
            raise SkipAddress(
                Refusal.PORT, f"{host}:{port}: only ports 80 and 443 are fetched from; {_remedy(host, port)}"
            )
        if not is_public(address) and not any(address in network for network in allowed.networks):
            detail = f"{host} is {address}, which is not on the public internet; {_remedy(host, port)}"
            raise SkipAddress(Refusal.PRIVATE_ADDRESS, detail)
    return [str(address) for address in found]


def _remedy(host: str, port: int) -> str:
    return f"if it is yours, allow it: TAMIS_ALLOW={host}:{port} (several by commas)"
