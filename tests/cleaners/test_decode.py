"""Bytes to text: every charset the press still uses, and what is no text at all."""

from __future__ import annotations

import os
import zlib

import pytest

from tamis.cleaners.decode import decode
from tamis.cleaners.errors import SkipDocument
from tamis.cleaners.records import Reason

FRENCH = "L’été dernier, le préfet a été reçu à Rabat : « une visite réussie », dit-il."
ARABIC = "عقد الوزير اجتماعا في الرباط مع نظيره الفرنسي حول الأمن والعدل والهجرة"
CASES = [
    ("utf-8", FRENCH, FRENCH.encode(), "", "utf-8"),
    ("BOM", FRENCH, b"\xef\xbb\xbf" + FRENCH.encode(), "", "bom"),
    ("UTF-16", FRENCH, FRENCH.encode("utf-16"), "", "bom"),
    ("windows-1252 undeclared", FRENCH, FRENCH.encode("cp1252"), "", "fallback"),
    (
        "declared Latin-1 is windows-1252",
        FRENCH,
        FRENCH.encode("cp1252"),
        "text/plain; charset=iso-8859-1",
        "header",
    ),
    ("UTF-8 wins over a wrong header", FRENCH, FRENCH.encode(), "text/html; charset=iso-8859-1", "utf-8"),
    ("meta", ARABIC, b'<meta charset="windows-1256">' + ARABIC.encode("cp1256"), "text/html", "meta"),
    ("windows-1256 undeclared", ARABIC, ARABIC.encode("cp1256"), "", "detected"),
    ("a header that names no charset", FRENCH, FRENCH.encode("cp1252"), "text/html; charset=hex", "fallback"),
    ("mojibake", FRENCH, FRENCH.encode().decode("cp1252", "ignore").encode(), "", "utf-8"),
    (
        "a pair of encoded surrogates",
        "Bravo 😀 !",
        "Bravo \ud83d\ude00 !".encode("utf-8", "surrogatepass"),
        "",
        "utf-8",
    ),
    ("a lone surrogate", "Bravo \ufffd !", "Bravo \ud83d !".encode("utf-8", "surrogatepass"), "", "utf-8"),
]


@pytest.mark.parametrize(("text", "body", "header", "evidence"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_text_comes_out_right(text: str, body: bytes, header: str, evidence: str) -> None:
    decoded = decode(body, header)
    assert decoded.text.removeprefix('<meta charset="windows-1256">') == text
    assert decoded.evidence == evidence


@pytest.mark.parametrize("body", [b"", b" \r\n\t ", b"\0\0\0\0"])
def test_nothing_is_named_empty(body: bytes) -> None:
    with pytest.raises(SkipDocument) as error:
        decode(body)
    assert error.value.reason is Reason.EMPTY


@pytest.mark.parametrize(
    "body", [zlib.compress(os.urandom(4000)), b"%PDF-1.7\nfake", b"\x89PNG\r\n\x1a\n" + b"\0" * 100]
)
def test_binary_is_named_binary(body: bytes) -> None:
    with pytest.raises(SkipDocument) as error:
        decode(body)
    assert error.value.reason is Reason.BINARY


def test_a_stray_nul_does_not_make_a_text_binary() -> None:
    assert decode(b"Le prefet\0 a parle.").text == "Le prefet\0 a parle."
