"""What is learnt from seeds: groups, names, families, whatever the topic and whatever the order."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from tamis.cleaners.errors import StopRun
from tamis.cleaners.topic import Group, Seed, Topic, learn, render_topic, score
from tamis.cleaners.topic.counting import count
from tamis.cleaners.topic.families import families

RAIL = (
    Seed("España y Portugal acuerdan una nueva línea ferroviaria entre Madrid y Lisboa. El tren de alta velocidad "
         "cruzará la frontera en Badajoz. Los ferrocarriles de ambos países comprarán trenes juntos.",
         "Madrid y Lisboa, unidas por tren", "es"),
    Seed("El ferrocarril entre España y Portugal tendrá fondos europeos. Los trenes portugueses circularán hasta "
         "Vigo por una vía ferroviaria renovada. Lisboa espera abrirla pronto.",
         "El tren Vigo-Oporto acelera", "es"),
    Seed("Portugal licita su tren de alta velocidad. España ya construye el tramo ferroviario hasta la raya. Un viaje "
         "en tren de Madrid a Lisboa durará tres horas.", "Portugal licita la alta velocidad", "es"),
)  # fmt: skip
BEES = (
    Seed("Les apiculteurs alertent : le frelon asiatique décime leurs ruches. Une colonie d'abeilles disparaît en "
         "quelques semaines. Le miel manquera cette année.", "Le frelon vide les ruches", "fr"),
    Seed("Dans son rucher, l'apicultrice a perdu la moitié de ses abeilles. Le frelon rôde dès le printemps, et le "
         "miel se fait rare.", "Une apicultrice face au frelon", "fr"),
    Seed("Contre le frelon, des pièges sélectifs protègent les ruches. Les abeilles y gagnent, disent les apiculteurs, "
         "qui espèrent du miel.", "Des pièges contre le frelon", "fr"),
)  # fmt: skip


def test_the_groups_are_the_two_countries_and_the_field(topic: Topic) -> None:
    assert [group.concepts for group in topic.groups] == [("places.MA",), ("places.FR",), ("subjects.home_affairs",)]
    assert topic.support.concepts == ("subjects.diplomacy",)
    assert topic.require == 3
    assert "subjects.sport" in topic.rivals


def test_a_side_subject_of_few_seeds_is_not_required() -> None:
    story = (
        "La police de Rabat et celle de Paris ont arrêté des trafiquants de drogue. La justice du Maroc les jugera, et "
        "la police de France salue une enquête contre le crime organisé, avant un match de football."
    )
    subjects = [
        key
        for group in learn([Seed(f"{story} {n}", f"Police et justice {n}", "fr") for n in range(3)], "few").groups
        for key in group.concepts
        if key.startswith("subjects.")
    ]
    assert subjects == ["subjects.home_affairs"]


def test_names_join_the_country_that_introduces_them(topic: Topic) -> None:
    learnt = {group.name: {term.text for term in group.learnt} for group in topic.groups}
    assert {"Laftit", "Ouahbi"} <= learnt["Morocco"]
    assert {"Darmanin", "Retailleau", "Stéphane Séjourné"} <= learnt["France"]


def test_phrases_and_families_are_learnt(topic: Topic) -> None:
    learnt = {term.text: term for group in (*topic.groups, topic.support) for term in group.learnt}
    assert {"Sahara occidental", "narcotrafi*", "Maroc*", "coopération judiciaire", "bilatéra*"} <= set(learnt)
    assert learnt["Maroc*"].seeds == 5
    assert learnt["Maroc*"].weight > learnt["narcotrafi*"].weight
    assert not {"les", "dans", "avec", "pays"} & {text.casefold() for text in learnt}


@pytest.mark.parametrize("left_out", range(5))
def test_each_seed_is_on_the_topic_of_the_others(seed_texts: tuple[Seed, ...], left_out: int) -> None:
    seed = seed_texts[left_out]
    others = learn([*seed_texts[:left_out], *seed_texts[left_out + 1 :]], "others")
    assert len(others.groups) == 3
    assert score(others, title=seed.title, text=seed.text).on_topic


def test_the_order_of_seeds_does_not_matter(seed_texts: tuple[Seed, ...]) -> None:
    orders = (seed_texts, seed_texts[::-1], seed_texts[2:] + seed_texts[:2])
    files = {render_topic(learn(order, "seeds")) for order in orders}
    assert len(files) == 1
    assert len({render_topic(learn(order, "rail")) for order in permutations(RAIL)}) == 1


def test_another_topic_has_its_own_groups() -> None:
    rail = learn(RAIL, "rail")
    assert {key for group in rail.groups for key in group.concepts} >= {"places.ES", "places.PT"}
    assert score(rail, title="Comboio de alta velocidad: el tren Madrid-Lisboa, en obras").score > 0.4
    assert score(rail, title="España y Portugal empatan en Oporto").score < 0.4


def test_a_topic_without_concepts_is_held_together_by_its_words() -> None:
    bees = learn(BEES, "bees")
    assert bees.require == 2 < len(bees.groups)
    assert not any(group.concepts for group in bees.groups)
    assert score(bees, title="Frelon asiatique : les ruches et les abeilles menacées, le miel rare").on_topic
    assert not score(bees, title="Le prix du lait recule").on_topic


def test_one_seed_is_enough() -> None:
    assert score(learn(RAIL[:1], "rail"), title=RAIL[0].title, text=RAIL[0].text).on_topic


def test_no_seed_is_refused() -> None:
    with pytest.raises(StopRun, match="'nothing': no seed text"):
        learn([], "nothing")


def test_seeds_with_nothing_in_common_are_refused() -> None:
    with pytest.raises(StopRun, match="no rare word in common"):
        learn([Seed("le la les", None, "fr"), Seed("un une des", None, "fr")], "nothing")


def test_words_that_belong_together_are_one_family() -> None:
    seed = Seed("narcotrafic narcotrafiquant narcotrafiquants franchise france drogue drogues commun communiqué")
    grown = families(count([replace(seed, language="fr")]))
    assert set(grown["narcotrafi*"]) == {"narcotrafic", "narcotrafiquant", "narcotrafiquants"}
    assert set(grown["drogue"]) == {"drogue", "drogues"}
    assert grown["franchise"] == ("franchise",)


def test_edits_stay_when_learnt_again(seed_texts: tuple[Seed, ...], topic: Topic) -> None:
    first = topic.groups[0]
    edited = replace(
        topic,
        name="France et Maroc",
        require=4,
        title_threshold=0.4,
        groups=(replace(first, name="Maroc", add=("Hammouchi",)), *topic.groups[1:], Group("mine", add=("Nuñez",))),
        rivals=("subjects.sport",),
        exclude=("PSG",),
        ignore=("visite",),
        weights=(("Rabat", 0.5),),
        hooks=(("accept", "mine:accept"),),
    )
    again = learn(seed_texts, "seeds", edited)
    assert again == replace(edited, support=again.support)
    assert "visite" in {term.text for term in topic.support.learnt}
    assert "visite" not in {term.text for term in again.support.learnt}
    assert learn(seed_texts, "seeds", again) == again
