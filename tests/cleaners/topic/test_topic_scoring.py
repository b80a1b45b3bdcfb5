"""Scores on labelled titles and texts, and what holds of every score."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest
import topic_quality as quality
from hypothesis import given
from hypothesis import strategies as st

from tamis.cleaners.topic import Group, Term, Topic, score

FILES = [quality.TITLES, quality.LATER, quality.BLIND]
TOPIC = Topic(
    name="wine and weather",
    require=2,
    groups=(
        Group("wine", learnt=(Term("vendang*", 0.9), Term("vigne", 0.6))),
        Group("weather", concepts=("subjects.environment",), add=("grêle",)),
    ),
    support=Group("support", learnt=(Term("récolte", 0.8),)),
    rivals=("subjects.sport",),
    exclude=("œnotourisme",),
)
FILLER = "le village attend encore une longue réponse des maires voisins ce soir"
WORDS = st.lists(st.sampled_from([*FILLER.split(), "vendanges", "vignes", "grêle", "gel", "match", "récolte", "."]))


@pytest.mark.parametrize(
    ("file", "precise", "complete"), list(zip(FILES, (0.97, 0.96, 1.0), (0.94, 1.0, 0.85), strict=True))
)
def test_titles_are_told_apart(topic: Topic, file: Path, precise: float, complete: float) -> None:
    precision, recall = quality.precision_and_recall(quality.titles(topic, file))
    assert precision >= precise
    assert recall >= complete


@pytest.mark.parametrize("kind", ["ma_domestic", "fr_police", "algeria", "others", "bilateral", "unrelated"])
def test_near_misses_are_left(topic: Topic, kind: str) -> None:
    judged = [each for file in FILES for each in quality.titles(topic, file) if each.kind == kind]
    assert judged
    assert [each.name for each in judged if not each.right] == []


def test_most_football_between_the_countries_is_left(topic: Topic) -> None:
    judged = [each for file in FILES for each in quality.titles(topic, file) if each.kind == "football"]
    assert sum(not each.right for each in judged) <= 0.05 * len(judged)


def test_texts_are_told_apart(topic: Topic) -> None:
    assert [(each.name, each.relevance.score) for each in quality.texts(topic) if not each.right] == []


def test_other_pages_are_left(topic: Topic, shared: Path) -> None:
    taken = []
    with gzip.open(shared / "bench" / "text-dumps" / "dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        pages = [page for line in lines if (page := json.loads(line))["lang"] in ("fr", "ar", "es", "de")]
    assert pages
    for page in pages:
        relevance = score(topic, title=page["title"], text=page["text"])
        taken += [(page["id"], relevance.score)] if relevance.on_topic else []
    assert taken == []


def test_the_evidence_is_named(topic: Topic) -> None:
    relevance = score(topic, title="Paris et Rabat contre le narcotrafic", text="À Rabat, la police. À Rabat encore.")
    found = {(match.group, match.term, match.where): match.times for match in relevance.matches}
    assert found["France", "Paris", "title"] == 1
    assert found["Morocco", "Rabat", "title"] == 1
    assert found["Morocco", "Rabat", "text"] == 2
    assert relevance.missing == ()
    assert relevance.matches[0].where == "title"


def test_what_is_missing_is_named(topic: Topic) -> None:
    assert score(topic, title="La police marocaine saisit du cannabis").missing == ("France",)


def test_a_mention_in_a_list_of_other_stories_does_not_carry_a_text(topic: Topic) -> None:
    on = "La France et le Maroc renforcent leur coopération policière contre le trafic de drogue. "
    other = "Le prix du lait recule dans les campagnes, disent les éleveurs réunis samedi à la foire du canton. " * 3
    assert score(topic, text=on * 3).on_topic
    assert not score(topic, text=f"{other}\n{on}\n{other}\n{other}").on_topic


def test_a_summary_helps_a_title(topic: Topic) -> None:
    title, summary = "Une visite attendue", "Le ministre français parlera narcotrafic avec son homologue à Rabat."
    assert not score(topic, title=title).on_topic
    assert score(topic, title=title, summary=summary).on_topic


def test_nothing_is_not_on_topic() -> None:
    assert score(TOPIC).score < 0.1
    assert not score(TOPIC, title="", text=" \n").on_topic


def test_terms_of_a_user_count() -> None:
    own = replace(TOPIC, groups=(Group("wine", add=("الكروم",)), TOPIC.groups[1]))
    assert score(own, title="الجفاف يهدد الكروم").on_topic
    assert not score(TOPIC, title="الجفاف يهدد الكروم").on_topic


def test_an_ignored_term_is_not_matched() -> None:
    assert score(replace(TOPIC, ignore=("grêle",)), title="Vendanges et grêle").missing == ("weather",)


def test_excluded_terms_and_rivals_speak_against() -> None:
    plain = score(TOPIC, title="Vendanges sous la grêle").score
    assert score(TOPIC, title="Vendanges sous la grêle : le match").score < plain
    assert score(TOPIC, title="Vendanges sous la grêle : œnotourisme").score < plain / 2


def test_weights_overrule() -> None:
    weaker = replace(TOPIC, weights=(("vendang*", 0.1),))
    assert score(weaker, title="Vendanges sous la grêle").score < score(TOPIC, title="Vendanges sous la grêle").score


def test_fewer_groups_may_be_required() -> None:
    assert score(replace(TOPIC, require=1), title="Les vendanges").on_topic
    assert not score(TOPIC, title="Les vendanges").on_topic


@given(st.text(), st.none() | st.text(), st.none() | st.text())
def test_a_score_is_from_0_to_1(title: str, summary: str | None, text: str | None) -> None:
    assert 0 <= score(TOPIC, title=title, summary=summary, text=text).score <= 1


@given(WORDS, st.sampled_from(["vendanges", "vigne", "grêle", "sécheresse"]))
def test_a_term_of_a_group_never_lowers_the_score_of_a_title(words: list[str], term: str) -> None:
    title = " ".join(words)
    assert score(TOPIC, title=f"{title} {term}").score >= score(TOPIC, title=title).score


@given(WORDS.filter(bool), st.data())
def test_a_term_in_place_of_a_filler_never_lowers_the_score_of_a_text(words: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(words) - 1))
    before = ["soir" if place == at else word for place, word in enumerate(words)]
    after = ["vendanges" if place == at else word for place, word in enumerate(words)]
    assert score(TOPIC, text=" ".join(after)).score >= score(TOPIC, text=" ".join(before)).score


@given(WORDS, st.sampled_from(["match", "œnotourisme"]))
def test_what_speaks_against_never_raises_the_score(words: list[str], term: str) -> None:
    title = " ".join(words)
    assert score(TOPIC, title=f"{title} {term}").score <= score(TOPIC, title=title).score
