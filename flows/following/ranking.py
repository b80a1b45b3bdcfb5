"""Which of the pages that a source names are worth fetching, judged before fetching, and why."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import unquote

from tamis.cleaners.site import split
from tamis.cleaners.topic import Relevance, Topic, score
from tamis.flows.fetching import addresses
from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.records import Candidate, Validators
from tamis.flows.following import hooks
from tamis.flows.following.records import Errand, Trouble
from tamis.flows.following.subject import Subject
from tamis.warehouse.columns import utc
from tamis.warehouse.following.records import AddressState, SourceState

FEWEST_WORDS = 3
"""An address with fewer words in it does not tell what its page is about."""
WAITING = "waiting"
PASSED = "passed"
SEEN = ("fetched", "unchanged")
UNTOLD, WORDED, TITLED = range(3)
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Memory:
    """What earlier runs of a topic left: its sources by name, its addresses by their comparable form.

    ``elsewhere`` are pages that other topics have fetched: they are sent again only where they have changed.
    """

    sources: Mapping[str, SourceState] = field(default_factory=dict)
    addresses: Mapping[str, AddressState] = field(default_factory=dict)
    elsewhere: Mapping[str, AddressState] = field(default_factory=dict)


@dataclass(slots=True)
class Finds:
    """What the sources name, by address: pages that ``changed``, and those ``met`` that are not known, each once.

    Of several sources that name a page, the one that tells most of it counts: a title, the words of its address.
    """

    changed: dict[str, Errand] = field(default_factory=dict)
    met: dict[str, tuple[Candidate, str]] = field(default_factory=dict)

    def meet(self, candidate: Candidate, source: str, memory: Memory, now: datetime) -> None:
        """Notes one page that ``source`` names."""
        address = comparable(candidate.url)
        known = memory.addresses.get(address)
        if known is not None and known.status != PASSED:
            if known.role == "page" and _has_changed(candidate, known, now):
                self.changed[address] = Errand(known, "its source says that it changed", candidate.raw)
        elif address and (known is None or _telling(candidate) == TITLED):
            before = self.met.get(address)
            if before is None or _telling(candidate) > _telling(before[0]):
                self.met[address] = candidate, source


def choose(
    finds: Finds, memory: Memory, subject: Subject, now: datetime, troubles: list[Trouble]
) -> tuple[list[Errand], list[AddressState]]:
    """The pages met that are worth fetching, and those that are not.

    Of a page of which nothing tells what it is about, only its text can: it is worth fetching.
    """
    new, passed = [], []
    for address, (candidate, source) in finds.met.items():
        title = candidate.title or words_of(candidate.url)
        is_told = _telling(candidate) > UNTOLD
        relevance = _relevance(subject.topic, title, candidate.summary)
        is_wanted = hooks.accept(subject.hooks.accept, candidate, relevance, troubles, default=not is_told)
        state = AddressState(
            topic=subject.name,
            address=address,
            role="page",
            url=candidate.url,
            source=source,
            title=candidate.title,
            score=relevance.score if is_told else None,
            terms=tuple(dict.fromkeys(match.term for match in relevance.matches)),
            first_seen=now,
            status=WAITING if is_wanted else PASSED,
            due_at=now if is_wanted else None,
        )
        if twin := memory.elsewhere.get(address):
            state = replace(
                state,
                validated_url=twin.validated_url,
                etag=twin.etag,
                last_modified=twin.last_modified,
                raw_key=twin.raw_key if is_wanted else None,
            )
        if is_wanted:
            new.append(Errand(state, why_new(state), candidate.raw))
        else:
            passed.append(state)
    return new, passed


def by_hand(url: str, subject: Subject, now: datetime) -> AddressState:
    """The state of an address that somebody asks for."""
    address = comparable(url) or url
    return AddressState(subject.name, address, "page", url, "", "", None, (), now, WAITING, due_at=now)


def words_of(url: str) -> str:
    """The words of an address, where it has enough to say what its page is about; else nothing."""
    last = max(split(url).path.split("/"), key=lambda part: len(_WORD.findall(unquote(part))), default="")
    said = _WORD.findall(unquote(last).rpartition(".")[0] or unquote(last))
    return " ".join(said) if len(said) >= FEWEST_WORDS else ""


def validators(state: AddressState | None) -> Validators | None:
    """What to send so that an unchanged page is not sent again."""
    if state is None or state.validated_url is None or not (state.etag or state.last_modified):
        return None
    return Validators(state.validated_url, state.etag, state.last_modified)


def _telling(candidate: Candidate) -> int:
    """How much is said of a page before it is fetched."""
    if candidate.title or candidate.summary:
        return TITLED
    return WORDED if words_of(candidate.url) else UNTOLD


def _relevance(topic: Topic | None, title: str, summary: str) -> Relevance:
    return score(topic, title=title, summary=summary) if topic else Relevance(1.0, 0.0)


def why_new(state: AddressState) -> str:
    """Why a new address is worth fetching, in words."""
    if state.score is None:
        return "new; nothing tells what it is about"
    said = "title" if state.title else "words of its address"
    return f"new; {said} {state.score:.2f} ({', '.join(state.terms[:6])})"


def _has_changed(candidate: Candidate, known: AddressState, now: datetime) -> bool:
    """A time of change in the future is a mistake of the source's: it would have the page fetched for ever."""
    modified = utc(candidate.modified) if candidate.modified else None
    if modified is None or known.asked_at is None or known.status not in SEEN:
        return False
    return known.asked_at < modified <= now


def comparable(url: str) -> str:
    """The one form of an address, to tell whether it is known; empty for one that is none."""
    try:
        return addresses.canonical(url)
    except SkipAddress:
        return ""
