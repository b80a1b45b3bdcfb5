"""An invented local news site: pages made from templates, a feed and a sitemap of them, changing from run to run.

Everything it was asked is in ``asked``, with the time of the test's own clock.
"""

from __future__ import annotations

import asyncio
import random
import re
import threading
import unicodedata
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256

from tests.faults.server import Request, Site, reply, serving

TRACKED = "?utm_source=feed"
ROBOTS = "User-agent: *\nCrawl-delay: 2\nDisallow: /reserve/\nSitemap: {sitemap}\n"
ACTORS = [
    ["La police marocaine", "Rabat", "Le ministre marocain", "La DGSN", "Le parquet de Casablanca", "Le Maroc"],
    ["Un notaire", "La chorale", "Le club", "Une boulangère", "Le jardinier", "La mairie"],
]
ACTS = [
    [
        "partage avec Paris",
        "signe avec la France",
        "remet aux juges français",
        "prépare avec Marseille",
        "livre à Paris",
    ],
    ["prépare depuis hier", "répare sans bruit", "dessine avec soin", "range chaque soir", "invente presque seul"],
]
THINGS = [
    ["un fichier de trafiquants", "une enquête sur la drogue", "une alerte antiterroriste", "un mandat d'extradition",
     "une saisie de cannabis", "un plan contre le narcotrafic"],
    ["un gâteau au citron", "une barque en bois", "un bouquet de tulipes", "une fresque murale", "un piano désaccordé",
     "une recette de famille"],
]  # fmt: skip
TIMES = [
    "ce printemps",
    "depuis lundi",
    "avant midi",
    "dès juillet",
    "en silence",
    "sans attendre",
    "comme prévu",
    "cette nuit",
]
PLACES = [
    ["à Tanger", "à Lyon", "au port de Nador", "à l'ambassade", "près de Lille", "à Agadir", "au tribunal de Paris"],
    ["à Vannes", "sous le préau", "dans la cour", "près du lavoir", "au marché", "à la ferme", "sur la place"],
]
TITLES = [
    "Paris et Rabat {} leur coopération {} contre {}",
    "{} : {} et {} au programme du village",
]
SLOTS = [
    [["renforcent", "relancent", "élargissent", "préparent"], ["policière", "judiciaire", "sécuritaire"],
     ["le narcotrafic", "le terrorisme", "les trafiquants", "le crime organisé", "le blanchiment"]],
    [["Dimanche", "Fête", "Été", "Vacances"], ["tulipes", "chorale", "piano", "régates", "brocante"],
     ["gâteaux", "peinture", "concert", "pétanque"]],
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the site as it is at the time."""

    path: str
    title: str
    text: str
    listed_at: datetime
    changed_at: datetime
    in_feed: bool = True
    head: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def html(self) -> str:
        """The page with the furniture of its site around it."""
        paragraphs = "".join(f"<p>{part}</p>" for part in self.text.split("\n"))
        return (
            f"<!doctype html><html lang=fr><head><meta charset=utf-8><title>{self.title}</title>{self.head}"
            f'<meta property="article:published_time" content="{self.listed_at:%Y-%m-%dT%H:%M:%S}Z"></head><body>'
            f"<nav><a href=/>Accueil</a> <a href=/feed>Flux</a></nav><article><h1>{self.title}</h1>{paragraphs}"
            "</article><footer><p>Tous droits réservés - La Gazette inventée</p></footer></body></html>"
        )

    @property
    def etag(self) -> str:
        """A strong validator of what it says."""
        return f'"{sha256(self.html.encode()).hexdigest()[:12]}"'


def article(number: int, *, on_topic: bool, at: datetime, **changes: object) -> Page:
    """The page of a number: the same text each time, and another one for each number."""
    kind, chance = 0 if on_topic else 1, random.Random(number * 2 + on_topic)
    title = TITLES[kind].format(*(chance.choice(slot) for slot in SLOTS[kind]))
    page = Page(f"/{kind}/{slug(title)}-{number}.html", f"{title} ({number})", prose(kind, chance), at, at)
    return replace(page, **changes)  # type: ignore[arg-type]


def slug(title: str) -> str:
    """A title as sites put it into an address."""
    bare = unicodedata.normalize("NFD", title.lower()).encode("ascii", "ignore").decode()
    return re.sub("[^a-z0-9]+", "-", bare).strip("-")


def prose(kind: int, chance: random.Random, sentences: int = 14) -> str:
    """Paragraphs in which hardly any run of words comes twice."""
    parts = (ACTORS[kind], ACTS[kind], THINGS[kind], TIMES, PLACES[kind])
    said = [
        " ".join([*(chance.choice(part) for part in parts), f"{chance.randint(3, 999)} fois"]) + "."
        for _ in range(sentences)
    ]
    return "\n".join(" ".join(said[start : start + 3]) for start in range(0, sentences, 3))


@dataclass(slots=True)
class Newsroom:
    """The site: its pages by path; ``clock`` tells the time of day in seconds."""

    clock: Callable[[], float]
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[float, Request, int]] = field(default_factory=list)
    site: Site = field(default_factory=lambda: Site(0, {}))

    def publish(self, *pages: Page) -> None:
        """Adds pages, or replaces them."""
        self.pages.update({page.path: page for page in pages})
        paths = ("/robots.txt", "/feed", "/sitemap.xml", *self.pages)
        self.site.pages = {path + mark: self._answer(path) for path in paths for mark in ("", TRACKED)}

    def withdraw(self, page: Page) -> None:
        """Takes a page away."""
        del self.pages[page.path]
        self.publish()

    def path(self, url: str) -> str:
        """The path of a page's address, however it is written."""
        return url.removeprefix(self.site.url("")).removesuffix(TRACKED)

    def requests(self, since: int = 0) -> list[str]:
        """What was asked, from the request of that number on, with how it was answered."""
        return [f"{request.target} {status}" for _, request, status in self.asked[since:]]

    def _answer(self, path: str) -> Callable[[Request], AsyncIterator[bytes]]:
        def answer(request: Request) -> AsyncIterator[bytes]:
            body, etag, given = self._content(path)
            status = 304 if request.headers.get("if-none-match") == etag else 200
            self.asked.append((self.clock(), replace(request, target=path), status))
            return reply(body if status == 200 else b"", status, etag=etag, **given)(request)

        return answer

    def _content(self, path: str) -> tuple[str, str, dict[str, str]]:
        if path in self.pages:
            page = self.pages[path]
            return page.html, page.etag, dict(page.headers)
        made = {"/robots.txt": self._robots, "/feed": self._feed, "/sitemap.xml": self._sitemap}[path]()
        kind = "text/plain" if path == "/robots.txt" else "application/xml"
        return made, f'"{sha256(made.encode()).hexdigest()[:12]}"', {"content_type": f"{kind}; charset=utf-8"}

    def _robots(self) -> str:
        return ROBOTS.format(sitemap=self.site.url("/sitemap.xml"))

    def _feed(self) -> str:
        entries = "".join(
            f"<entry><title>{page.title}</title><id>{self.site.url(page.path)}</id>"
            f'<link href="{self.site.url(page.path)}{TRACKED}"/>'
            f"<published>{page.listed_at.isoformat()}</published>"
            f"<updated>{page.changed_at.isoformat()}</updated></entry>"
            for page in self.pages.values()
            if page.in_feed
        )
        return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Gazette</title><id>g</id>{entries}</feed>'

    def _sitemap(self) -> str:
        entries = "".join(
            f"<url><loc>{self.site.url(page.path)}</loc><lastmod>{page.changed_at.isoformat()}</lastmod></url>"
            for page in self.pages.values()
        )
        return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'


@contextmanager
def open_newsroom(clock: Callable[[], float]) -> Iterator[Newsroom]:
    """The site on 127.0.0.1, served from a thread of its own for the time of a test."""
    room, ready, loop = Newsroom(clock), threading.Event(), asyncio.new_event_loop()

    async def serve() -> None:
        nonlocal stop
        stop = asyncio.Event()
        async with serving({}) as site:
            room.site = site
            ready.set()
            await stop.wait()

    stop: asyncio.Event
    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    ready.wait(10)
    try:
        yield room
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()


def moment(seconds: float) -> datetime:
    """A time of the test's clock as a date."""
    return datetime.fromtimestamp(seconds, UTC)
