"""What the characters of each line look like, counted for all lines of a document at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]  # one number a line; float32 once it is in the matrix

ALNUM, UPPER, LOWER, DIGIT, TERMINAL, COMMA, QUOTE, BRACKET, SEPARATOR, OTHER, WIDE, SPACE = (1 << i for i in range(12))
(
    DATE_SIGN,
    CLOCK_SIGN,
    MONEY,
    HANDLE,
    COPYRIGHT,
    SLASH,
    EQUALS,
    DOT,
    BANG,
    OPEN,
    EXT_1,
    EXT_2,
    EXT_3,
    COLON,
    CODE,
) = (1 << i for i in range(12, 27))

_SETS = {
    TERMINAL: ".!?…。！？؟۔।",
    COMMA: ",;،؛、，；",
    QUOTE: '"“”„«»‹›「」',
    BRACKET: "()[]{}（）",
    SEPARATOR: "|·•/>→›▸►–—-*+#_=~&\\",
    DATE_SIGN: "./-",
    CLOCK_SIGN: ":hH",
    MONEY: "$€£%",
    HANDLE: "@#",
    COPYRIGHT: "©®",
    SLASH: "/",
    EQUALS: "=",
    DOT: ".",
    BANG: "!",
    OPEN: "[",
    COLON: ":",
    CODE: "{}();=<>[]",
    # jpg, jpeg, png, webp, gif, svg, avif: letter by letter after the dot.
    EXT_1: "jpwgsaJPWGSA",
    EXT_2: "pnievPNIEV",
    EXT_3: "gbfieGBFIE",
}


def _table() -> npt.NDArray[np.uint32]:
    """Look every character of the basic plane up once: its flags."""
    table = np.zeros(0x10000, dtype=np.uint32)
    for code in range(0x10000):
        char = chr(code)
        if char.isalnum():
            table[code] = ALNUM | UPPER * char.isupper() | LOWER * char.islower() | DIGIT * char.isdigit()
        elif char.isspace():
            table[code] = SPACE
        elif unicodedata.category(char)[0] in "SP":
            table[code] = OTHER
    for flag, chars in _SETS.items():
        for char in chars:
            if flag < OTHER:
                table[ord(char)] &= ~np.uint32(OTHER)
            table[ord(char)] |= flag
    table[ord("_")] |= ALNUM
    # Scripts without spaces: a character says about as much as half a word.
    for first, last in (("\u3040", "\u30ff"), ("\u4e00", "\u9fff"), ("\u0e00", "\u0e7f")):
        table[ord(first) : ord(last) + 1] |= WIDE
    return table


CLASSES = _table()


def shapes(texts: Sequence[str]) -> dict[str, Array]:
    """Named columns, one value a line; the lines must hold no newline and not be empty."""
    joined = "\n".join(texts) + "\n"
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    classes = CLASSES[np.minimum(codes, 0xFFFF)]
    ends = np.flatnonzero(codes == 10)
    starts = np.concatenate(([0], ends[:-1] + 1))
    length = (ends - starts).astype(np.float32)

    def count(mask: npt.NDArray[np.bool_]) -> Array:
        # A line's own newline is among its characters, so that none is empty; no mask marks it.
        return np.add.reduceat(mask, starts, dtype=np.int32).astype(np.float32)

    def has(flag: int) -> npt.NDArray[np.bool_]:
        found: npt.NDArray[np.bool_] = (classes & flag) != 0
        return found

    alnum, upper, lower, terminal, space = has(ALNUM), has(UPPER), has(LOWER), has(TERMINAL), has(SPACE)
    before = np.concatenate(([False], alnum[:-1]))
    word_starts = np.flatnonzero(alnum & ~before)
    word_ends = np.flatnonzero(~alnum & before)
    short = np.zeros(len(codes), dtype=bool)
    short[word_starts[(word_ends - word_starts) <= 3]] = True
    word_start = alnum & ~before

    words, wide = count(word_start), count(has(WIDE))
    some = np.maximum(words, 1)
    chars = np.maximum(length, 1)
    punct_then_space = np.zeros(len(codes), dtype=bool)
    punct_then_space[:-1] = (terminal[:-1] | ((classes[:-1] & COLON) != 0)) & space[1:] & (codes[1:] != 10)
    first, last = classes[starts], classes[np.maximum(ends - 1, 0)]
    before_last = classes[np.maximum(ends - 2, starts)]
    closed = ((last & TERMINAL) != 0) | (
        ((last & (QUOTE | BRACKET)) != 0) & ((before_last & (TERMINAL | QUOTE | SPACE)) != 0)
    )
    out = {
        "length": np.log1p(length),
        "words": words + wide / 2,
        "word_length": count(alnum) / some,
        "capitalised": count(word_start & upper) / some,
        "uncapitalised": count(word_start & lower) / some,
        "shouted": (count(upper) - count(word_start & upper)) / chars,
        "short_words": count(short) / some,
        "digits": count(has(DIGIT)) / chars,
        "code": count(has(CODE)) / chars,
        "commas": count(has(COMMA)) / some,
        "quotes": count(has(QUOTE)),
        "brackets": count(has(BRACKET)),
        "separators": count(has(SEPARATOR)) / some,
        "other_signs": count(has(OTHER)) / chars,
        "sentences": count(punct_then_space),
        "closed": closed.astype(np.float32),
        "ends_colon": (codes[np.maximum(ends - 1, 0)] == 58).astype(np.float32),
        "ends_question": np.isin(codes[np.maximum(ends - 1, 0)], [63, 0x61F, 0xFF1F]).astype(np.float32),
        "ends_ellipsis": ((codes[np.maximum(ends - 1, 0)] == 0x2026) | ((last & before_last & TERMINAL) != 0)).astype(
            np.float32
        ),
        "ends_digit": ((last & DIGIT) != 0).astype(np.float32),
        "starts_lower": ((first & LOWER) != 0).astype(np.float32),
        "starts_digit": ((first & DIGIT) != 0).astype(np.float32),
        "starts_sign": ((first & (SEPARATOR | BRACKET | OTHER)) != 0).astype(np.float32),
        "starts_quote": ((first & QUOTE) != 0).astype(np.float32),
    }
    out |= {name: count(mask) for name, mask in _marks(codes, classes, word_starts, word_ends).items()}
    return {name: column.astype(np.float32) for name, column in out.items()}


def _marks(
    codes: npt.NDArray[np.uint32],
    classes: npt.NDArray[np.uint32],
    word_starts: npt.NDArray[np.intp],
    word_ends: npt.NDArray[np.intp],
) -> dict[str, npt.NDArray[np.bool_]]:
    """Where addresses, images, dates, times, prices and the like begin: small patterns, matched by shifts."""

    def at(by: int, flag: int) -> npt.NDArray[np.bool_]:
        """Whether the character ``by`` places further on has the flag."""
        out = np.zeros(len(codes), dtype=bool)
        out[: max(len(codes) - by, 0)] = (classes[by:] & flag) != 0
        return out

    digit = at(0, DIGIT)
    ending = at(0, TERMINAL | QUOTE | BRACKET | LOWER | DIGIT) & (codes < 0x2000)
    extension = at(0, DOT) & at(1, EXT_1) & at(2, EXT_2) & at(3, EXT_3)
    dated = digit & at(1, DATE_SIGN) & at(2, DIGIT) & (at(3, DATE_SIGN) | at(4, DATE_SIGN))
    year = np.zeros(len(codes), dtype=bool)
    four = word_starts[word_ends - word_starts == 4]
    century = codes[four] * 128 + codes[four + 1]
    year[four] = ((century == ord("1") * 128 + ord("9")) | (century == ord("2") * 128 + ord("0"))) & digit[four + 3]
    return {
        "url": at(0, SLASH) & at(1, SLASH),
        "image": extension | (at(0, EQUALS) & at(1, DIGIT)) | (at(0, BANG) & at(1, OPEN)),
        "date": dated | year,
        "clock": digit & at(1, CLOCK_SIGN) & at(2, DIGIT) & at(3, DIGIT),
        "money": at(0, MONEY),
        "handle": at(0, HANDLE) & at(1, ALNUM),
        "copyright": at(0, COPYRIGHT),
        "glued": ending & at(1, UPPER) & at(2, LOWER),
    }
