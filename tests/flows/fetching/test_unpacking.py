"""What was packed comes out the same however it arrives, and never more than was allowed."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.unpacking import Unpacker, gunzip

BODIES = st.binary(max_size=2000)


def packed(body: bytes, encoding: str) -> bytes:
    if encoding == "gzip":
        return gzip.compress(body)
    return zlib.compress(body) if encoding == "deflate" else body


def unpacked(pieces: list[bytes], encoding: str, limit: int) -> bytes:
    unpacker = Unpacker(encoding, limit)
    for piece in pieces:
        unpacker.add(piece)
    return unpacker.end()


@given(BODIES, st.sampled_from(["gzip", "deflate", "identity", ""]), st.integers(1, 500))
def test_any_body_in_any_pieces_comes_out_whole(body: bytes, encoding: str, size: int) -> None:
    sent = packed(body, encoding)
    pieces = [sent[start : start + size] for start in range(0, len(sent), size)]
    assert unpacked(pieces, encoding, 2000) == body


@given(BODIES, BODIES, st.integers(1, 50))
def test_a_second_member_is_found_wherever_a_piece_ends(one: bytes, other: bytes, size: int) -> None:
    sent = gzip.compress(one) + gzip.compress(other)
    pieces = [sent[start : start + size] for start in range(0, len(sent), size)]
    assert unpacked(pieces, "gzip", 4000) == one + other


@given(BODIES.filter(bool), st.sampled_from(["gzip", "deflate", ""]))
def test_one_byte_more_than_allowed_is_refused(body: bytes, encoding: str) -> None:
    assert unpacked([packed(body, encoding)], encoding, len(body)) == body
    with pytest.raises(SkipAddress, match="too_large"):
        unpacked([packed(body, encoding)], encoding, len(body) - 1)


@given(BODIES, st.sampled_from(["gzip", "deflate"]), st.data())
def test_a_cut_stream_never_passes_as_whole(body: bytes, encoding: str, data: st.DataObject) -> None:
    sent = packed(body, encoding)
    cut = sent[: data.draw(st.integers(2, len(sent) - 1))]
    with pytest.raises(SkipAddress, match="truncated"):
        unpacked([cut], encoding, 2000)


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate"]))
def test_any_bytes_unpack_or_are_refused_by_name(sent: bytes, encoding: str) -> None:
    try:
        body = unpacked([sent], encoding, 1000)
    except SkipAddress:
        return
    assert len(body) <= 1000


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "gzip, br", "gzip, gzip", "aws-chunked"])
def test_what_was_not_offered_is_refused(encoding: str) -> None:
    with pytest.raises(SkipAddress, match="encoding"):
        Unpacker(encoding, 1000)


def test_a_file_is_unpacked_only_if_it_is_packed() -> None:
    assert gunzip(gzip.compress(b"<urlset/>"), 100) == gunzip(b"<urlset/>", 100) == b"<urlset/>"
    with pytest.raises(SkipAddress, match="too_large"):
        gunzip(gzip.compress(b"x" * 101), 100)
