"""What a page shows becomes blocks in reading order, each knowing where it stood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from tamis.cleaners.html.blocks import HtmlBlock, read_blocks
from tamis.cleaners.records import Kind


def blocks(html: str) -> list[HtmlBlock]:
    return read_blocks(LexborHTMLParser(html))


CASES = {
    "paragraphs": ("<p>One.</p><p>Two.</p>", ["One.", "Two."]),
    "text between blocks": ("<div>Before <p>Inside.</p> after</div>", ["Before", "Inside.", "after"]),
    "two line breaks part": ("<div>One.<br><br>Two.</div>", ["One.", "Two."]),
    "inline markup does not": (
        "<p>An <b>im</b>portant <a href=x>link</a>, here.</p>",
        ["An important link, here."],
    ),
    "links side by side are two words": ("<div><a href=x>One</a><a href=y>Two</a></div>", ["One Two"]),
    "a heading may break its line": ("<h2>One<br>Two</h2>", ["One Two"]),
    "unseen": (
        "<p>Seen.</p><script>x</script><style>y</style><noscript>z</noscript><template>t</template>",
        ["Seen."],
    ),
    "comments": ("<!-- a --><p>Seen.<!-- b --></p>", ["Seen."]),
    "cards within links": ("<a href=x><h3>Title</h3><p>Lead.</p></a>", ["Title", "Lead."]),
    "rows of data": (
        "<table><tr><th>Year</th><th>Tons</th></tr><tr><td>1990</td><td><p>12</p></td></tr></table>",
        ["| Year | Tons |", "| 1990 | 12 |"],
    ),
    "a table for layout": (
        "<table><tr><td><h2>A</h2><p>One.</p></td><td>Two.</td></tr></table>",
        ["A", "One.", "Two."],
    ),
    "only signs": ("<p>***</p><p>Word</p>", ["Word"]),
}


@pytest.mark.parametrize(("html", "texts"), CASES.values(), ids=CASES.keys())
def test_blocks(html: str, texts: list[str]) -> None:
    assert [block.text for block in blocks(html)] == texts


def test_kinds() -> None:
    html = (
        "<h2>A</h2><p>B</p><ul><li>C</li></ul><blockquote><p>D</p></blockquote>"
        "<figure><figcaption>E</figcaption></figure><pre>F</pre>"
    )
    kinds = [Kind.HEADING, Kind.PARAGRAPH, Kind.LIST_ITEM, Kind.QUOTE, Kind.CAPTION, Kind.CODE]
    assert [block.kind for block in blocks(html)] == kinds


def test_links_are_counted_in_words() -> None:
    (block,) = blocks("<p>Read <a href=x>this old piece</a> first.</p>")
    assert (block.words, block.linked, block.links) == (5, 3, 1)


@pytest.mark.parametrize("how", ["hidden", "style='display: none'", "aria-hidden='true'"])
def test_hidden_text_is_marked_down_to_its_leaves(how: str) -> None:
    first, second = blocks(f"<div {how}><div><p>Hidden.</p></div></div><p>Seen.</p>")
    assert (first.owner.hidden, second.owner.hidden) == (True, False)


def test_navigation_is_furniture_but_not_within_the_article() -> None:
    article = "<article><nav>In this text</nav><footer>Note</footer></article>"
    html = f"<nav><a href=x>Home</a></nav>{article}<footer>Imprint</footer>"
    assert [block.owner.furniture for block in blocks(html)] == [True, False, False, True]


@pytest.mark.parametrize(
    "opening",
    [
        *("<dialog open>", "<div role=dialog>", "<div role=alertdialog>", "<div aria-modal=true>"),
        *("<div role=contentinfo>", "<form role=search>", "<div role=navigation>"),
    ],
)
def test_what_its_role_keeps_apart_from_the_text_is_furniture(opening: str) -> None:
    closing = f"</{opening[1:].split(maxsplit=1)[0].rstrip('>')}>"
    html = f"{opening}<p>We value your privacy.</p><p>Accept</p>{closing}<p>Text.</p>"
    assert [(block.text, block.owner.furniture) for block in blocks(html)] == [
        ("We value your privacy.\nAccept", True),
        ("Text.", False),
    ]


def test_navigation_is_one_block_and_read_like_the_rest_in_a_whole_reading() -> None:
    html = "<nav><ul><li><a href=x>Home</a></li><li>News</li></ul></nav><p>Text.</p>"
    assert [block.text for block in blocks(html)] == ["Home\nNews", "Text."]
    whole = read_blocks(LexborHTMLParser(html), whole=True)
    assert [(block.text, block.owner.furniture) for block in whole] == [
        ("Home", False),
        ("News", False),
        ("Text.", False),
    ]


def test_what_stands_behind_one_line_break_goes_on_and_behind_two_begins_anew() -> None:
    assert [block.broken for block in blocks("<div>One.<br>Two.<br><br>Three.</div>")] == [False, True, False]


def test_a_link_or_picture_at_the_head_of_a_block_counts() -> None:
    (block,) = blocks("<p><img src=x><a href=x>One</a> and <a href=y>two</a></p>")
    assert (block.links, block.images) == (2, 1)


@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<div>",
                "</div>",
                "<br>",
                "<tr>",
                "<td>",
                "<table>",
                "</table>",
                "<a>",
                "word ",
                "<li>",
                "</b>",
            ]
        )
    )
)
def test_no_word_is_lost_or_doubled(pieces: list[str]) -> None:
    html = "".join(pieces)
    seen = sum(block.words for block in blocks(html))
    assert seen == (LexborHTMLParser(html).body.text(separator=" ").split().count("word") if pieces else 0)  # type: ignore[union-attr]
