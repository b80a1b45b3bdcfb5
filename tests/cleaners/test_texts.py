"""Every annotated dump of tests/texts is judged line by line as it says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tamis.cleaners.clean import clean
from tamis.cleaners.records import CleanDocument, Label, RawDocument

TEXTS = Path(__file__).parent.parent / "texts"
EITHER = "?"
CASES = sorted(TEXTS.glob("*.txt"))


@dataclass(frozen=True)
class Case:
    dump: str
    labels: dict[int, list[str]]
    metadata: dict[str, str]


def read_case(path: Path) -> Case:
    lines: list[str] = []
    labels: dict[int, list[str]] = {}
    metadata: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            name, _, value = line[2:].partition(": ")
            metadata[name] = value
            continue
        label, _, text = line.partition("\t")
        lines.append(text)
        if text:
            labels[len(lines)] = label.split("+")
    return Case("\n".join(lines), labels, metadata)


def cleaned(case: Case) -> CleanDocument:
    document = clean(RawDocument(case.dump.encode(), "case.txt"))
    assert isinstance(document, CleanDocument)
    return document


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_each_line_gets_its_label(path: Path) -> None:
    case = read_case(path)
    document = cleaned(case)
    found: dict[int, list[str]] = {}
    for block, verdict in zip(document.blocks, document.verdicts, strict=True):
        found.setdefault(block.line, []).append(verdict.label.value)
    wrong = {
        number: (case.dump.split("\n")[number - 1], found.get(number), expected)
        for number, expected in case.labels.items()
        if expected != [EITHER] and found.get(number) != expected
    }
    assert wrong == {}


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_the_metadata_is_what_the_page_says(path: Path) -> None:
    case = read_case(path)
    document = cleaned(case)
    assert {
        "title": document.title or "none",
        "authors": "; ".join(document.authors) or "none",
        "published": document.published.iso if document.published else "none",
        "language": document.language or "none",
    } == case.metadata


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_the_labels_of_a_case_exist(path: Path) -> None:
    case = read_case(path)
    assert case.labels
    assert {label for labels in case.labels.values() for label in labels} <= {EITHER, *(label.value for label in Label)}
