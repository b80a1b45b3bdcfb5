"""One number for the words of a block, whatever their case and spacing: how a block is known again on other pages."""

from __future__ import annotations

import xxhash


def block_hash(text: str) -> int:
    """XXH3 (64 bit) of ``text``, casefolded and with every run of white space squeezed to one space."""
    return xxhash.xxh3_64_intdigest(" ".join(text.casefold().split()).encode(errors="surrogatepass"))
