"""Feeds in every flavour, and none that breaks the reader or loses what feedparser finds."""

from __future__ import annotations

import io
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.flows.fetching.discover import feeds, markup
from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.records import Candidate
from tests.faults.server import reply
from tests.flows.fetching.discover.finding import SOURCE, candidates, find, raw, refusals

AT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><language>fr-FR</language>
<item><title>Rabat et Paris : &lt;em&gt;coopération&lt;/em&gt; &amp;amp; sécurité</title><link>/2026/accord</link>
<description><![CDATA[<p>Un <b>accord</b> policier.</p><script>alert(1)</script>]]></description>
<pubDate>Fri, 20 Nov 2026 09:30:00 +0100</pubDate><dc:creator>Salma Idrissi</dc:creator>
<category>Justice</category></item><item><title>Sans adresse</title></item>
</channel></rss>"""

ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr">
<entry><title type="html">Rabat et Paris : coopération &amp;amp; sécurité</title><id>tag:1</id>
<link rel="self" href="/ignored"/><link rel="alternate" href="/2026/accord"/><author><name>Salma Idrissi</name></author>
<category term="Justice"/><summary>Un accord policier.</summary><published>2026-11-20T09:30:00+01:00</published>
<updated>2026-11-20T10:30:00+01:00</updated></entry></feed>"""

RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel/>
<item><title>Rabat et Paris : coopération &amp; sécurité</title><link>/2026/accord</link>
<dc:subject>Justice</dc:subject><description>Un accord policier.</description><dc:date>2026-11-20T08:30:00Z</dc:date>
<dc:creator>Salma Idrissi</dc:creator></item></rdf:RDF>"""


@pytest.mark.parametrize("body", [RSS, ATOM, RDF], ids=["rss", "atom", "rdf"])
def test_a_feed_gives_its_entries(body: str) -> None:
    found, _ = find("feed", {"/source": reply(body, content_type="application/rss+xml")})
    [entry] = candidates(found)
    assert entry.url == "/2026/accord"
    assert entry.title == "Rabat et Paris : coopération & sécurité"
    assert entry.summary == "Un accord policier."
    assert AT in (entry.published, entry.modified)
    assert (entry.authors, entry.tags, entry.language[:2]) == (("Salma Idrissi",), ("Justice",), "fr")
    assert (entry.source, entry.kind) == ("Test", "feed")


def test_published_and_modified_are_kept_apart() -> None:
    [entry] = feeds.read(raw(ATOM), SOURCE)
    assert (entry.published, entry.modified) == (AT, AT.replace(hour=9))
    undated = ATOM.replace("<published>2026-11-20T09:30:00+01:00</published>", "")
    [entry] = feeds.read(raw(undated), SOURCE)
    assert (entry.published, entry.modified) == (None, AT.replace(hour=9))


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_a_feed_in_any_charset_is_read(charset: str) -> None:
    body = ATOM.replace('version="1.0"', f'version="1.0" encoding="{charset}"').encode(charset)
    [entry] = feeds.read(raw(body), SOURCE)
    assert entry.title == "Rabat et Paris : coopération & sécurité"


def test_a_cut_feed_gives_what_is_there() -> None:
    [entry] = feeds.read(raw(RSS[: RSS.index("<item><title>Sans")]), SOURCE)
    assert entry.url == "https://news.example/2026/accord"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "unreadable"),
        ("<!doctype html><title>Not found</title><p>sorry", "unreadable"),
        ("</height>", "unreadable"),
        ("<rss><channel>" + "<a>" * 100_000, "hostile_markup"),
        ("<rss><item " + " ".join(f'a{n}="b"' for n in range(50_000)) + ">", "hostile_markup"),
    ],
    ids=["empty", "page", "feedparser breaks", "depth", "attributes"],
)
def test_what_is_no_feed_is_named(body: str, reason: str) -> None:
    found, _ = find("feed", {"/source": reply(body, content_type="application/xml")})
    assert refusals(found) == [("/source", reason)]


def test_a_body_is_never_taken_for_the_name_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret.xml").write_text(RSS, encoding="utf-8")
    with pytest.raises(SkipAddress, match="unreadable"):
        list(feeds.read(raw(str(tmp_path / "secret.xml")), SOURCE))


def test_a_feed_that_cannot_be_fetched_is_named() -> None:
    assert refusals(find("feed", {})[0]) == [("/source", "not_found")]


def test_no_entity_reads_a_file_or_grows() -> None:
    secret = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    laughs = "<!DOCTYPE r [<!ENTITY a 'ha'>" + "".join(
        f"<!ENTITY {new} '{10 * f'&{old};'}'>" for old, new in zip("abcdefgh", "bcdefghx", strict=True)
    )
    for doctype in (secret, laughs + "]>"):
        item = "<item><title>&x;</title><link>/a</link></item>"
        body = f"<?xml version='1.0'?>{doctype}<rss><channel>{item}</channel></rss>"
        for entry in feeds.read(raw(body), SOURCE):
            assert "root:" not in entry.title
            assert len(entry.title) < 100


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(body: bytes) -> None:
    for start in (b"", b"<?xml version='1.0'?><rss version='2.0'><channel><item>", b"<feed><entry>"):
        try:
            assert all(isinstance(entry, Candidate) for entry in feeds.read(raw(start + body), SOURCE))
        except SkipAddress as error:
            assert error.detail  # noqa: PT017 - either outcome is right


TEXT_DIFFERS = {
    # feedparser keeps the code of these pages' scripts as text; it is none.
    "entry_content_crazy.xml", "entry_summary_crazy.xml", "entry_title_crazy.xml", "item_content_encoded_crazy.xml",
    "item_description_crazy.xml", "item_fullitem_crazy.xml",
    # It takes <> for a tag; we keep it.
    "bozo_linenoise.xml",
    # It joins what stood before and behind a script; we leave a space there.
    "item_content_encoded_script_nested_cdata.xml",
}  # fmt: skip


def test_none_of_2100_feeds_breaks_the_reader_or_loses_what_feedparser_finds(shared: Path) -> None:
    lost, count = [], 0
    with tarfile.open(shared / "conformance" / "feeds.tar.gz") as archive:
        for member in archive:
            if not member.isfile():
                continue
            count += 1
            body = archive.extractfile(member).read()  # type: ignore[union-attr]
            lost += [f"{member.name}: {what}" for what in lost_in(body, Path(member.name).name)]
    assert lost == []
    assert count > 2100


def lost_in(body: bytes, name: str) -> list[str]:
    """What feedparser, as it comes, finds in a feed and our reading of it does not have."""
    document = raw(body)
    headers = {"content-type": "application/xml", "content-location": document.url}
    theirs, ours = feedparser.parse(io.BytesIO(body), response_headers=headers), feeds.parse(document)
    if len(theirs.entries) != len(ours.entries):
        return [f"{len(ours.entries)} of {len(theirs.entries)} entries"]
    wanted = [url for url in (feeds.address(entry, document.url) for entry in ours.entries) if url]
    lost = [] if not wanted or [entry.url for entry in feeds.read(document, SOURCE)] == wanted else ["an address"]
    for their, our in zip(theirs.entries, ours.entries, strict=True):
        fields = ("link", "id", "published_parsed", "updated_parsed", "author", "tags")
        lost += [field for field in fields if dict.get(their, field) and dict.get(their, field) != dict.get(our, field)]
        if name in TEXT_DIFFERS:
            continue
        for field, text in (("title", feeds.title(our)), ("summary", feeds.summary(our))):
            written = their.get(field) or ""
            if markup.one_line(written) != text:
                lost += [f"{field}: {word}" for word in markup.plain(written).split() if word not in text]
    return lost
