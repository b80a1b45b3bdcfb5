"""A text as the units that count for duplicates: folded words, or characters in scripts without spaces.

What a republisher's software changes by itself (case, accents, ligatures, quotation marks, Arabic letter
variants and vowel signs, digits) is folded away; what an editor changes is not.
"""

from __future__ import annotations

import re
import unicodedata

# Thai, Lao, Burmese, Khmer, kana and Han write no spaces between words: there a unit is a character.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
SAMPLE = 200  # characters of a text that are quoted
_UNSPACED = re.compile(f"[{UNSPACED}]")
_LETTER = re.compile(r"[^\W_]")
_PIECE = re.compile(rf"[{UNSPACED}]|[^\s{UNSPACED}]+")
_STRETCH = re.compile(r"(?s:.{500})\S*")
# Letters that Unicode does not decompose, but that press software writes both ways.
_LETTERS = {
    "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i",
    "ى": "ي", "ی": "ي", "ې": "ي", "ک": "ك", "ة": "ه", "ہ": "ه", "ھ": "ه", "ٱ": "ا", "ـ": "",
}  # fmt: skip
_ARABIC_DIGITS = {ord(zero) + n: str(n) for zero in "٠۰" for n in range(10)}


_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789 ")
_FEW = 64  # so many characters are replaced one by one in the time in which all of a text is looked up


class _Fold(dict[int, str]):
    """What becomes of each character, filled as it is used: marks go, what is in no unit parts units.

    In a script without spaces a character stands alone.
    """

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if unicodedata.category(character) in ("Mn", "Cf"):  # invisible
            character = ""
        elif _UNSPACED.match(character):
            character = f" {character} "
        elif not _LETTER.match(character):
            character = " "
        self[code] = character
        return character


_FOLD = _Fold({**{ord(letter): plain for letter, plain in _LETTERS.items()}, **_ARABIC_DIGITS})


def units(text: str) -> list[str]:
    """The words of ``text`` in order, folded (characters, in scripts without spaces)."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    others = set(folded) - _PLAIN
    if len(others) > _FEW:
        return folded.translate(_FOLD).split()
    for character in others:
        folded = folded.replace(character, _FOLD[ord(character)])
    return folded.split()


def passage(text: str, start: int, end: int, limit: int = SAMPLE) -> str:
    """The stretch of the original ``text`` with the units from ``start`` up to ``end``, on one line.

    Ends early, at a word, once it would be longer than ``limit`` characters. Folding never crosses a space
    or the border of an unspaced character, so the pieces between them have the same units alone as in the
    whole.
    """
    kept = ""
    at, begin = 0, 0
    while at < start and (stretch := _STRETCH.match(text, begin)):  # much cheaper than folding it word by word
        behind = at + len(units(stretch.group()))
        if behind > start:
            break
        at, begin = behind, stretch.end()
    previous_end = begin
    for match in _PIECE.finditer(text, begin):
        if at >= end:
            break
        piece = match.group()
        at += 1 if piece.isascii() and piece.isalnum() else len(units(piece))
        if at > start:
            gap = " " if kept and match.start() > previous_end else ""
            if len(kept) + len(gap) + len(piece) > limit:
                return kept or piece[:limit]
            kept += gap + piece
            previous_end = match.end()
    return kept
