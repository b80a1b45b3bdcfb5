"""Pages that are no article are named by kind; anything that reads like one passes."""

import pytest

from tamis.cleaners.html.extract import extract

ARTICLE = (
    "<p>" + "The council met on Tuesday to talk about the bridge, which has been closed since March. " * 12 + "</p>"
)
CARDS = "".join(
    f"<div class=card><a href='/{i}'>The council talks of bridge number {i} again</a></div>" for i in range(20)
)

REFUSED = {
    "error_page": "<title>404</title><h1>Page introuvable</h1><p>Cette page a été déplacée.</p>",
    "block_page": "<title>Just a moment...</title><p>Checking your browser before you reach the site.</p>",
    "consent_wall": "<h1>Avant de continuer</h1><p>Nous et nos partenaires déposons des cookies.</p>",
    "paywall_teaser": "<h1>The bridge</h1><p>The bridge is closed.</p><p>Subscribe to continue reading.</p>",
    "listing": f"<title>Latest</title><main>{CARDS}</main>",
}
PASSED = {
    "an article": f"<h1>The bridge</h1>{ARTICLE}",
    "an article about an error": f"<h1>Page not found: the history of error 404</h1>{ARTICLE}",
    "an article below a banner": f"<p>We and our partners store cookies.</p><h1>The bridge</h1>{ARTICLE}",
    "an article with many cards": f"<h1>The bridge</h1>{ARTICLE}<aside>{CARDS}</aside>",
    "a dated brief": "<meta property='article:published_time' content='2024-05-01'><h1>Bridge open</h1>"
    f"<p>The bridge is open again, the council says, and buses use it.</p>{CARDS}",
}


@pytest.mark.parametrize(("kind", "html"), REFUSED.items(), ids=REFUSED.keys())
def test_no_article(kind: str, html: str) -> None:
    refusal = extract(html, "https://gazette.example/section").refusal
    assert refusal is not None
    assert refusal.kind == kind


@pytest.mark.parametrize("html", PASSED.values(), ids=PASSED.keys())
def test_articles_pass(html: str) -> None:
    assert extract(html, "https://gazette.example/bridge").refusal is None
