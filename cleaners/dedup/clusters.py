"""Who belongs with whom: star clusters around the canonical document, a pure function of pairs and documents.

Documents with the same words stand as one. Then, in the canonical order (a wire service's own page; earliest
day, undated last; longest text; smallest key), each one that is still free takes the free ones that are near *to
itself*: a chain of neighbours of neighbours never becomes one cluster (star clustering: Aslam, Pelekhov, Rus 2004,
"The star clustering algorithm for static and dynamic information organization"; ordered here by canonicity instead
of degree, so that the centre is the document an analyst should read).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from tamis.cleaners.html.agencies import is_site_of
from tamis.cleaners.relations import Contender, DuplicatePair, Membership, Relation

Links = dict[str, dict[str, DuplicatePair]]  # document -> neighbour -> the pair that joins them


def cluster(pairs: Iterable[DuplicatePair], contenders: Iterable[Contender]) -> list[Membership]:
    """One membership for each of ``contenders``, sorted by document; the order of the arguments is no matter.

    Pairs that are no duplicates, or that name documents outside ``contenders``, are left aside.
    """
    ranked = [each.document for each in sorted(contenders, key=canonical_order)]
    known = set(ranked)
    among = sorted(
        (pair for pair in pairs if pair.document in known and pair.other in known),
        key=_strongest_first,
    )
    exact = _links((pair for pair in among if pair.has_same_words), {each: each for each in ranked})
    copies = _copies(ranked, exact)
    head = {document: first for first, group in copies.items() for document in group}
    related = _links((pair for pair in among if not pair.has_same_words), head)
    memberships: dict[str, Membership] = {}
    for centre in copies:
        if centre in memberships:
            continue
        memberships[centre] = Membership(centre, centre)
        for document in copies[centre][1:]:
            link = exact[document].get(centre) or next(iter(exact[document].values()))
            memberships[document] = Membership(document, centre, link.relation, link)
        for neighbour, link in _star(centre, related, memberships).items():
            for document in copies[neighbour]:
                memberships[document] = Membership(document, centre, link.relation, link)
    return [memberships[document] for document in sorted(memberships)]


def _star(centre: str, related: Links, taken: Mapping[str, Membership]) -> dict[str, DuplicatePair]:
    """Who joins ``centre``, with the pair that leads there, of those that are not taken.

    Those near to it; and those near to one of these, if they are also contained in the centre or it in them: a
    teaser of an article whose canonical copy has a long opening of its own.
    """
    star = {other: link for other, link in related[centre].items() if link.relation.is_duplicate and other not in taken}
    bridged = {}
    for other in related[centre]:
        if other not in star and other not in taken and related[centre][other].relation is Relation.CONTAINED:
            bridges = [related[other][member] for member in star if member in related[other]]
            bridges = [link for link in bridges if link.relation.is_duplicate]
            if bridges:
                bridged[other] = min(bridges, key=_strongest_first)
    return star | bridged


def canonical_order(contender: Contender) -> tuple[bool, date, int, str]:
    """The sort key that puts the canonical document first."""
    copied = contender.agency is None or not is_site_of(contender.agency, contender.site)
    return (copied, contender.published_on or date.max, -contender.length, contender.document)


def _strongest_first(pair: DuplicatePair) -> tuple[float, int, str, str]:
    return (-pair.containment, -pair.shared, pair.document, pair.other)


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
