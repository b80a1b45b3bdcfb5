"""What is a duplicate and what is not: republications of one text, and pages that only look alike."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.cleaners.dedup import compare, relate, sketch
from tamis.cleaners.dedup.normalise import units
from tamis.cleaners.dedup.pairs import without_repeated
from tamis.cleaners.dedup.shingles import shingles
from tamis.cleaners.relations import CandidatePair, Origin, Relation

STORY = (
    "Le conseil municipal a adopté lundi soir le budget de la nouvelle halle du marché, après trois heures de"
    " débat. Les travaux commenceront au printemps sur la place du port, où les commerçants resteront ouverts"
    " pendant toute la durée du chantier. La mairie prévoit une enveloppe de quatre millions d'euros, dont la"
    " moitié viendra de la région. « Nous avons attendu ce jour pendant dix ans », a déclaré la première adjointe"
    " devant une salle comble. L'opposition regrette que le parking souterrain ait été retiré du projet et"
    " demande une étude indépendante sur la circulation dans le centre. Selon l'association des riverains, le"
    " bruit des livraisons reste la principale inquiétude des habitants de la rue des Tanneurs. Une réunion"
    " publique aura lieu le mois prochain à l'école du quartier, en présence de l'architecte et du bureau"
    " d'études. Le maire a promis que les arbres de la place seraient conservés et que les étals provisoires"
    " seraient gratuits jusqu'à l'ouverture, attendue pour la fin de l'année suivante."
)
OTHER = (
    "La récolte des pommes s'annonce faible cette saison dans toute la vallée, préviennent les producteurs. Le gel"
    " d'avril a détruit une partie des fleurs, puis la grêle de juin a blessé les fruits qui restaient. Dans les"
    " vergers du plateau, certains parlent de la plus mauvaise année depuis trente ans. La coopérative a déjà"
    " réduit ses équipes de cueillette et cherche des clients pour des fruits de second choix. Les assurances ne"
    " couvrent qu'un tiers des pertes, et beaucoup d'exploitants n'en ont pas. Le ministère étudie une aide"
    " d'urgence, mais son montant ne sera connu qu'à l'automne. En attendant, les jus et les compotes locales"
    " pourraient coûter plus cher dans les magasins de la région."
)
TEMPLATE = (
    "Bienvenue sur le site d'information de la vallée, fondé par une équipe de bénévoles passionnés de leur"
    " territoire. Retrouvez chaque matin nos reportages, nos portraits et notre agenda complet des sorties de la"
    " semaine. Pour nous écrire, utilisez le formulaire de la rubrique contact ou passez nous voir au local de la"
    " rue haute, ouvert du mardi au samedi. Toute reproduction même partielle des articles reste soumise à"
    " l'accord écrit de la rédaction et de leurs auteurs respectifs."
)
ARABIC = (
    "أعلنت بلدية المدينة يوم الاثنين عن بدء أشغال السوق الجديد قرب الميناء بعد سنوات من الانتظار والنقاش بين"
    " السكان والتجار. وقال رئيس المجلس إن المشروع سيوفر فرص عمل كثيرة لشباب الأحياء المجاورة وإن الأشغال ستستمر"
    " سنة كاملة على الأقل دون إغلاق المحلات الحالية في وجه الزبائن"
)


def halves(text: str) -> tuple[str, str]:
    sentences = text.split(". ")
    return ". ".join(sentences[: len(sentences) // 2]), ". ".join(sentences[len(sentences) // 2 :])


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        (STORY, Relation.EXACT),
        (STORY.upper().replace("'", "’").replace("« ", "“"), Relation.EXACT),
        ("Budget voté pour la halle\n" + STORY, Relation.NEAR),
        (halves(STORY)[0], Relation.NEAR),
        (" ".join(STORY.split()[:40]) + "…", Relation.NEAR),
        (f"{TEMPLATE}\n{STORY}", Relation.NEAR),
        (STORY.replace("lundi soir", "mardi matin").replace("La mairie prévoit", "Il est prévu"), Relation.NEAR),
        (" ".join([OTHER, halves(OTHER)[1], TEMPLATE, " ".join(STORY.split()[60:110])]), None),
        (" ".join([OTHER, " ".join(STORY.split()[50:70])]), None),
        (OTHER, None),
        ("", None),
        ("Le conseil municipal a adopté", None),
    ],
    ids=[
        "same", "typography", "headline", "cut", "teaser", "wrapped", "edited", "passage", "quotation", "other",
        "empty", "short",
    ],
)  # fmt: skip
def test_how_a_text_relates_to_the_story(text: str, relation: Relation | None) -> None:
    pair = compare(CandidatePair("1", "2", STORY, text))
    assert (pair and pair.relation) == relation


def test_an_item_in_a_digest_is_contained() -> None:
    backwards = " ".join(reversed(f"{STORY} {OTHER} {TEMPLATE}".split()))
    digest = f"{OTHER} {backwards} {STORY}"
    pair = compare(CandidatePair("story", "digest", STORY, digest))
    assert pair is not None
    assert (pair.relation, pair.document, pair.other) == (Relation.CONTAINED, "story", "digest")
    assert pair.containment == 1.0


def test_arabic_with_and_without_vowel_signs_is_the_same() -> None:
    vowelled = ARABIC.replace("بلدية", "بَلَدِيَّةُ").replace("إن", "ان")
    pair = compare(CandidatePair("1", "2", ARABIC, vowelled))
    assert pair is not None
    assert pair.relation is Relation.EXACT


HERE, THERE = Origin("https://a.example/1", "a.example"), Origin("https://b.example/1", "b.example")
EDITED = STORY.replace("lundi soir", "mardi matin").replace("La mairie prévoit", "Il est prévu")


@pytest.mark.parametrize(
    ("text", "origin", "other_origin", "relation", "agency"),
    [
        (EDITED, HERE, THERE, Relation.NEAR, None),
        (EDITED, HERE, HERE, Relation.VERSION, None),
        (f"{OTHER} {halves(STORY)[1]}", HERE, HERE, Relation.VERSION, None),
        (STORY, HERE, HERE, Relation.EXACT, None),
        (OTHER, HERE, HERE, None, None),
        (EDITED, replace(HERE, agency="AFP"), THERE, Relation.SYNDICATED, "AFP"),
        (STORY, replace(HERE, agency="AFP"), THERE, Relation.SYNDICATED, "AFP"),
        (EDITED, replace(HERE, agency="AFP"), replace(THERE, agency="Reuters"), Relation.NEAR, None),
        (EDITED, replace(HERE, agency="AFP"), replace(HERE, url=None, agency="AFP"), Relation.NEAR, None),
    ],
    ids=[
        "other sites", "version", "much changed", "unchanged", "replaced", "agency copy", "verbatim agency copy",
        "two agencies", "one site",
    ],
)  # fmt: skip
def test_where_two_texts_stand_says_what_they_are(
    text: str, origin: Origin, other_origin: Origin, relation: Relation | None, agency: str | None
) -> None:
    pair = compare(CandidatePair("1", "2", STORY, text, origin=origin, other_origin=other_origin))
    assert (pair and pair.relation, pair and pair.agency) == (relation, agency)


def test_two_reports_with_the_same_background_are_updates() -> None:
    background = halves(STORY)[1]
    one, two = f"{halves(OTHER)[0]} {background}", f"{halves(OTHER)[1]} {background}"
    pair = compare(CandidatePair("1", "2", one, two))
    assert pair is not None
    assert pair.relation is Relation.UPDATE
    assert [pair.own, pair.other_own] == sorted(len(units(half)) for half in halves(OTHER))


def test_a_page_that_grows_at_its_top_is_an_update() -> None:
    grown = " ".join([*STORY.split()[:20], *OTHER.split()[:90], *STORY.split()[20:]])
    pair = compare(CandidatePair("1", "2", STORY, grown, origin=HERE, other_origin=replace(HERE, url=None)))
    assert pair is not None
    assert (pair.relation, pair.document) == (Relation.UPDATE, "1")
    assert pair.above == len(units(" ".join(OTHER.split()[:90]))) + 4  # and the shingles over its upper border


def test_the_evidence_explains_the_pair() -> None:
    cut = halves(STORY)[0]
    pair = compare(CandidatePair("whole", "cut", STORY, cut))
    assert pair is not None
    assert (pair.document, pair.other) == ("cut", "whole")
    assert pair.shared == len(units(cut)) - 4
    assert (pair.containment, pair.lead) == (1.0, 1.0)
    assert pair.sample == STORY[: len(pair.sample)]
    assert 100 < len(pair.sample) <= 200


def test_a_template_is_no_duplicate_once_the_site_is_known_to_repeat_it() -> None:
    one, two = f"{TEMPLATE} {' '.join(STORY.split()[:45])}", f"{TEMPLATE} {' '.join(OTHER.split()[:45])}"
    assert compare(CandidatePair("1", "2", one, two)) is not None
    repeated = frozenset(set(sketch(one)) & set(sketch(two)))
    assert compare(CandidatePair("1", "2", one, two, repeated, repeated)) is None


def test_stretches_between_repeated_hashes_are_taken_out() -> None:
    long_template = " ".join(str(number) for number in range(400))
    text = f"{long_template} {STORY}"
    repeated = frozenset(sketch(long_template))
    left = without_repeated(shingles(units(text)), repeated)
    own = set(shingles(units(STORY)).tolist())
    assert own - set(left.tolist()) == set()
    assert len(left) < len(own) + 40


def test_only_related_candidates_come_back_in_their_order() -> None:
    candidates = [
        CandidatePair("1", "2", STORY, OTHER),
        CandidatePair("1", "3", STORY, STORY),
        CandidatePair("2", "4", OTHER, OTHER),
    ]
    assert [(pair.document, pair.other) for pair in relate(candidates)] == [("1", "3"), ("2", "4")]


VOCABULARY = ("le", "la", "un", "ville", "port", "vote", "pluie", "marché", "rue", "école")
WORDS = st.lists(st.sampled_from(VOCABULARY), max_size=60).map(" ".join)


@given(WORDS, WORDS)
def test_the_order_of_the_two_is_no_matter(one: str, two: str) -> None:
    assert compare(CandidatePair("1", "2", one, two)) == compare(CandidatePair("2", "1", two, one))


@given(WORDS)
def test_a_text_is_exactly_itself(text: str) -> None:
    pair = compare(CandidatePair("1", "2", text, text))
    assert pair is not None
    assert pair.relation is Relation.EXACT


def test_the_five_seeds_are_five(seeds: Path) -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(seeds.glob("*.txt"))}
    pairs = [CandidatePair(one, two, texts[one], texts[two]) for one, two in combinations(texts, 2)]
    assert len(pairs) == 10
    assert relate(pairs) == []
