"""Who belongs with whom: star clusters around the canonical document, a pure function of pairs and documents.

Documents with the same words stand as one. Then, in the canonical order (earliest day, undated last;
longest text; smallest key), each one that is still free takes the free ones that are near *to itself*: a
chain of neighbours of neighbours never becomes one cluster (star clustering: Aslam, Pelekhov, Rus 2004, "The
star clustering algorithm for static and dynamic information organization"; ordered here by canonicity instead
of degree, so that the centre is the document an analyst should read).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from cleaners.records import Contender, DuplicatePair, Membership, Relation

Links = dict[str, dict[str, DuplicatePair]]  # document -> neighbour -> the pair that joins them


def cluster(pairs: Iterable[DuplicatePair], contenders: Iterable[Contender]) -> list[Membership]:
    """One membership for each of ``contenders``, sorted by document; the order of the arguments is no matter.

    Pairs that are no duplicates, or that name documents outside ``contenders``, are left aside.
    """
    ranked = [each.document for each in sorted(contenders, key=canonical_order)]
    known = set(ranked)
    among = sorted(
        (pair for pair in pairs if pair.document in known and pair.other in known),
        key=lambda pair: (-pair.containment, -pair.shared, pair.document, pair.other),
    )
    exact = _links((pair for pair in among if pair.relation is Relation.EXACT), {each: each for each in ranked})
    copies = _copies(ranked, exact)
    head = {document: first for first, group in copies.items() for document in group}
    near = _links((pair for pair in among if pair.relation is Relation.NEAR), head)
    memberships: dict[str, Membership] = {}
    for centre in copies:
        if centre in memberships:
            continue
        memberships[centre] = Membership(centre, centre)
        for document in copies[centre][1:]:
            link = exact[document].get(centre) or next(iter(exact[document].values()))
            memberships[document] = Membership(document, centre, Relation.EXACT, link)
        for neighbour, link in near[centre].items():
            if neighbour not in memberships:
                for document in copies[neighbour]:
                    memberships[document] = Membership(document, centre, Relation.NEAR, link)
    return [memberships[document] for document in sorted(memberships)]


def canonical_order(contender: Contender) -> tuple[date, int, str]:
    """The sort key that puts the canonical document first."""
    return (contender.published_on or date.max, -contender.length, contender.document)


def _links(pairs: Iterable[DuplicatePair], stand_in: Mapping[str, str]) -> Links:
    """The pairs by the documents that stand in for their two ends; of several between two, the first."""
    links: Links = defaultdict(dict)
    for pair in pairs:
        one, two = stand_in[pair.document], stand_in[pair.other]
        if one != two:
            links[one].setdefault(two, pair)
            links[two].setdefault(one, pair)
    return links


def _copies(ranked: Iterable[str], exact: Links) -> dict[str, list[str]]:
    """The groups of documents with the same words, each under its first in ``ranked``, in that order."""
    rank = {document: place for place, document in enumerate(ranked)}
    groups: dict[str, list[str]] = {}
    seen: set[str] = set()
    for first in rank:
        if first in seen:
            continue
        group, waiting = {first}, [first]
        while waiting:
            found = set(exact.get(waiting.pop(), {})) - group
            group |= found
            waiting += found
        seen |= group
        groups[first] = sorted(group, key=rank.__getitem__)
    return groups
