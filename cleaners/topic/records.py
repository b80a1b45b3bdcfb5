"""What a topic is and what a judgement of relevance says; nothing here computes one."""

from __future__ import annotations

from dataclasses import dataclass, field

SUPPORT = "support"
# Measured: see README.md.
TITLE_THRESHOLD = 0.28
TEXT_THRESHOLD = 0.48


@dataclass(frozen=True, slots=True)
class Term:
    """A word, a beginning of words (``maroc*``) or a phrase, and how much it says for the topic (0 to 1).

    ``seeds`` and ``times`` tell in how many seed texts and how often it was read (0 for a term that was not learnt).
    """

    text: str
    weight: float = 1.0
    seeds: int = 0
    times: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """One facet of a topic: any of its terms stands for it.

    ``concepts`` name packaged word lists in five languages (``places.MA``, ``subjects.sport``); ``learnt`` are
    terms of the seeds; ``add`` are the user's own, which learning leaves alone.
    """

    name: str
    concepts: tuple[str, ...] = ()
    learnt: tuple[Term, ...] = ()
    add: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it is learnt from its seeds and edited by a person; ``topic.toml`` holds one.

    ``require`` of the ``groups`` must stand together. ``support`` raises the score of what has them, ``rivals``
    (concepts) lower it, as does each term of ``exclude``. Terms in ``ignore`` are neither learnt nor matched, and
    ``weights`` overrule those of terms. A score of at least ``title_threshold`` (or ``text_threshold``) is on topic.
    ``hooks`` name functions of the user's (``discover = "module:function"``); nothing here calls them.
    """

    name: str
    languages: tuple[str, ...] = ()
    require: int = 1
    title_threshold: float = TITLE_THRESHOLD
    text_threshold: float = TEXT_THRESHOLD
    groups: tuple[Group, ...] = ()
    support: Group = field(default_factory=lambda: Group(SUPPORT))
    rivals: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    weights: tuple[tuple[str, float], ...] = ()
    hooks: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Seed:
    """One clean seed text, from which a topic is learnt."""

    text: str
    title: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A term that was found: the group it stands for, where (``title``, ``summary``, ``text``), how often."""

    group: str
    term: str
    where: str
    times: int
    weight: float


@dataclass(frozen=True, slots=True)
class Relevance:
    """How much a page is on a topic (0 to 1), with the evidence.

    ``on_topic`` says whether ``score`` reached ``threshold``, which is that of titles where only a title (and a
    summary) was given. ``missing`` are the groups that no term was found for.
    """

    score: float
    threshold: float
    matches: tuple[Match, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def on_topic(self) -> bool:
        """Whether the page is worth fetching (a title) or keeping (a text)."""
        return self.score >= self.threshold
