"""Pages that share text with others and are articles of their own: each function makes one series, as (site, text)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.quality.press import SITES, WORD, Press, Story, first, sentences, wrapped

Series = Callable[[Press, Sequence[Story]], list[tuple[int, str]]]


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
    return [(site, wrapped(press, " ".join(press.some(3, 6)), site)) for _ in range(press.chance.randint(5, 9))]


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
        (press.chance.randrange(SITES), "\n".join(first(story.text, press.chance.randint(40, 80)) for story in items))
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
