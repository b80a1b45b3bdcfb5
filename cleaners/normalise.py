"""Text in one form: NFC, plain newlines and spaces, no control or zero-width characters, nothing that UTF-8 lacks."""

from __future__ import annotations

import re
import unicodedata

from ftfy.fixes import fix_c1_controls

_NEWLINES = re.compile(r"[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Bidirectional marks and zero-width characters say how to draw a text, not what it says; the two joiners stay,
# because Persian spelling and emoji sequences need them.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064"
    r"\u2066-\u206f\ufeff\ufff9-\ufffb]"
)
_OTHER_SPACES = re.compile(r"[\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_SEVERAL = re.compile("  +")
_RETURNS = re.compile(r"[\r\x0b\x0c\x1c-\x1e\x85]")
_HALVES = re.compile(r"[\ud800-\udfff]")
# Control sequences of terminals (ECMA-48): colours and cursor, and titles of windows.
_SEQUENCES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?)")


def normalise(text: str) -> str:
    """The text in NFC, one kind of newline, one kind of space, lines stripped; words are never changed."""
    if text.isprintable() and "  " not in text and unicodedata.is_normalized("NFC", text):
        return text.strip()  # one line without anything to change, as most blocks of a page are
    text = _NEWLINES.sub("\n", whole(text).replace("\r\n", "\n"))
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    text = _SEVERAL.sub(" ", _OTHER_SPACES.sub(" ", text))
    return "\n".join(line.strip() for line in text.split("\n"))


def whole(text: str) -> str:
    r"""``text`` without halves of a surrogate pair: two that stand together are joined, a lone one becomes U+FFFD.

    JSON and HTML can write such halves (``\ud83d``), UTF-8 cannot: no file, database or terminal takes them.
    """
    if not _HALVES.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def printable(text: str) -> str:
    """A title or a name on one line: normalised, without anything that a terminal would act on.

    Signs of windows-1252 that came through as control characters (U+0092 for an apostrophe) become what they mean.
    """
    return " ".join(normalise(fix_c1_controls(_SEQUENCES.sub("", text))).split())


def shown(text: str) -> str:
    """``text`` as a terminal may show it: without control sequences, control characters and marks of direction."""
    if text.isprintable():
        return text
    return _INVISIBLE.sub("", _RETURNS.sub(" ", _SEQUENCES.sub("", whole(text))))
