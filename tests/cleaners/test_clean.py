"""The whole way of one document, and what must hold for any."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.cleaners.clean import MAX_BYTES, clean
from tamis.cleaners.records import CleanDocument, Label, RawDocument, Reason, Rejection

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))
PAGES = Path(__file__).parents[1] / "texts"
LINES = sorted(
    {
        line.partition("\t")[2]
        for p in PAGES.glob("*.txt")
        if p.name != "README.md"
        for line in p.read_text(encoding="utf-8").splitlines()
    }
)


def cleaned(body: bytes, **about: object) -> CleanDocument | Rejection:
    return clean(RawDocument(body, "test", **about))  # type: ignore[arg-type]


@given(st.lists(st.sampled_from(LINES) | st.text(max_size=200), max_size=30))
def test_kept_text_is_a_subsequence_of_the_blocks_and_every_block_has_a_verdict(lines: list[str]) -> None:
    document = cleaned("\n".join(lines).encode("utf-8", "surrogatepass"))
    if isinstance(document, Rejection):
        assert document.detail
        return
    assert (
        [b.index for b in document.blocks] == [v.block for v in document.verdicts] == list(range(len(document.blocks)))
    )
    kept = [b.text for b, v in zip(document.blocks, document.verdicts, strict=True) if v.label is Label.CONTENT]
    assert document.text.split() == " ".join(kept).split()


@given(st.lists(st.sampled_from(LINES), min_size=3, max_size=20))
def test_the_same_bytes_give_the_same_document(lines: list[str]) -> None:
    body = "\n".join(lines).encode()
    assert cleaned(body) == cleaned(body)


@pytest.mark.parametrize("path", SEEDS, ids=lambda p: p.stem)
def test_a_seed_cleaned_again_loses_nothing_more(path: Path) -> None:
    first = cleaned(path.read_bytes())
    assert isinstance(first, CleanDocument)
    again = cleaned(f"{first.title or ''}\n{first.text}".encode())
    assert isinstance(again, CleanDocument)
    assert again.text == first.text


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Reason.EMPTY),
        (bytes(range(256)) * 20, Reason.BINARY),
        (b"mot " * 200_000, Reason.LINE_TOO_LONG),
        (b"a\n" * (MAX_BYTES // 2 + 1), Reason.TOO_LARGE),
        ("Publicité\nLire aussi : le port\nPartager sur Facebook".encode(), Reason.NO_TEXT),
    ],
    ids=lambda value: value.value if isinstance(value, Reason) else "",
)
def test_bad_input_is_rejected_by_name(body: bytes, reason: Reason) -> None:
    rejection = cleaned(body)
    assert isinstance(rejection, Rejection)
    assert rejection.reason is reason
    assert rejection.detail


def test_the_day_of_the_crawl_is_never_the_date() -> None:
    body = (
        "Le pont rouvre aux trains\nUne phrase assez longue pour être le texte de cette page et rien d’autre.".encode()
    )
    document = cleaned(body, fetched_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert isinstance(document, CleanDocument)
    assert document.published is None


def test_the_site_is_the_host_of_the_address() -> None:
    body = "Une phrase assez longue pour être le texte de cette page et rien d’autre.".encode()
    document = cleaned(body, url="https://www.Example.org/a?b=c")
    assert isinstance(document, CleanDocument)
    assert document.site == "example.org"


def test_the_key_depends_on_the_bytes_and_the_address_alone() -> None:
    one = RawDocument(b"a", "x", url="https://example.org/1")
    assert one.key == RawDocument(b"a", "y", "text/html", url="https://example.org/1").key
    assert one.key != RawDocument(b"a", "x", url="https://example.org/2").key
    assert one.key != RawDocument(b"b", "x", url="https://example.org/1").key
