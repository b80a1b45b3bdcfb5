"""The five seed texts: what every reader would see at once, and, where it is at hand, the line-by-line gold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tamis.cleaners.clean import clean
from tamis.cleaners.records import CleanDocument, Label, RawDocument

EXPECTED = [
    # file, words the title begins with, authors, published, rules that must have fired
    (
        "000",
        "Gérald Darmanin Darmanin au Maroc",
        ("La Rédaction",),
        None,
        {"image.address", "byline.explicit"},
    ),
    (
        "001",
        "Narcotrafic : le Maroc et la France",
        (),
        None,
        {"reading_time.badge", "widget.orphan_questions"},
    ),
    ("002", None, (), None, {"embed.post", "embed.signature"}),
    (
        "003",
        "La France et le Maroc intensifient",
        ("La rédaction",),
        "2024-04-25T15:05",
        {"credit.label", "caption.above_credit"},
    ),
    (
        "004",
        "Sécurité : Laftit et Darmanin",
        (),
        None,
        {"related.run", "related.read_also", "widget.font_size"},
    ),
]


def cleaned(folder: Path, start: str) -> CleanDocument:
    (path,) = folder.glob(f"{start}_*.txt")
    document = clean(RawDocument(path.read_bytes(), path.name))
    assert isinstance(document, CleanDocument)
    return document


@pytest.mark.parametrize(("start", "title", "authors", "published", "rules"), EXPECTED, ids=[e[0] for e in EXPECTED])
def test_a_seed(
    seeds: Path,
    start: str,
    title: str | None,
    authors: tuple[str, ...],
    published: str | None,
    rules: set[str],
) -> None:
    document = cleaned(seeds, start)
    assert (document.title or "").startswith(title or "")
    assert bool(document.title) is bool(title)
    assert document.authors == authors
    assert (document.published.iso if document.published else None) == published
    assert document.language == "fr"
    assert rules <= {verdict.rule for verdict in document.verdicts}
    assert "/fit-in/" not in document.text
    assert "pic.twitter.com" not in document.text


def test_tables_and_lists_that_are_content_stay_markdown(seeds: Path) -> None:
    text = cleaned(seeds, "001").text
    assert text.count("\n|---|---|---|\n") == 3
    assert text.count("\n- ") >= 12


def test_the_seeds_match_the_gold_line_by_line(shared: Path, seeds: Path) -> None:
    gold = json.loads((shared / "gold" / "seeds.json").read_text(encoding="utf-8"))["documents"]
    wrong: list[tuple[str, str]] = []
    for expected in gold:
        document = cleaned(seeds, expected["file"][:3])
        wrong += [(expected["file"], problem) for problem in _differences(expected, document)]
    assert len(gold) == 5
    assert wrong == []


def _differences(expected: dict[str, object], document: CleanDocument) -> list[str]:
    by_line: dict[int, set[bool]] = {}
    for block, verdict in zip(document.blocks, document.verdicts, strict=True):
        by_line.setdefault(block.line, set()).add(verdict.label is Label.CONTENT)
    wanted = {"keep": {True}, "drop": {False}}
    found = [
        f"line {line['line']} should be {line['label']}"
        for line in expected["lines"]  # type: ignore[attr-defined]
        if line["label"] in wanted and by_line[line["line"]] != wanted[line["label"]]
    ]
    found += [f"contains {bad!r}" for bad in expected.get("must_not_contain", ()) if bad in document.text]  # type: ignore[attr-defined]
    if document.title not in (expected["title"], *expected.get("title_accept", ())):  # type: ignore[misc]
        found.append(f"title {document.title!r}")
    if list(document.authors) != ([expected["author"]] if expected["author"] else []):
        found.append(f"authors {document.authors!r}")
    if (document.published.iso if document.published else None) != expected["published"]:
        found.append(f"published {document.published!r}")
    if document.language != expected["language"]:
        found.append(f"language {document.language!r}")
    return found
