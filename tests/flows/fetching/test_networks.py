"""Nothing but the public web is dialled; every other form of an inner address is refused, too."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.cleaners.errors import StopRun
from tamis.flows.fetching import networks
from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.networks import CLOSED_V4, Allowed

PUBLIC = [
    "1.1.1.1",
    "93.184.216.34",
    "172.32.0.1",
    "100.128.0.1",
    "2606:4700:4700::1111",
    "2a02:26f0::1",
    "2001:4860::8888",
]
INNER = [
    "0.0.0.0", "10.255.255.255", "100.64.0.1", "127.255.0.1", "168.63.129.16", "169.254.169.254", "172.31.255.255",
    "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.19.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:8.8.8.8", "::8.8.8.8", "64:ff9b::8.8.8.8", "64:ff9b:1::1",
    "100::1", "2001::1", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:808:808::1", "2620:4f:8000::1", "3fff::1",
    "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "2a00::5efe:8.8.8.8",
    "2a00::200:5efe:8.8.8.8",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_pass(address: str) -> None:
    assert networks.is_public(ip_address(address))
    assert networks.check("news.example", 443, [address], Allowed()) == [address]


@pytest.mark.parametrize("address", INNER)
def test_inner_addresses_do_not(address: str) -> None:
    with pytest.raises(SkipAddress, match="private_address"):
        networks.check("news.example", 80, ["93.184.216.34", address], Allowed())


@given(st.sampled_from(CLOSED_V4), st.integers(0, 2**32 - 1))
def test_no_inner_address_passes_in_any_form_of_ipv6(network: object, offset: int) -> None:
    base = int(network.network_address)  # type: ignore[attr-defined]
    inner = base + offset % network.num_addresses  # type: ignore[attr-defined]
    assert not networks.is_public(IPv4Address(inner))
    forms = [
        inner,
        0xFFFF << 32 | inner,
        0x64FF9B << 96 | inner,
        0x2002 << 112 | inner << 80,
        0x20010000 << 96 | (inner ^ 0xFFFFFFFF),
        0x2A00 << 112 | 0x5EFE << 32 | inner,
    ]
    assert [form for form in forms if networks.is_public(IPv6Address(form))] == []


@pytest.mark.parametrize("port", [0, 21, 22, 25, 3306, 6379, 8080])
def test_only_the_ports_of_the_web_are_dialled(port: int) -> None:
    with pytest.raises(SkipAddress, match="port"):
        networks.check("news.example", port, ["93.184.216.34"], Allowed())


def test_the_allow_list_opens_one_place_or_a_network_and_no_more() -> None:
    allowed = networks.read_allowed(["127.0.0.1:8080", "wiki.intranet:8443", "10.1.0.0/16", "[::1]:9000"])
    assert networks.check("127.0.0.1", 8080, ["127.0.0.1"], allowed)
    assert networks.check("wiki.intranet", 8443, ["10.9.9.9"], allowed)
    assert networks.check("anything.intranet", 443, ["10.1.2.3"], allowed)
    assert networks.check("[::1]", 9000, ["::1"], allowed)
    for host, port, address in (
        ("127.0.0.1", 8081, "127.0.0.1"),
        ("127.0.0.2", 8080, "127.0.0.2"),
        ("wiki.intranet", 443, "10.9.9.9"),
        ("anything.intranet", 8443, "10.1.2.3"),
    ):
        with pytest.raises(SkipAddress):
            networks.check(host, port, [address], allowed)


def test_wrong_entries_of_the_allow_list_are_all_named() -> None:
    with pytest.raises(StopRun, match=r"nonsense, 10\.0\.0\.1/40"):
        networks.read_allowed(["127.0.0.1:80", "nonsense", "10.0.0.1/40"])


def test_a_name_without_an_address_is_unknown() -> None:
    with pytest.raises(SkipAddress, match="unknown_host"):
        networks.check("news.example", 443, [], Allowed())
