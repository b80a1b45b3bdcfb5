"""What a page says of itself is read with its evidence; what it does not say stays None."""

import json

import pytest

from tamis.cleaners.html.metadata import PageMetadata, read_metadata
from tamis.cleaners.html.names import clean_names
from tamis.cleaners.html.stamps import read_address, read_stamp

URL = "https://www.courrier-exemple.ma/politique/2024/05/31/le-port-rouvre.html"


def page(head: str = "", body: str = "") -> PageMetadata:
    return read_metadata(f"<html lang='fr-MA'><head>{head}</head><body>{body}</body></html>", URL)


def ld(**node: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def test_everything_of_a_well_kept_page() -> None:
    found = page(
        "<title>Le port rouvre | Courrier Exemple</title>"
        '<link rel="canonical" href="/politique/le-port-rouvre">'
        '<meta property="og:site_name" content="Courrier Exemple">'
        + ld(
            **{"@type": "NewsArticle"},
            headline="Le port rouvre",
            datePublished="2024-05-31T09:20:00+01:00",
            dateModified="2024-06-01T10:00:00+01:00",
            author=[{"@type": "Person", "name": "Salma Idrissi"}, {"@type": "Organization", "name": "AFP"}],
            articleSection="Politique",
            isAccessibleForFree="False",
        ),
        "<h1>Le port rouvre</h1>",
    )
    assert found.title == "Le port rouvre"
    assert found.authors == ("Salma Idrissi", "AFP")
    assert found.published is not None
    assert (found.published.iso, found.published.source) == ("2024-05-31T09:20:00+01:00", "json-ld")
    assert found.modified is not None
    assert found.modified.day.isoformat() == "2024-06-01"
    assert (found.language, found.site, found.site_name) == ("fr", "courrier-exemple.ma", "Courrier Exemple")
    assert (found.section, found.agency, found.paywalled) == ("Politique", "AFP", True)
    assert found.canonical == "https://www.courrier-exemple.ma/politique/le-port-rouvre"


def test_a_silent_page_says_nothing() -> None:
    assert read_metadata("<p>Bonjour</p>") == PageMetadata()


@pytest.mark.parametrize(
    ("head", "body", "day", "source"),
    [
        ('<meta property="article:published_time" content="2024-05-30T08:00Z">', "", "2024-05-30", "meta"),
        ("", '<h1>Un titre</h1><time datetime="2024-05-29">hier</time>', "2024-05-29", "time"),
        ("", "<h1>Un titre</h1><p>Le 3 mai 1990, le port ouvrait.</p>", "2024-05-31", "url"),
        ("", '<ul><li><time datetime="2024-05-01">autre article</time></li></ul>', "2024-05-31", "url"),
    ],
)
def test_dates_in_order_of_trust(head: str, body: str, day: str, source: str) -> None:
    published = page(head, body).published
    assert published is not None
    assert (published.day.isoformat(), published.source) == (day, source)


def test_a_day_is_completed_by_a_source_that_knows_the_hour() -> None:
    published = page(
        ld(**{"@type": "NewsArticle"}, datePublished="2024-05-31")
        + '<meta property="article:published_time" content="2024-05-31T09:20:00+01:00">'
    ).published
    assert published is not None
    assert published.precision == "second"


def test_the_article_among_others_is_the_one_with_the_pages_address() -> None:
    other = {
        "@type": "NewsArticle",
        "url": "https://www.courrier-exemple.ma/autre",
        "datePublished": "2020-01-01",
    }
    own = {"@type": "NewsArticle", "mainEntityOfPage": {"@id": URL}, "datePublished": "2024-05-31"}
    published = page(ld(**{"@graph": [other, own]})).published
    assert published is not None
    assert published.day.isoformat() == "2024-05-31"


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "headline": "Le port rouvre",}',
        '<!-- {"@type": "NewsArticle", "headline": "Le port rouvre"} -->',
        '{"@type": "NewsArticle", "headline": "Le port\n rouvre"};',
    ],
)
def test_broken_json_is_read_as_far_as_it_can_be(script: str) -> None:
    assert page(f'<script type="application/ld+json">{script}</script>').title == "Le port rouvre"


def test_json_that_nests_without_end_is_left_alone() -> None:
    assert page('<script type="application/ld+json">' + "[" * 100_000 + "</script>").title is None


@pytest.mark.parametrize(
    ("title", "clean"),
    [
        ("Le port rouvre | Courrier Exemple", "Le port rouvre"),
        ("Courrier Exemple : le port rouvre - courrier-exemple.ma", "le port rouvre"),
        ("Le port rouvre – et après ?", "Le port rouvre – et après ?"),
    ],
)
def test_the_name_of_the_site_is_no_part_of_a_title(title: str, clean: str) -> None:
    assert page(f"<title>{title}</title><meta property='og:site_name' content='Courrier Exemple'>").title == clean


@pytest.mark.parametrize(
    ("stated", "names"),
    [
        ("Par Salma Idrissi et Ana Gil", ("Salma Idrissi", "Ana Gil")),
        ("https://www.facebook.com/courrier", ()),
        ("Jane Roe, MD, PhD", ("Jane Roe, MD, PhD",)),
        ("Salma Idrissi | Publié le 31 mai 2024", ("Salma Idrissi",)),
        ("admin", ()),
        ("Salma Idrissi, Salma IDRISSI", ("Salma Idrissi",)),
    ],
)
def test_names(stated: str, names: tuple[str, ...]) -> None:
    assert clean_names([stated]) == names


@pytest.mark.parametrize(
    ("text", "iso", "precision"),
    [
        ("2024-12-18T09:20:11.123Z", "2024-12-18T09:20:11+00:00", "second"),
        ("20241218", "2024-12-18T00:00:00", "day"),
        ("2024-05-31T00:00:00+00:00", "2024-05-31T00:00:00", "day"),
        ("Fri, 31 May 2024 14:22:11 GMT", "2024-05-31T14:22:11+00:00", "second"),
        ("1717165331000", "2024-05-31T14:22:11+00:00", "second"),
        ("31 mai 2024", "2024-05-31T00:00:00", "day"),
    ],
)
def test_stamps(text: str, iso: str, precision: str) -> None:
    stamp = read_stamp(text)
    assert stamp is not None
    assert (stamp.at.isoformat(), stamp.precision) == (iso, precision)


@pytest.mark.parametrize("text", ["", "hier", "2024-13-45", "soon, 12:30"])
def test_no_stamp(text: str) -> None:
    assert read_stamp(text) is None


def test_an_article_number_is_no_date() -> None:
    assert read_address("https://exemple.ma/article-20249931.html") is None
