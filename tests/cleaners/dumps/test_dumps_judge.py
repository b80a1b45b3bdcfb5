from importlib import resources

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.cleaners.dumps import judge
from tamis.cleaners.dumps.judge import DumpThresholds, decide, keep, probabilities
from tamis.cleaners.records import Block

# ruff: noqa: E501  (the pages below are read as dumps: one paragraph, one line)
# Invented pages, one a language: a line that begins with "- " must go, all others must stay.
PAGES = {
    "fr": """\
- Aller au contenu principal
- Se connecter
- Newsletters
- Publié le 12 mars à 18h40, mis à jour à 19h02
Le conseil municipal de Brignac a voté mardi soir la fermeture du pont suspendu, dont les câbles sont rongés par la rouille depuis plus de dix ans.
Les camions seront déviés dès lundi par la route départementale, ce qui allongera le trajet de vingt minutes selon les transporteurs de la vallée.
Un chantier de deux ans
Le pont, construit en 1931, avait été fermé une première fois en 2009 après la rupture d'un câble. La mairie estime le coût des travaux à quatre millions d'euros, que la région doit financer pour moitié.
« Nous n'avions plus le choix », a déclaré la maire, qui promet une passerelle provisoire pour les piétons avant l'été.
Les commerçants du quai craignent de perdre leur clientèle pendant toute la durée du chantier et réclament une aide de la région.
- Lire aussi : Les ponts de la région sous surveillance
- Partager sur Facebook
- Partager sur WhatsApp
- Les plus lus
- Météo : de la neige attendue ce week-end
- Football : le derby reporté
- Mentions légales
- Gestion des cookies
- Abonnez-vous à notre newsletter""",
    "en": """\
- Skip to main content
- Sign in
- Subscribe
The town council of Harlow Bay voted on Tuesday to close the old suspension bridge, whose cables have been rusting for more than ten years.
Lorries will be sent along the coast road from Monday, which adds about twenty minutes to the journey, according to hauliers in the valley.
The bridge, built in 1931, was first closed in 2009 after a cable snapped. The council puts the cost of the repairs at four million pounds, half of which the county is expected to pay.
"We had no choice left," said the mayor, who promised a temporary footbridge for walkers before the summer.
Shopkeepers on the quay fear that they will lose their customers for as long as the work goes on and have asked the county for help.
- Share on Facebook
- Share on WhatsApp
- Most read
- Snow expected this weekend
- Derby postponed
- Privacy policy
- Cookie settings
- Sign up for our newsletter""",
}


def blocks(page: str) -> list[Block]:
    return [Block(index=i, text=line.removeprefix("- "), line=i + 1) for i, line in enumerate(page.split("\n"))]


@pytest.mark.parametrize("lang", sorted(PAGES))
def test_the_article_stays_and_its_frame_goes(lang: str) -> None:
    lines = PAGES[lang].split("\n")
    page = blocks(PAGES[lang])
    kept = keep(page, probabilities(page))
    wanted = np.array([not line.startswith("- ") for line in lines])
    assert [line for line, k, w in zip(lines, kept, wanted, strict=True) if w and not k] == []
    assert (kept & ~wanted).sum() <= 2


def test_nothing_in_nothing_out() -> None:
    assert probabilities([]).tolist() == []
    assert keep([], probabilities([])).tolist() == []


@given(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=6))
def test_any_blocks_get_a_probability_each(lines: list[str]) -> None:
    page = [Block(index=i, text=line) for i, line in enumerate(lines)]
    judged = probabilities(page)
    assert judged.shape == (len(lines),)
    assert ((judged >= 0) & (judged <= 1)).all()


def test_a_document_of_one_paragraph_is_never_emptied() -> None:
    assert decide(np.array([0.05]), np.array([25]), DumpThresholds()).tolist() == [True]


def test_the_ruler_of_a_table_goes_with_the_row_above() -> None:
    page = [Block(index=i, text=line) for i, line in enumerate(("| Year | Cost |", "|---|---|", "Share", "—"))]
    assert keep(page, np.array([0.9, 0.01, 0.02, 0.01])).tolist() == [True, True, False, False]


def test_a_short_line_between_two_paragraphs_is_taken_for_a_subheading() -> None:
    judged = np.array([0.9, 0.1, 0.9, 0.1, 0.1])
    assert decide(judged, np.array([40, 4, 40, 4, 4]), DumpThresholds()).tolist() == [True, True, True, False, False]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.integers(0, 7))
def test_a_likelier_block_is_never_dropped_for_being_likelier(judged: list[float], which: int) -> None:
    words = np.full(len(judged), 30)
    before = decide(np.array(judged), words, DumpThresholds())
    place = which % len(judged)
    judged[place] = 1.0
    assert decide(np.array(judged), words, DumpThresholds())[place] >= before[place]


def test_the_models_are_small() -> None:
    folder = resources.files("tamis.cleaners.dumps")
    assert sum(len(folder.joinpath(name).read_bytes()) for name in ("text.model", "text.net")) <= 500_000


def test_a_model_of_other_features_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge.features, "NAMES", ("other",))
    judge._model.cache_clear()
    with pytest.raises(ValueError, match="train_text"):
        judge._model()
    judge._model.cache_clear()
