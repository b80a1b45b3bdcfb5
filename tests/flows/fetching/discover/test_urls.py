"""Lists of addresses, from a file or the web."""

from __future__ import annotations

from pathlib import Path

from tamis.flows.fetching.records import Candidate
from tests.faults.server import Answer, reply
from tests.flows.fetching.discover.finding import find, refusals

LIST = """\ufeff# what to read
https://a.example/1 Un titre
https://a.example/2\tUn autre titre

nonsense
ftp://a.example/3
"""


def check(url: str | Path, pages: dict[str, Answer]) -> None:
    found, _ = find("urls", pages, url=url)
    listed = [(each.url, each.title) for each in found if isinstance(each, Candidate)]
    assert listed == [("https://a.example/1", "Un titre"), ("https://a.example/2", "Un autre titre")]
    assert [reason for _, reason in refusals(found)] == ["bad_address"]
    assert "line 5, 6" in found[-1].detail  # type: ignore[union-attr]


def test_a_list_is_read_from_a_file_or_an_address(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text(LIST, encoding="utf-8")
    check(tmp_path / "list.txt", {})
    check("/list.txt", {"/list.txt": reply(LIST, content_type="text/plain")})


def test_a_list_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert refusals(find("urls", {}, url="no/such/file")[0]) == [("no/such/file", "unreadable")]
    assert refusals(find("urls", {}, url="/gone")[0]) == [("/gone", "not_found")]
