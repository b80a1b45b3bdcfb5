"""Lists of pages to fetch, as people have them: lines, tables, OPML; and texts that are no list."""

from __future__ import annotations

from pathlib import Path

import pytest

from tamis.cleaners.errors import StopRun
from tamis.flows.fetching import wanted
from tamis.flows.fetching.wanted import WantedPages

ONE, TWO = "https://a.example/1", "https://a.example/2?x=1,2"
FEED = '<outline text="Le Test" type="rss" xmlUrl="https://a.example/feed"/>'
LINK = f'<outline text="one" type="link" url="{ONE}"/>'
BOTH = WantedPages((ONE, TWO), ())
FORMS = [
    ("lines.txt", f"# mine\n{ONE} Le titre, un\n\n{TWO}\tLe titre\n{ONE}\n", BOTH),
    ("no-suffix", f"{ONE}\n{TWO}\n", BOTH),
    ("table.csv", f'title,url\n"Un, deux",{ONE}\nTrois,"{TWO}"\n', BOTH),
    ("semicolons.csv", f"\ufeffAdresse;Titre\n{ONE};Un\n{TWO};Deux\n", BOTH),
    ("tabs.tsv", f"date\tlink\n2026-01-01\t{ONE}\n2026-01-02\t{TWO}\n", BOTH),
    ("no-header.csv", f"Un;{ONE}\nDeux;{TWO}\n", BOTH),
    ("named-column.txt", f"url;titre\n{ONE};Un\n{TWO};Deux\n", BOTH),
    ("kinds.csv", f"kind,url\n,{ONE}\nfeed,https://a.example/feed\n", WantedPages((ONE,), ("https://a.example/feed",))),
    ("links.opml", f"<opml><body>{LINK}{FEED}</body></opml>", WantedPages((ONE,), ("https://a.example/feed",))),
    ("sources.toml", '[[source]]\nkind = "feed"\nurl = "https://a.example/feed"\n', WantedPages((), ("https://a.example/feed",))),
    ("one-slip.txt", f"{ONE}\nwww.a.example/2\n{TWO}\n", WantedPages((ONE, "www.a.example/2", TWO), ())),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "found"), FORMS, ids=[name for name, *_ in FORMS])
def test_what_a_list_names(tmp_path: Path, name: str, text: str, found: WantedPages) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert wanted.load(tmp_path / name) == found


def test_a_list_on_standard_input_needs_no_name_and_may_be_utf_16() -> None:
    assert wanted.read(f"url,title\n{ONE},Un\n".encode("utf-16"), "standard input") == WantedPages((ONE,), ())


REFUSED = [
    ("empty.csv", "", "no list of addresses"),
    ("a.csv", "name,place\nx,y\n", "no column of it is called url"),
    ("documents.csv", f"url,text\n{ONE},Le port rouvre.\n", "JSON Lines"),
    ("text.txt", "Le port rouvre\n\nhttps://a.example/1\nMardi matin.\n", "'Le' is none"),
    ("a.opml", "<opml><body>", "cannot be read"),
    ("binary.txt", "\0\1\2", "no text"),
]


@pytest.mark.parametrize(("name", "text", "told"), REFUSED, ids=[name for name, *_ in REFUSED])
def test_what_is_no_list_is_told_and_is_none_to_ingest(tmp_path: Path, name: str, text: str, told: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(StopRun, match=f"{name}.*{told}"):
        wanted.load(tmp_path / name)
    assert wanted.load_list(tmp_path / name) is None


@pytest.mark.parametrize(
    ("name", "text", "is_one"),
    [
        ("urls.txt", f"{ONE}\n{TWO}\n", True),
        ("page.html", f"{ONE}\n", False),
        ("one-slip.txt", f"{ONE}\n{TWO}\nEt puis\n", False),
    ],
)
def test_ingest_takes_for_a_list_only_what_is_nothing_else(tmp_path: Path, name: str, text: str, is_one: bool) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert (wanted.load_list(tmp_path / name) is not None) is is_one
    assert wanted.load_list(tmp_path) is None
