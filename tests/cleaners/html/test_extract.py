"""Whole pages, written for this test, come out as their article; the files beside them say how."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamis.cleaners.html.extract import Extraction, boilerplate_kind, extract
from tamis.cleaners.html.html_page import read_page
from tamis.cleaners.records import Label

PAGES = Path(__file__).parents[2] / "pages/html"
URL = "https://www.exemple.org/page"


def text_of(found: Extraction) -> str:
    return "\n".join(b.text for b, v in zip(found.blocks, found.verdicts, strict=True) if v.label is Label.CONTENT)


@pytest.mark.parametrize("name", sorted(path.stem for path in PAGES.glob("*.toml")))
def test_pages(name: str) -> None:
    expected = tomllib.loads((PAGES / f"{name}.toml").read_text(encoding="utf-8"))
    found = extract((PAGES / f"{name}.html").read_text(encoding="utf-8"), URL)
    text = text_of(found)
    assert [phrase for phrase in expected["keep"] if phrase not in text] == []
    assert [phrase for phrase in expected["drop"] if phrase in text] == []
    assert found.metadata.title == expected["title"]
    assert list(found.metadata.authors) == expected["authors"]
    day = found.metadata.published.day.isoformat() if found.metadata.published else None
    assert day == expected["day"]
    assert found.refusal is None


@pytest.mark.parametrize("name", sorted(path.stem for path in PAGES.glob("*.toml")))
def test_a_paragraph_for_two_widths_of_screen_is_kept_once(name: str) -> None:
    lines = [
        line
        for line in text_of(extract((PAGES / f"{name}.html").read_text(encoding="utf-8"))).split("\n")
        if len(line) > 60
    ]
    assert len(lines) == len(set(lines))


@settings(deadline=None, max_examples=50)
@given(st.text(alphabet="<>/ap div\n.é", max_size=200))
def test_any_markup_gives_one_verdict_a_block(html: str) -> None:
    found = extract(html)
    assert [verdict.block for verdict in found.verdicts] == [block.index for block in found.blocks]


@pytest.mark.parametrize(
    ("html", "label"),
    [
        ("<div class='related-posts'><p>Autre article</p></div>", Label.RELATED),
        ("<figure><img src=x><figcaption>Le port</figcaption></figure>", Label.CAPTION),
        ("<div class='c1'><div class='shareBar__x'><a href=x>Envoyer</a></div></div>", Label.SHARE),
        ("<nav><a href=x>Accueil</a></nav>", Label.NAVIGATION),
        ("<div><p>Rien ne le dit</p></div>", Label.OTHER),
    ],
)
def test_a_removed_block_is_named_by_what_stands_around_it(html: str, label: Label) -> None:
    (block,) = read_page(html).blocks
    assert boilerplate_kind(block, {})[0] is label


def test_a_dialog_of_the_page_is_named_by_its_classes() -> None:
    prose = "<p>The council met on Tuesday to talk about the bridge, which has been closed since March.</p>" * 5
    dialog = "<div role=dialog class='cookie-banner'><p>We value your privacy and so do our 900 partners.</p></div>"
    found = extract(f"<html><body><article><h1>The bridge</h1>{prose}</article>{dialog}</body></html>")
    assert (found.verdicts[-1].label, found.verdicts[-1].rule) == (Label.COOKIE, "html.furniture")


@pytest.mark.parametrize(
    "around",
    [
        "<p class='imageCaption'>{}</p>",
        "<div class='photo'><img src=x><div class='photo-caption'><p>{}</p></div></div>",
        "<figure><img src=x><figcaption>{}</figcaption></figure>",
    ],
)
def test_a_caption_that_reads_like_the_text_is_no_part_of_it(around: str) -> None:
    prose = "The council met on Tuesday to talk about the bridge over the river, which has been closed since March. "
    caption = "The bridge over the river, which the council closed in March, was opened by the old mayor in 1962."
    body = f"<p>{prose * 3}</p>{around.format(caption)}<p>{prose * 4}</p><p>{prose * 2}</p>"
    found = extract(f"<html><body><article><h1>The bridge</h1>{body}</article></body></html>")
    assert [v.label for v in found.verdicts if found.blocks[v.block].text == caption] == [Label.CAPTION]


def test_a_show_of_pictures_is_told_by_its_captions() -> None:
    slide = "<div class='slide'><img src=x><p class='caption'>{}</p></div>"
    told = "On day {} the council walked along the river, talked to those who live there, and took notes of it all. "
    shows = "".join(slide.format(told.format(day) * 2) for day in range(6))
    assert "On day 5" in text_of(extract(f"<html><body><article><h1>The river</h1>{shows}</article></body></html>"))


def test_a_text_that_only_json_ld_has_is_rescued() -> None:
    body = "The council met on Tuesday to talk about the bridge, closed since March. " * 8
    script = f'<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{body}"}}</script>'
    found = extract(f"<html><head>{script}</head><body><h1>The bridge</h1><div id=app></div></body></html>")
    assert "The council met on Tuesday" in text_of(found)
    assert found.verdicts[-1].rule == "html.rescue.json-ld"


def test_what_the_page_shows_needs_no_rescue() -> None:
    body = "The council met on Tuesday to talk about the bridge, closed since March. " * 8
    script = f'<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{body}"}}</script>'
    found = extract(f"<html><head>{script}</head><body><h1>The bridge</h1><p>{body}</p></body></html>")
    assert text_of(found).count("The council met on Tuesday") == 8


def test_a_text_that_only_a_noscript_has_is_rescued() -> None:
    lines = "".join(
        f"<p>The council met on day {n} to talk about the bridge, closed since March.</p>" for n in range(8)
    )
    page = "<html><body><h1>The bridge</h1><div id=app></div>{}</body></html>"
    assert "The council met on day 7" in text_of(extract(page.format(f"<noscript><div>{lines}</div></noscript>")))
    assert not text_of(extract(page.format("<noscript><img src=x></noscript>")))
