"""Whatever lies under a path comes out as documents or as reasons, nothing is left out, nothing fills the memory."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.cleaners.errors import StopRun
from tamis.cleaners.records import RawDocument, Reason
from tamis.cleaners.site import without_login
from tamis.flows.reading import sources
from tamis.flows.reading.sources import Item, Unread

LIMIT = 10_000
WHOLE = st.characters(exclude_categories=["Cs"])


def read(*paths: Path, limit: int = LIMIT) -> list[Item]:
    return list(sources.read(paths, limit))


def names(items: list[Item]) -> list[str]:
    return [(item.raw if isinstance(item, Unread) else item).source for item in items]


def reason(item: Item) -> Reason:
    assert isinstance(item, Unread)
    assert item.raw.key == item.rejection.raw_key
    return item.rejection.reason


@pytest.mark.parametrize(
    ("name", "body", "media_type"),
    [
        ("a.txt", b"Un texte.", "text/plain"),
        ("a.html", b"<p>x", "text/html"),
        ("a.HTM", b"x", "text/html"),
        ("a.txt", b"\xef\xbb\xbf  <!DOCTYPE html><p>x", "text/html"),
        ("page", b"<!-- saved --><HTML><body>", "text/html"),
        ("page", "<!doctype html><p>x".encode("utf-16"), "text/html"),
        ("notes.md", b"# x", "text/plain"),
        ("a.txt", b"<em>no page</em>", "text/plain"),
        ("empty", b"", "text/plain"),
        ("a.bin", bytes(range(256)), "text/plain"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_one_file_is_one_document(name: str, body: bytes, media_type: str, packed: bool, tmp_path: Path) -> None:
    path = tmp_path / (name + ".gz" if packed else name)
    path.write_bytes(gzip.compress(body) if packed else body)
    assert read(path) == [RawDocument(body=body, source=str(path), media_type=media_type)]


@pytest.mark.parametrize("name", ["d.jsonl", "d.ndjson", "d", "d.txt", "d.json", "d.jsonl.gz"])
def test_json_lines_are_one_document_a_line(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    lines = (
        b'{"id": "a", "text": "Un.", "url": "https://x.example/1"}\n\n{"id": 7, "html": "<p>Deux"}\n{"text": "Trois."}'
    )
    path.write_bytes(gzip.compress(lines) if name.endswith(".gz") else lines)
    items = read(path)
    assert names(items) == [f"{path}#a", f"{path}#7", f"{path}#L4"]
    assert [(i.body, i.media_type, i.url) for i in items if isinstance(i, RawDocument)] == [
        (b"Un.", "text/plain", "https://x.example/1"),
        (b"<p>Deux", "text/html", None),
        (b"Trois.", "text/plain", None),
    ]


@pytest.mark.parametrize(
    ("line", "detail"),
    [
        (b"{", "not JSON"),
        (b"[1]", "a JSON list, not an object"),
        (b'{"id": "a"}', 'neither "text" nor "html"'),
        (b'{"id": "a", "text": 3}', '"text" is a JSON int, not a string'),
        (b'{"id": "a", "text": "x", "fetched_at": "yesterday"}', "\"fetched_at\" is 'yesterday'"),
        (b'{"id": "a", "text": "caf\xe9"}', "not UTF-8 at byte"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_a_bad_line_spoils_only_itself(line: bytes, detail: str, tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    path.write_bytes(b'{"text": "one"}\n' + line + b'\n{"text": "three"}\n')
    first, bad, last = read(path, limit=1_000_000)
    assert isinstance(first, RawDocument)
    assert isinstance(last, RawDocument)
    assert reason(bad) == Reason.BAD_RECORD
    assert isinstance(bad, Unread)
    assert "line 2: " in bad.rejection.detail
    assert detail in bad.rejection.detail
    assert bad.raw.body == line + b"\n", "a bad line is kept whole"


def test_a_line_too_long_to_hold_is_left_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    path.write_bytes(b'{"text": "' + b"x" * 100_000 + b'"}\n{"text": "after"}\n')
    long, after = read(path, limit=1024)
    assert reason(long) == Reason.LINE_TOO_LONG
    assert isinstance(after, RawDocument)


def test_a_record_larger_than_the_limit_is_refused_alone(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    path.write_text(json.dumps({"id": 1, "text": "x" * 2000}) + '\n{"text": "after"}\n')
    large, after = read(path, limit=1024)
    assert reason(large) == Reason.TOO_LARGE
    assert isinstance(after, RawDocument)


def test_folders_are_read_in_order_without_hidden_files_and_notes(tmp_path: Path) -> None:
    for name in ("b/2.txt", "b/.hidden", ".git/config", "README.md", "b/topic.toml", "a.txt", "b/1.txt", "c/d/e.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    assert [str(Path(n).relative_to(tmp_path)) for n in names(read(tmp_path))] == [
        "a.txt", "b/1.txt", "b/2.txt", "c/d/e.txt",
    ]  # fmt: skip


def test_a_file_about_its_folder_is_read_when_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("Un texte.")
    assert read(tmp_path) == []
    assert len(read(tmp_path / "README.md")) == 1


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.txt").write_text("x")
    (tmp_path / "a" / "again").symlink_to(tmp_path / "a")
    (tmp_path / "beside").symlink_to(tmp_path / "a")
    assert len(read(tmp_path)) == 2, "a linked folder is read, a loop is not"


def test_what_cannot_be_opened_has_its_reason(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "broken").symlink_to(tmp_path / "gone")
    assert [reason(item) for item in read(tmp_path)] == [Reason.UNREADABLE] * 2


@pytest.mark.parametrize("cut", [5, 20, -1])
def test_a_truncated_gzip_file_is_never_passed_as_whole(cut: int, tmp_path: Path) -> None:
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(os.urandom(3000))[:cut])
    (item,) = read(path)
    assert reason(item) == Reason.UNREADABLE


def test_a_flipped_bit_in_a_gzip_file_is_found(tmp_path: Path) -> None:
    body = bytearray(gzip.compress(b"text " * 500))
    body[-6] ^= 1
    (tmp_path / "a.gz").write_bytes(body)
    (item,) = read(tmp_path)
    assert reason(item) == Reason.UNREADABLE


def test_records_before_the_damage_are_kept(tmp_path: Path) -> None:
    lines = b"".join(json.dumps({"text": os.urandom(50).hex()}).encode() + b"\n" for _ in range(2000))
    (tmp_path / "d.jsonl.gz").write_bytes(gzip.compress(lines)[:-2000])
    *whole, last = read(tmp_path)
    assert len(whole) > 100
    assert reason(last) == Reason.UNREADABLE


BOMB = """
import resource, sys
from pathlib import Path
from tamis.flows.reading import sources
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
items = list(sources.read([Path(sys.argv[1])], 1_000_000))
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print([item.rejection.reason.value for item in items], grown // 1024)
"""


@pytest.mark.parametrize("name", ["bomb.txt.gz", "bomb.jsonl.gz"])
def test_a_bomb_does_not_fill_the_memory(name: str, tmp_path: Path, environment: dict[str, str]) -> None:
    with gzip.open(tmp_path / name, "wb", compresslevel=1) as bomb:
        for _ in range(300):
            bomb.write(b"\0" * 1_000_000)
    command = [sys.executable, "-P", "-c", BOMB, str(tmp_path / name)]
    found = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    reasons, megabytes = found.rsplit(" ", 1)
    assert reasons in ("['too_large']", "['line_too_long']")
    assert int(megabytes) < 60, "300 MB were packed"


def test_a_file_too_large_is_hashed_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    path.write_bytes(b"x" * (LIMIT + 1))
    (item,) = read(path)
    assert reason(item) == Reason.TOO_LARGE
    assert isinstance(item, Unread)
    assert item.raw.missing is not None
    assert item.raw.missing.size == LIMIT + 1
    assert item.raw.key == RawDocument(path.read_bytes(), "").key, "known again when the limit is raised"


def test_one_json_document_is_not_taken_for_an_article(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[\n{"text": "x"}\n]')
    (item,) = read(tmp_path)
    assert reason(item) == Reason.BAD_RECORD


def test_files_still_being_written_wait(tmp_path: Path) -> None:
    for name, changed in (("old.txt", 1000), ("new.txt", 2000)):
        (tmp_path / name).write_text(name)
        os.utime(tmp_path / name, (changed, changed))
    assert names(list(sources.read([tmp_path], LIMIT, settled=1500))) == [str(tmp_path / "old.txt")]


def test_every_missing_path_is_named_before_work_starts(tmp_path: Path) -> None:
    with pytest.raises(StopRun, match=r"one.*two"):
        sources.check([tmp_path / "one", tmp_path, tmp_path / "two"])


@given(st.binary(max_size=300))
def test_any_line_gives_exactly_one_item(body: bytes) -> None:
    lines = [line for line in body.removeprefix(b"\xef\xbb\xbf").split(b"\n") if line.strip()]
    assert len(list(sources.read_lines(io.BytesIO(body), "s", LIMIT))) == len(lines)


@given(st.text(WHOLE, max_size=200), st.one_of(st.none(), st.text(WHOLE, max_size=20).filter(str.isprintable)))
def test_a_record_keeps_its_text(text: str, url: str | None) -> None:
    line = json.dumps({"text": text, "url": url}).encode()
    (item,) = sources.read_lines(io.BytesIO(line), "s", LIMIT)
    assert isinstance(item, RawDocument)
    assert item.body.decode() == text
    assert item.url == (without_login((url or "").strip()) or None)


def test_half_a_character_is_replaced_not_fatal() -> None:
    line = rb'{"id": "a\ud800", "text": "x\udfffy", "url": "https://a.example/\ud800"}'
    (item,) = sources.read_lines(io.BytesIO(line), "s", LIMIT)
    assert isinstance(item, RawDocument)
    assert (item.source, item.body.decode(), item.url) == ("s#a\ufffd", "x\ufffdy", "https://a.example/\ufffd")
    assert item.key
