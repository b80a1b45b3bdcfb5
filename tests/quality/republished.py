"""Labelled duplicates made from press texts: what republication does to a text, and pages that only look alike.

    pages = republish(stories, seed=1)

Every story keeps its page, and up to three others print it changed (``copies``). Beside them stand pages that
share text with others and are articles of their own (``lookalikes``). What is held out there, ways of changing and of
looking alike that nothing was tuned on, is drawn for the held-out half only.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta

from tests.quality.copies import COPIES, HELD_OUT_COPIES, Change
from tests.quality.lookalikes import ALIKE, HELD_OUT_ALIKE
from tests.quality.press import SITES, Page, Press, Story, sentences, words

AT_HOME = {"typography", "headline", "cut", "teaser", "edited 10 %", "brief"}
AT_HOME_SHARE = 0.2  # of the copies that a house makes of its own texts, at another address
SPARE = 0.25  # share of the stories that only lend their sentences
FIRST = date(2026, 1, 1)


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
