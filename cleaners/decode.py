"""Bytes to text: which charset they are in, how we know, and what had to be repaired."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

import ftfy
from charset_normalizer import from_bytes

from tamis.cleaners.errors import SkipDocument
from tamis.cleaners.records import Reason

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE)
_HEADER = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_META_WINDOW = 4096
_DETECT_WINDOW = 65_536
# Windows' supersets stand for the ISO charsets that browsers treat as their names (WHATWG Encoding, section 4.2).
_SUPERSETS = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}
_GUESSES = [
    "cp1252",
    "cp1256",
    "cp1251",
    "cp1250",
    "cp1254",
    "shift_jis",
    "euc_jp",
    "gb18030",
    "big5",
    "euc_kr",
]
# Text has hardly any of these; a picture or an archive has them everywhere.
_CONTROLS = bytes((*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F))
_MAX_CONTROL_SHARE = 0.01
_FEW_CONTROLS = 3
_CLEARLY = 0.01
# The first byte of a UTF-8 sequence and those that follow it, all read as windows-1252: not yet proof. In the text's
# own UTF-8 all of the first and most of the second begin with the same byte, which is the quickest to look for.
_LEAST_MOJIBAKE = re.compile(rb"\xc3[\x82-\xb4][\xc2\xc5\xc6\xcb\xe2]")
_NEXT = "[\x80-\xbfŒœŠšŸŽžƒˆ˜–-›€™]"
_MAYBE_MOJIBAKE = re.compile(
    rf"[\xc2-\xf4]{_NEXT}(?:(?<=[\xc2-\xdf].)|(?<=[\xe0-\xef].){_NEXT}|(?<=[\xf0-\xf4].){_NEXT}{{2}})", re.DOTALL
)
_MAGIC = (
    b"%PDF-",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"RIFF",
    b"\x7fELF",
    b"SQLite format 3",
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with the charset it was in and the evidence for it.

    ``evidence`` is ``bom``, ``utf-8``, ``header``, ``meta``, ``detected`` or ``fallback``; ``repaired`` tells
    whether mojibake or lone surrogates were mended.
    """

    text: str
    charset: str
    evidence: str
    repaired: bool = False


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Decode a page or a dump.

    The order is a byte-order mark, strict UTF-8, the charset of ``content_type`` (a Content-Type header), the
    one of a meta element, detection, and windows-1252 last, which never fails: the order that decodes most
    real news pages exactly. NUL characters are kept here and removed by normalisation.

    Raises SkipDocument (``empty``, ``binary``).
    """
    if not body.strip(b" \t\r\n\0"):
        raise SkipDocument(Reason.EMPTY, "there is nothing in it; leave it out, or fetch it again")
    if body.startswith(_MAGIC):
        raise SkipDocument(Reason.BINARY, "this is a binary file, not a text; convert it to text or HTML first")
    found = _decoded(body, content_type)
    encoded = body if found.charset == "utf-8" and not found.repaired else found.text.encode("utf-8", "surrogatepass")
    controls = len(encoded) - len(encoded.translate(None, _CONTROLS)) + found.text.count("\ufffd")
    if controls > max(_FEW_CONTROLS, _MAX_CONTROL_SHARE * len(found.text)):
        raise SkipDocument(Reason.BINARY, "this is a binary file, not a text; convert it to text or HTML first")
    text = _mend_mojibake(found.text) if _LEAST_MOJIBAKE.search(encoded) else found.text
    return Decoded(text, found.charset, found.evidence, repaired=found.repaired or text != found.text)


def _decoded(body: bytes, content_type: str) -> Decoded:
    for mark, charset in _BOMS:
        if body.startswith(mark):
            return Decoded(body.decode(charset, "replace"), charset, "bom")
    try:
        return Decoded(body.decode("utf-8"), "utf-8", "utf-8")
    except UnicodeDecodeError:
        pass
    mended = _with_surrogates_joined(body)
    if mended is not None:
        return Decoded(mended, "utf-8", "utf-8", repaired=True)
    header, meta = _HEADER.search(content_type), _META.search(body[:_META_WINDOW])
    declared = [("header", header.group(1))] if header else []
    declared += [("meta", meta.group(1).decode("ascii"))] if meta else []
    for evidence, name in declared:
        text = _as_declared(body, name)
        if text is not None:
            return Decoded(text, name.lower(), evidence)
    return _detected(body) or Decoded(body.decode("cp1252", "replace"), "cp1252", "fallback")


def _detected(body: bytes) -> Decoded | None:
    """The likeliest charset, where it is clearly likelier than windows-1252, whose neighbours look much like it."""
    matches = list(from_bytes(body[:_DETECT_WINDOW], cp_isolation=_GUESSES))
    if not matches or any(m.encoding == "cp1252" and m.chaos <= matches[0].chaos + _CLEARLY for m in matches):
        return None
    try:
        return Decoded(body.decode(matches[0].encoding), matches[0].encoding, "detected")
    except UnicodeDecodeError:
        return None


def _with_surrogates_joined(body: bytes) -> str | None:
    """Text from UTF-8 with encoded surrogates (CESU-8, or JSON with half an emoji); a lone half becomes U+FFFD."""
    try:
        text = body.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _as_declared(body: bytes, name: str) -> str | None:
    try:
        codec = codecs.lookup(name)
        if not getattr(codec, "_is_text_encoding", True) or codec.name.startswith("utf-8"):
            return None
        return body.decode(_SUPERSETS.get(codec.name, codec.name))
    except (LookupError, UnicodeError):
        return None


def _mend_mojibake(text: str) -> str:
    """Undo UTF-8 that was read as a one-byte charset somewhere upstream, line by line, where ftfy is certain."""
    if not _MAYBE_MOJIBAKE.search(text):
        return text
    lines = text.split("\n")
    return "\n".join(ftfy.fix_encoding(line) if _MAYBE_MOJIBAKE.search(line) else line for line in lines)
