"""``tamis dedup`` as a filter: one answer a line in the order of the lines, the same as a warehouse gives."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from tamis.warehouse.connection import open_reader
from tests.flows.conftest import ARTICLE, Tamis, article

AGENCY = "PARIS (AFP) - " + " ".join(f"dépêche{n}" for n in range(80)) + "."
LINES: list[dict[str, object]] = [
    {"id": "first", "text": article(1), "url": "https://www.a.example/1", "published": "2026-03-01"},
    {"id": "copy", "text": article(1).upper(), "url": "https://b.example/1", "published": "2026-03-02T08:00:00Z"},
    {"id": "cut", "text": article(1)[: len(article(1)) * 2 // 3], "site": "c.example", "published": "2026-03-03"},
    {"id": 4, "text": article(2)},
    {"id": "old", "text": article(3), "url": "https://a.example/3", "published": "2026-03-01"},
    {"id": "new", "text": f"{article(3)} {article(5)[40:]}", "url": "https://a.example/3", "published": "2026-03-04"},
    {"id": "wire", "text": AGENCY, "url": "https://a.example/6", "published": "2026-03-05"},
    {
        "id": "reprint",
        "text": f"Un titre maison\n{AGENCY[14:]}",
        "url": "https://b.example/6",
        "published": "2026-03-04",
    },
    {"id": "empty", "text": ""},
]


def packed(lines: list[dict[str, object]]) -> bytes:
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def answered(stdout: bytes) -> list[dict[str, object]]:
    return [json.loads(line) for line in stdout.splitlines()]


def groups(named: Iterable[tuple[object, object]]) -> set[frozenset[str]]:
    """Who is in a cluster together, whatever it is called."""
    found: dict[object, set[str]] = defaultdict(set)
    for name, cluster in named:
        found[cluster].add(str(name))
    return {frozenset(group) for group in found.values()}


def test_each_line_is_answered_in_order(tamis: Tamis) -> None:
    done = tamis("dedup", "--jsonl", stdin=packed(LINES))
    assert done.returncode == 0, done.stderr
    answers = answered(done.stdout)
    assert list(answers[0]) == ["id", "cluster", "canonical", "relation", "of", "score"]
    assert [(a["id"], a["cluster"], a["relation"]) for a in answers] == [
        ("first", "first", None),
        ("copy", "first", "exact"),
        ("cut", "first", "near"),
        (4, 4, None),
        ("old", "old", None),
        ("new", "old", "version"),
        ("wire", "reprint", "syndicated"),
        ("reprint", "reprint", None),
        ("empty", "empty", None),
    ]
    assert [a["canonical"] for a in answers] == [a["relation"] is None for a in answers]
    assert [a["of"] for a in answers] == [None if a["canonical"] else a["cluster"] for a in answers]
    assert answers[1]["score"] == 1.0
    assert b"9 texts: 5 articles, 4 duplicates of them; 0 lines rejected" in done.stderr


def test_the_order_of_the_lines_is_no_matter(tamis: Tamis) -> None:
    forth, back = (answered(tamis("dedup", "--jsonl", stdin=packed(lines)).stdout) for lines in (LINES, LINES[::-1]))
    assert len(forth) == len(LINES)
    assert forth == back[::-1]


def test_bad_lines_spoil_only_themselves(tamis: Tamis, tmp_path: Path) -> None:
    bad = [
        b"no JSON\n",
        packed([{"id": "no text"}]),
        packed([{"text": ARTICLE}]),
        packed([{"id": "day", "text": ARTICLE, "published": "hier"}]),
        packed([{"id": "odd", "text": ["a"]}]),
        b'{"id": "host", "url": "http://[", "text": "Le port"}\n',
        b'{"id": "surrogate", "url": "\\ud800", "text": "Le \\udfff port"}\n',
    ]
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(packed(LINES[:1]) + b"".join(bad)))
    (tmp_path / "damaged.jsonl.gz").write_bytes(gzip.compress(packed(LINES))[:-20])
    done = tamis("dedup", "--jsonl", "a.jsonl.gz", "damaged.jsonl.gz", "-", stdin=packed(LINES[1:2]))
    assert done.returncode == 1, done.stderr
    answers = answered(done.stdout)
    rejected = [(a["id"], a["rejected"]["reason"]) for a in answers if "rejected" in a]  # type: ignore[index]
    assert rejected[:5] == [(name, "bad_record") for name in (None, "no text", None, "day", "odd")]
    assert rejected[5:] == [(None, "unreadable")]
    assert [a["id"] for a in answers if "rejected" not in a][:3] == ["first", "host", "surrogate"]
    assert (answers[-1]["id"], answers[-1]["cluster"]) == ("copy", "first")


def test_wrong_usage(tamis: Tamis) -> None:
    for arguments in ([], ["--jsonl", "nowhere.jsonl"]):
        done = tamis("dedup", *arguments)
        assert (done.returncode, done.stdout) == (2, b"")


def test_a_warehouse_gives_the_same_clusters(tamis: Tamis, tmp_path: Path) -> None:
    cleaned = tamis("clean", "--jsonl", stdin=packed(LINES[:-1]))
    texts = {line["id"]: line["text"] for line in answered(cleaned.stdout)}
    (tmp_path / "in.jsonl").write_bytes(packed([{k: v for k, v in line.items() if k != "published"} for line in LINES]))
    assert tamis("ingest", "in.jsonl", "--warehouse", "w.duckdb").returncode == 1  # the empty text
    done = tamis(
        "dedup",
        "--jsonl",
        stdin=packed([{"id": line["id"], "text": texts[line["id"]], "url": line.get("url")} for line in LINES[:-1]]),
    )
    with open_reader(tmp_path / "w.duckdb") as con:
        rows = con.execute(
            "SELECT split_part(r.source, '#', 2), m.cluster FROM memberships AS m"
            " JOIN raw_documents AS r ON left(r.raw_key, 16) = m.document"
        ).fetchall()
    assert groups(rows) == groups([(a["id"], a["cluster"]) for a in answered(done.stdout)])
