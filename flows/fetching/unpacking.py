"""Decompression that cannot be made to fill the memory (RFC 1950 to 1952), and that tells a cut stream."""

from __future__ import annotations

import zlib

from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.records import Refusal

OFFERED = "gzip, deflate"
_GZIP, _ZLIB, _BARE = 31, 15, -15
_GZIP_MAGIC = b"\x1f\x8b"
# What zlib has not used is copied for each member of a stream: small slices keep many members cheap.
_SLICE = 16 * 1024
_MEMBERS = 1000


class Unpacker:
    """Takes the pieces of a body as they arrive; holds at most ``limit`` unpacked bytes.

    ``encoding`` is the value of Content-Encoding. Raises SkipAddress (``encoding``) for one that was not offered.
    """

    def __init__(self, encoding: str, limit: int) -> None:
        names = [name.strip().lower() for name in encoding.split(",")]
        self._encodings = [name for name in names if name not in ("", "identity")]
        if len(self._encodings) > 1 or not {*self._encodings} <= {"gzip", "x-gzip", "deflate"}:
            raise SkipAddress(Refusal.ENCODING, f"the body is encoded as {encoding!r}; only {OFFERED} were offered")
        self._limit = limit
        self._body = bytearray()
        self._members = 0
        self._held = b""
        self._inflater: zlib._Decompress | None = None

    def add(self, piece: bytes) -> None:
        """Takes the next piece. Raises SkipAddress (``too_large``, ``encoding``)."""
        if not self._encodings:
            self._keep(piece)
            return
        for start in range(0, len(piece), _SLICE):
            self._inflate(piece[start : start + _SLICE])

    def end(self) -> bytes:
        """The whole body. Raises SkipAddress (``truncated``) where the compressed stream stops early."""
        if not (self._inflater.eof if self._inflater else not self._held):
            detail = f"the compressed stream stops early, after {len(self._body):,} bytes"
            raise SkipAddress(Refusal.TRUNCATED, detail, retry_in=0.0)
        return bytes(self._body)

    def so_far(self) -> bytes:
        """The unpacked bytes up to now, at most ``limit``: for a file of which only the beginning counts."""
        return bytes(self._body)

    def _inflate(self, data: bytes) -> None:
        data = self._held + data
        self._held = b""
        while data:
            inflater = self._inflater
            if inflater is None or inflater.eof:
                if len(data) < len(_GZIP_MAGIC):
                    self._held = data  # what begins here shows only with the next piece
                    return
                # Another gzip member goes on with the body; anything else behind an end is padding.
                if inflater is not None and not data.startswith(_GZIP_MAGIC):
                    return
                inflater = self._inflater = self._begin(data)
            data = self._decompress(inflater, data)

    def _begin(self, data: bytes) -> zlib._Decompress:
        self._members += 1
        if self._members > _MEMBERS:
            raise SkipAddress(Refusal.ENCODING, f"the body is compressed in more than {_MEMBERS:,} parts")
        return zlib.decompressobj(self._window(data))

    def _decompress(self, inflater: zlib._Decompress, data: bytes) -> bytes:
        """What is left of ``data`` when as much of it as may be was unpacked."""
        try:
            self._keep(inflater.decompress(data, self._limit + 1 - len(self._body)))
        except zlib.error as error:
            raise SkipAddress(Refusal.ENCODING, f"the body does not decompress ({error})") from error
        return inflater.unused_data if inflater.eof else inflater.unconsumed_tail

    def _window(self, data: bytes) -> int:
        if self._encodings[0] != "deflate":
            return _GZIP
        # Some servers send deflate without its zlib header, which is a multiple of 31 beginning with 8.
        has_header = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
        return _ZLIB if has_header else _BARE

    def _keep(self, piece: bytes) -> None:
        room = self._limit - len(self._body)
        self._body += piece[:room]
        if len(piece) > room:
            raise SkipAddress(Refusal.TOO_LARGE, f"more than {self._limit:,} bytes; it was not read further")


def gunzip(body: bytes, limit: int) -> bytes:
    """A gzip file unpacked; what is not one is given back as it is.

    Raises SkipAddress (``too_large``, ``truncated``, ``encoding``).
    """
    if not body.startswith(_GZIP_MAGIC):
        return body
    unpacker = Unpacker("gzip", limit)
    unpacker.add(body)
    return unpacker.end()
