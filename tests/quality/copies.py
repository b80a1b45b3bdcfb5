"""What republication does to a text: each function takes the press, a text, and the site that prints it."""

from __future__ import annotations

from collections.abc import Callable

from tests.quality.press import Press, first, sentences, words, wrapped

Change = Callable[[Press, str, int], str]
_TYPOGRAPHY = str.maketrans({"'": "’", '"': "”", "-": "–", "é": "e\u0301", "œ": "oe", "أ": "ا", "ى": "ي"})


def _typography(press: Press, text: str, site: int) -> str:
    return text.translate(_TYPOGRAPHY).replace(" ", "\u00a0", 5)


def _headline(press: Press, text: str, site: int) -> str:
    return f"{press.chance.choice(press.headlines)}\n{text}"


def _cut(press: Press, text: str, site: int) -> str:
    parts = sentences(text)
    return " ".join(parts[: max(3, int(len(parts) * press.chance.uniform(0.35, 0.8)))])


def _teaser(press: Press, text: str, site: int) -> str:
    return first(text, press.chance.randint(45, 100)) + "…"


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
    for change in (_typography, _EDITED_10, _cut, _headline, wrapped):
        text = change(press, text, site)
    return text


def _brief(press: Press, text: str, site: int) -> str:
    """The beginning as a brief: two to four sentences under another headline."""
    start = " ".join(sentences(text)[: press.chance.randint(2, 4)])
    return f"{press.chance.choice(press.headlines)}\n{start if words(start) > 35 else first(text, 60)}"


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


_EDITED_10 = _edited(0.1)
COPIES: dict[str, Change] = {
    "typography": _typography,
    "headline": _headline,
    "cut": _cut,
    "teaser": _teaser,
    "wrapped": wrapped,
    "edited 10 %": _EDITED_10,
    "edited 30 %": _edited(0.3),
    "merged": _merged,
    "combined": _combined,
    "brief": _brief,
}
HELD_OUT_COPIES: dict[str, Change] = {"own lead": _own_lead, "trimmed": _trimmed, "reworded": _reworded}
