"""Lists of sources in four forms; what is written comes back the same, what is wrong is told at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.cleaners.errors import StopRun
from tamis.flows.fetching import lists
from tamis.flows.fetching.records import Source

TOML = """
[[source]]
kind = "feed"
url = "https://a.example/rss"
name = "Le Test"
language = "fr"

[[source]]
url = "https://s.example/?q={query}&hl={lang}"

[[source]]
kind = "warc"
url = "archives/2026.warc.gz"
after = 1234
"""
OPML = """<?xml version="1.0"?><opml version="2.0"><head><title>mine</title></head><body>
<outline text="Presse"><outline type="rss" text="Le Test" xmlUrl="https://a.example/rss" language="fr"/></outline>
<outline text="no address"/></body></opml>"""
CSV = "name;url;language\nLe Test;https://a.example/rss;fr\n;https://s.example/?q={query};\n"
LINES = "\ufeff# mine\nhttps://a.example/ Le Test\n\nhttps://s.example/?q={query}\nhttps://a.example/ again\n"


def load(folder: Path, name: str, text: str) -> list[Source]:
    (folder / name).write_text(text, encoding="utf-8")
    return lists.load(folder / name)


def test_toml(tmp_path: Path) -> None:
    assert load(tmp_path, "sources.toml", TOML) == [
        Source("feed", "https://a.example/rss", "Le Test", "fr"),
        Source("search", "https://s.example/?q={query}&hl={lang}"),
        Source("warc", "archives/2026.warc.gz", options={"after": "1234"}),
    ]


@pytest.mark.parametrize("name", ["sources.opml", "feeds.xml"])
def test_opml_at_any_depth(tmp_path: Path, name: str) -> None:
    assert load(tmp_path, name, OPML) == [Source("feed", "https://a.example/rss", "Le Test", "fr")]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv(tmp_path: Path, delimiter: str) -> None:
    assert load(tmp_path, "sources.csv", CSV.replace(";", delimiter)) == [
        Source("auto", "https://a.example/rss", "Le Test", "fr"),
        Source("search", "https://s.example/?q={query}"),
    ]


def test_one_address_a_line_each_once(tmp_path: Path) -> None:
    assert load(tmp_path, "sources.txt", LINES) == [
        Source("auto", "https://a.example/", "again"),
        Source("search", "https://s.example/?q={query}"),
    ]


BROKEN = [
    ("a.toml", "[[source]\n", "cannot be read"),
    ("a.opml", "<opml><body>", "cannot be read"),
    ("a.opml", "<opml>" + "<outline>" * 9000, "hostile_markup"),
    ("a.csv", "name,address\nx,y\n", "url among them"),
    ("a.toml", '[[source]]\nkind = "rss"\nurl = "https://a.example/"\n', "'rss'; valid are auto"),
    ("a.toml", '[[source]]\nkind = "feed"\n', "it has no url"),
    ("a.toml", '[[source]]\nkind = "search"\nurl = "https://s.example/"\n', r"lacks \{query\}"),
    ("a.txt", "nonsense\n", "'nonsense' is not an http"),
    ("a.txt", "file:///etc/passwd\n", "is not an http"),
]


@pytest.mark.parametrize(("name", "text", "told"), BROKEN)
def test_what_is_wrong_is_told(tmp_path: Path, name: str, text: str, told: str) -> None:
    with pytest.raises(StopRun, match=told):
        load(tmp_path, name, text)


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(StopRun) as error:
        load(tmp_path, "a.txt", "nonsense\nhttps://a.example/\nftp://b\n")
    assert "1. 'nonsense'" in str(error.value)
    assert "3. 'ftp://b'" in str(error.value)


def test_a_list_that_is_not_there_or_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"\xff\xfe\x00")
    for name in ("gone.toml", "a.csv"):
        with pytest.raises(StopRun, match=name):
            lists.load(tmp_path / name)


def test_no_entity_in_opml_reads_a_file(tmp_path: Path) -> None:
    entity = '<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    body = f'{entity}<opml><body><outline text="a" xmlUrl="https://a.example/"/><outline>&x;</outline></body></opml>'
    assert load(tmp_path, "a.opml", body) == [Source("feed", "https://a.example/", "a")]


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"]), max_size=20).map(
    str.strip
)
SOURCES = st.lists(
    st.builds(
        Source,
        kind=st.sampled_from(["feed", "sitemap", "page", "auto", "jsonfeed"]),
        url=st.integers(0, 99).map(lambda n: f"https://a.example/{n}?x=1&y='\"<"),
        name=WORDS,
        language=st.sampled_from(["", "fr", "ar"]),
        options=st.dictionaries(
            st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True), WORDS.filter(bool), max_size=2
        ).map(lambda options: {name: value for name, value in options.items() if name not in lists.COLUMNS}),
    ),
    max_size=5,
)


@given(SOURCES)
def test_what_is_written_comes_back_the_same(sources: list[Source]) -> None:
    for suffix, write in lists.WRITERS.items():
        assert list(lists.READERS[suffix](write(sources))) == sources, suffix
