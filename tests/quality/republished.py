"""Labelled duplicates made from press texts: what republication does to a text, and pages that only look alike.

    pages = republish(stories, seed=1)

Every story keeps its page, and up to three others print it changed (``COPIES``). Beside them stand pages that
share text with others and are articles of their own (``ALIKE``): filled templates, quotations, a site's
boilerplate around other articles, states of a live blog, updates on one event. ``HELD_OUT`` are ways of changing and
of looking alike that nothing was tuned on: they are drawn for the held-out half only.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

SENTENCE = re.compile(r"(?<=[.!?…؟。！？])\s+|\n+|(?<=[。！？])")
WORD = re.compile(r"[\u0e00-\u9fff]{1,2}|[^\s\u0e00-\u9fff]+\s*|\s+")
SITES = 60
AT_HOME = {"typography", "headline", "cut", "teaser", "edited 10 %", "brief"}
AT_HOME_SHARE = 0.2  # of the copies that a house makes of its own texts, at another address
SPARE = 0.25  # share of the stories that only lend their sentences
FIRST = date(2026, 1, 1)
_TYPOGRAPHY = str.maketrans({"'": "’", '"': "”", "-": "–", "é": "e\u0301", "œ": "oe", "أ": "ا", "ى": "ي"})


@dataclass(frozen=True)
class Story:
    """A source text: its address, headline and text."""

    url: str
    title: str
    text: str

    @property
    def held_out(self) -> bool:
        """Whether it belongs to the half that nothing is tuned on; the same for ever."""
        return hashlib.sha256(self.url.encode()).digest()[0] % 2 == 1


@dataclass(frozen=True)
class Page:
    """A page of the labelled set: pages of one ``article`` are duplicates of each other, all others are not."""

    id: str
    text: str
    site: str
    url: str
    published: date
    article: str
    kind: str


@dataclass(frozen=True)
class Press:
    """What pages are made of: the chance, sentences and headlines of other stories, the boilerplate of each site."""

    chance: random.Random
    sentences: Sequence[str]
    headlines: Sequence[str]
    boilerplate: list[tuple[str, str]] = field(default_factory=list)
    deck: list[str] = field(default_factory=list)

    def some(self, fewest: int, most: int) -> list[str]:
        """So many sentences of other stories; none comes again before all have come."""
        wanted = self.chance.randint(fewest, most)
        if len(self.deck) < wanted:
            self.deck[:] = self.chance.sample(self.sentences, len(self.sentences))
        drawn = self.deck[:wanted]
        del self.deck[:wanted]
        return drawn


# How a text is changed, given the site that prints it; and a series of pages that look alike, as (site, text).
Change = Callable[[Press, str, int], str]
Series = Callable[[Press, Sequence[Story]], list[tuple[int, str]]]


def sentences(text: str) -> list[str]:
    """The sentences and lines of ``text``."""
    return [sentence.strip() for sentence in SENTENCE.split(text) if sentence.strip()]


def words(text: str) -> int:
    """Words of ``text``; two characters count as a word where no spaces are written."""
    unspaced = sum("\u0e00" <= sign <= "\u9fff" for sign in text)
    return len(text.split()) + unspaced // 2


def republish(stories: Sequence[Story], seed: int, held_out: bool = False) -> list[Page]:
    """The labelled pages of ``stories``, the same for the same seed, in a random order."""
    chance = random.Random(seed)
    drawn = chance.sample(sorted(stories, key=lambda story: story.url), len(stories))
    spare = max(2, int(len(drawn) * SPARE))
    lent, kept = drawn[:spare], drawn[spare:]
    pool = sorted({s for story in lent for s in sentences(story.text) if 6 <= words(s) <= 40})
    headlines = [story.title for story in lent if story.title] or ["…"]
    press = Press(chance, pool, headlines)
    press.boilerplate.extend((" ".join(press.some(1, 4)), " ".join(press.some(2, 4))) for _ in range(SITES))
    copies = COPIES | (HELD_OUT_COPIES if held_out else {})
    pages = [page for number, story in enumerate(kept) for page in _printed(press, number, story, copies)]
    alike = ALIKE | (HELD_OUT_ALIKE if held_out else {})
    for kind, (make, share) in alike.items():
        for number in range(max(1, int(len(kept) * share))):
            pages += _series(press, f"{kind}{number}", kind, make(press, kept))
    chance.shuffle(pages)
    return pages


def _printed(press: Press, number: int, story: Story, copies: dict[str, Change]) -> list[Page]:
    """A story's own page and its copies on other sites, a few days later at most."""
    chance = press.chance
    host = story.url.split("/")[2] if "//" in story.url else "origin.example"
    day = FIRST + timedelta(chance.randrange(120))
    pages = [Page(f"s{number}", story.text, host, story.url, day, f"s{number}", "story")]
    for kind in chance.sample(sorted(copies), min(len(copies), chance.choice((0, 1, 2, 3)))):
        site = chance.randrange(SITES)
        text, name = copies[kind](press, story.text, site), f"s{number}-{kind}"
        printer = host if kind in AT_HOME and chance.random() < AT_HOME_SHARE else f"r{site}.example"
        later = day + timedelta(chance.randrange(3))
        pages.append(Page(name, text, printer, f"https://{printer}/{name}", later, f"s{number}", kind))
    return pages


def _series(press: Press, name: str, kind: str, texts: Sequence[tuple[int, str]]) -> list[Page]:
    """Pages that each are an article of their own, as (site, text)."""
    day = FIRST + timedelta(press.chance.randrange(120))
    return [
        Page(f"{name}-{n}", text, f"r{site}.example", f"https://r{site}.example/{name}-{n}", day, f"{name}-{n}", kind)
        for n, (site, text) in enumerate(texts)
    ]


def _typography(press: Press, text: str, site: int) -> str:
    return text.translate(_TYPOGRAPHY).replace(" ", "\u00a0", 5)


def _headline(press: Press, text: str, site: int) -> str:
    return f"{press.chance.choice(press.headlines)}\n{text}"


def _cut(press: Press, text: str, site: int) -> str:
    parts = sentences(text)
    return " ".join(parts[: max(3, int(len(parts) * press.chance.uniform(0.35, 0.8)))])


def _teaser(press: Press, text: str, site: int) -> str:
    return _first(text, press.chance.randint(45, 100)) + "…"


def _wrapped(press: Press, text: str, site: int) -> str:
    before, after = press.boilerplate[site]
    return f"{before}\n{text}\n{after}"


def _edited(share: float) -> Change:
    def edited(press: Press, text: str, site: int) -> str:
        out: list[str] = []
        for sentence in sentences(text):
            out += _touched(press, sentence) if press.chance.random() < share else [sentence]
        return " ".join(out)

    return edited


def _touched(press: Press, sentence: str) -> list[str]:
    """A sentence after an editor: replaced, dropped, its words in another order, or with one more behind it."""
    parts = sentence.split()
    return press.chance.choice(
        (
            [press.chance.choice(press.sentences)],
            [],
            [" ".join(press.chance.sample(parts, len(parts)))],
            [sentence, press.chance.choice(press.sentences)],
        )
    )


def _merged(press: Press, text: str, site: int) -> str:
    """Two texts on one page: this one first, and a shorter one below it."""
    most = max(2, min(12, len(sentences(text)) // 2))
    return f"{text}\n{' '.join(press.some(1, most))}"


def _combined(press: Press, text: str, site: int) -> str:
    for change in (_typography, _EDITED_10, _cut, _headline, _wrapped):
        text = change(press, text, site)
    return text


def _brief(press: Press, text: str, site: int) -> str:
    """The beginning as a brief: two to four sentences under another headline."""
    start = " ".join(sentences(text)[: press.chance.randint(2, 4)])
    return f"{press.chance.choice(press.headlines)}\n{start if words(start) > 35 else _first(text, 60)}"


def _own_lead(press: Press, text: str, site: int) -> str:
    """A dispatch under an opening of the house: the first sentences are written anew."""
    parts = sentences(text)
    return " ".join(press.some(1, 2) + parts[max(1, len(parts) // 10) :])


def _trimmed(press: Press, text: str, site: int) -> str:
    """Every fourth sentence is left out, and subheadings stand between the others."""
    parts = sentences(text)
    kept = [part for number, part in enumerate(parts) if number % 4 != 3]
    kept.insert(len(kept) // 2, press.chance.choice(press.headlines))
    return "\n".join(kept)


def _reworded(press: Press, text: str, site: int) -> str:
    """One word in forty is another one."""
    pool = press.chance.choice(press.sentences).split()
    return " ".join(press.chance.choice(pool) if press.chance.random() < 1 / 40 else word for word in text.split())


def _first(text: str, count: int) -> str:
    return "".join(WORD.findall(text)[:count])


_EDITED_10 = _edited(0.1)
COPIES: dict[str, Change] = {
    "typography": _typography,
    "headline": _headline,
    "cut": _cut,
    "teaser": _teaser,
    "wrapped": _wrapped,
    "edited 10 %": _EDITED_10,
    "edited 30 %": _edited(0.3),
    "merged": _merged,
    "combined": _combined,
    "brief": _brief,
}
HELD_OUT_COPIES: dict[str, Change] = {"own lead": _own_lead, "trimmed": _trimmed, "reworded": _reworded}


def _templates(press: Press, stories: Sequence[Story]) -> list[tuple[int, str]]:
    """A long text of the site with a short one of its own in the middle, as bulletins and notices are made."""
    site, shell = press.chance.randrange(SITES), press.some(6, 10)
    middle = len(shell) // 2
    return [
        (site, " ".join(shell[:middle] + press.some(2, 4) + shell[middle:])) for _ in range(press.chance.randint(6, 12))
    ]


def _quotations(press: Press, stories: Sequence[Story]) -> list[tuple[int, str]]:
    """An article that quotes a passage of another one."""
    parts = WORD.findall(press.chance.choice(stories).text)
    start = press.chance.randint(0, max(0, len(parts) - 50))
    passage = "".join(parts[start : start + press.chance.randint(25, 50)])
    text = " ".join([*press.some(5, 9), f"« {passage} »", *press.some(4, 8)])
    return [(press.chance.randrange(SITES), text)]


def _same_boilerplate(press: Press, stories: Sequence[Story]) -> list[tuple[int, str]]:
    """Short articles of one site, each with the site's boilerplate around it."""
    site = press.chance.randrange(SITES)
    return [(site, _wrapped(press, " ".join(press.some(3, 6)), site)) for _ in range(press.chance.randint(5, 9))]


def _live(press: Press, stories: Sequence[Story]) -> list[tuple[int, str]]:
    """States of a live blog at addresses of their own: one introduction, entries coming in, old ones dropping out.

    One in five is printed by several sites of a group, a state each.
    """
    chance, site = press.chance, press.chance.randrange(SITES)
    stride = chance.random() < 0.2
    introduction = press.some(1, 2)
    shown = chance.randint(6, 12)
    step = max(3, round(shown * chance.uniform(0.35, 0.7)))
    states = chance.randint(2, 4)
    entries = [" ".join(press.some(1, 3)) for _ in range(shown + step * (states - 1))]
    newest_first, keeps_all = chance.random() < 0.9, chance.random() < 0.25
    texts = []
    for state in range(states):
        last = shown + step * state
        window = entries[0 if keeps_all else last - shown : last]
        texts.append(
            ((site + state * stride) % SITES, "\n".join(introduction + (window[::-1] if newest_first else window)))
        )
    return texts


def _updates(press: Press, stories: Sequence[Story]) -> list[tuple[int, str]]:
    """Reports on one event, each with its own news on top and the same background below."""
    chance, site = press.chance, press.chance.randrange(SITES)
    background = press.some(4, 9)
    return [
        (site, " ".join(press.some(len(background) - 1, len(background) + 4) + background[: chance.randint(3, 9)]))
        for _ in range(chance.randint(2, 4))
    ]


def _same_topic(press: Press, stories: Sequence[Story]) -> list[tuple[int, str]]:
    """Another article with the names and a sentence or two of a story."""
    parts = sentences(press.chance.choice(stories).text)
    borrowed = press.chance.sample(parts, min(2, len(parts)))
    out = press.some(8, 16)
    for sentence in borrowed:
        out.insert(press.chance.randint(0, len(out)), sentence)
    return [(press.chance.randrange(SITES), " ".join(out))]


def _round_up(press: Press, stories: Sequence[Story]) -> list[tuple[int, str]]:
    """A digest of the week: the opening of each of several stories."""
    items = press.chance.sample(list(stories), min(6, len(stories)))
    return [
        (press.chance.randrange(SITES), "\n".join(_first(story.text, press.chance.randint(40, 80)) for story in items))
    ]


def _elsewhere(press: Press, stories: Sequence[Story]) -> list[tuple[int, str]]:
    """A live blog of two houses that share a feed: each state on another site, new entries among the old ones."""
    shared = press.some(7, 12)
    return [
        (
            press.chance.randrange(SITES),
            "\n".join(press.some(6, 9) + press.chance.sample(shared, len(shared) // 2)),
        )
        for _ in range(2)
    ]


ALIKE: dict[str, tuple[Series, float]] = {
    "template": (_templates, 0.05),
    "quotation": (_quotations, 0.25),
    "boilerplate": (_same_boilerplate, 0.05),
    "live": (_live, 0.1),
    "update": (_updates, 0.06),
    "topic": (_same_topic, 0.1),
}
HELD_OUT_ALIKE: dict[str, tuple[Series, float]] = {"round-up": (_round_up, 0.04), "shared feed": (_elsewhere, 0.04)}
