"""One number for what a block says, by which it is known again wherever it stands."""

from __future__ import annotations

import xxhash


def block_hash(text: str) -> int:
    """The 64-bit XXH3 of the text, casefolded and with its white space squeezed."""
    return xxhash.xxh3_64_intdigest(" ".join(text.casefold().split()).encode(errors="surrogatepass"))
