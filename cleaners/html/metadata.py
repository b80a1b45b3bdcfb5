"""A page's metadata with its evidence: what it states of itself, the most trustworthy statement first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from tamis.cleaners.bylines import read_byline
from tamis.cleaners.html.agencies import find_agency
from tamis.cleaners.html.head import Head, read_head
from tamis.cleaners.html.headline import find_headline
from tamis.cleaners.html.jsonld import Node, article_node, page_node, resolve, text_of
from tamis.cleaners.html.names import clean_names
from tamis.cleaners.html.stamps import Stamp, read_address, read_stamp
from tamis.cleaners.records import DateEvidence
from tamis.cleaners.site import join, split
from tamis.cleaners.vocabulary import fold

_PUBLISHED = (
    "article:published_time",
    "article:published",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "dcterms.created",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date.created",
    "citation_publication_date",
    "citation_date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "published_time",
    "publication_date",
    "publicationdate",
    "article.published",
    "dc.date",
    "dcterms.date",
    "date.issued",
    "datecreated",
    "date",
    "rnews:datepublished",
)
_MODIFIED = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "last-modified",
    "lastmod",
    "dcterms.modified",
    "article:modified",
    "dc.date.modified",
    "cxenseparse:recs:modifiedtime",
)
_AUTHORS = (
    "author",
    "article:author",
    "byl",
    "parsely-author",
    "sailthru.author",
    "citation_author",
    "dc.creator",
    "dcterms.creator",
    "og:article:author",
    "cxenseparse:author",
    "twitter:data1_author",
    "creator",
)
_SECTIONS = (
    "article:section",
    "parsely-section",
    "section",
    "category",
    "og:article:section",
    "articlesection",
)
_SITE_NAMES = ("og:site_name", "application-name", "al:android:app_name", "dc.publisher", "publisher")
_MAX_BARE = 60
_LOCKED = frozenset(("locked", "metered", "paid", "premium", "subscriber", "subscribers"))


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What an HTML page says of itself; None or empty where it does not say.

    ``site`` is the host without ``www.``; ``language`` an ISO 639 code as the page declares it; ``agency``
    the wire service that wrote the text, in whole or in part; ``paywalled`` is None where nothing tells.
    """

    title: str | None = None
    authors: tuple[str, ...] = ()
    published: DateEvidence | None = None
    modified: DateEvidence | None = None
    language: str | None = None
    site: str | None = None
    site_name: str | None = None
    section: str | None = None
    agency: str | None = None
    paywalled: bool | None = None
    canonical: str | None = None


def read_metadata(page: str | LexborHTMLParser, url: str | None = None) -> PageMetadata:
    """Read a page (its markup, or the tree of it) that came from ``url``.

    Order of trust: JSON-LD of the page's own article, meta tags, what stands beside the title, the address.
    """
    return metadata_of(read_head(LexborHTMLParser(page) if isinstance(page, str) else page), url)


def metadata_of(head: Head, url: str | None = None) -> PageMetadata:
    """`read_metadata` for a head that has been read already."""
    canonical = join(url or "", head.canonical) or None
    addresses = [address for address in (canonical, url, head.meta("og:url")) if address]
    article = article_node(head.nodes, addresses) or {}
    site_name = _site_name(head, article)
    host = split(url or canonical).hostname
    authors = _authors(head, article, site_name)
    return PageMetadata(
        title=find_headline(head, text_of(article.get("headline")) or text_of(article.get("name")), site_name, host),
        authors=authors,
        published=_published(head, article, url or canonical),
        modified=_first(_modified(head, article)),
        language=_language(head, article),
        site=host.removeprefix("www.") if host else None,
        site_name=site_name,
        section=text_of(article.get("articleSection")) or head.meta(*_SECTIONS),
        agency=find_agency((*authors, *_stated_names(article, head), *head.bylines)),
        paywalled=_paywalled(head, article),
        canonical=canonical if canonical and split(canonical).scheme in ("http", "https") else None,
    )


def _published(head: Head, article: Node, url: str | None) -> DateEvidence | None:
    """The publication date; where it is a bare day, a source that knows its time is better."""
    found = list(_publication_dates(head, article, url))
    if not found:
        return None
    first = found[0]
    if first.precision != "day":
        return first
    return next((other for other in found[1:] if other.precision != "day" and other.day == first.day), first)


def _publication_dates(head: Head, article: Node, url: str | None) -> Iterator[DateEvidence]:
    yield from _dates((article.get("datePublished"),), "json-ld", 0.95)
    yield from _dates((value for name in _PUBLISHED for value in head.metas.get(name, ())), "meta", 0.9)
    yield from _dates(((page_node(head.nodes) or {}).get("datePublished"), article.get("dateCreated")), "json-ld", 0.85)
    yield from _dates((attribute for attribute, _ in head.stamps), "time", 0.75)
    if url and (stamp := read_address(url)):
        yield _evidence(stamp, "url", 0.7)
    yield from _dates((text for _, text in head.stamps if len(text) < 60), "byline", 0.6)
    yield from _dates((text for text in head.bylines if len(text) < 90), "byline", 0.55)


def _modified(head: Head, article: Node) -> Iterator[DateEvidence]:
    yield from _dates((article.get("dateModified"),), "json-ld", 0.95)
    yield from _dates((value for name in _MODIFIED for value in head.metas.get(name, ())), "meta", 0.9)


def _dates(values: Iterable[object], source: str, confidence: float) -> Iterator[DateEvidence]:
    for value in values:
        stamp = read_stamp(value) if isinstance(value, str) else None
        if stamp is not None:
            yield _evidence(stamp, source, confidence)


def _evidence(stamp: Stamp, source: str, confidence: float) -> DateEvidence:
    return DateEvidence(stamp.at, stamp.precision, stamp.zone, source, confidence)


def _first(dates: Iterator[DateEvidence]) -> DateEvidence | None:
    return next(dates, None)


def _authors(head: Head, article: Node, site_name: str | None) -> tuple[str, ...]:
    """The first statement that names somebody; the site itself only where it alone is named."""
    house = fold(site_name or "")
    last_resort: tuple[str, ...] = ()
    for stated in _author_statements(head, article):
        names = clean_names(stated)
        own = tuple(name for name in names if fold(name) != house)
        if own:
            return own
        last_resort = last_resort or names
    return last_resort


def _author_statements(head: Head, article: Node) -> Iterator[list[str]]:
    people = resolve(article.get("author"), head.nodes) or resolve(article.get("creator"), head.nodes)
    yield [name for person in people if (name := text_of(person))]
    for name in _AUTHORS:
        yield list(head.metas.get(name, ()))
    for byline in head.bylines:
        read = read_byline(byline)
        yield (list(read.authors) if read else [byline] if len(byline) < _MAX_BARE and len(byline.split()) > 1 else [])


def _stated_names(article: Node, head: Head) -> Iterator[str]:
    for key in ("sourceOrganization", "creditText", "copyrightHolder", "contributor"):
        yield from (name for item in resolve(article.get(key), head.nodes) if (name := text_of(item)))
    for name in ("source", "article:source", "news_source", "original-source", "dc.source"):
        yield from head.metas.get(name, ())


def _site_name(head: Head, article: Node) -> str | None:
    publisher = resolve(article.get("publisher"), head.nodes)
    return head.meta(_SITE_NAMES[0]) or (text_of(publisher[0]) if publisher else None) or head.meta(*_SITE_NAMES[1:])


def _language(head: Head, article: Node) -> str | None:
    metas = head.meta("content-language", "language", "dc.language")
    for stated in (head.language, metas, text_of(article.get("inLanguage")), head.meta("og:locale")):
        match = re.match(r"\s*([a-zA-Z]{2,3})(?=[-_\s]|$)", stated or "")
        if match:
            return match[1].lower()
    return None


def _paywalled(head: Head, article: Node) -> bool | None:
    free = article.get("isAccessibleForFree")
    if isinstance(free, bool | str):
        return str(free).lower().rsplit("/", 1)[-1] == "false"
    tier = head.meta("article:content_tier", "article:opinion_tier")
    return tier.lower() in _LOCKED if tier else None
