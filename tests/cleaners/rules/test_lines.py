"""Single lines, each with the rule that must claim it, or none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tamis.cleaners.blocks import cut
from tamis.cleaners.normalise import normalise
from tamis.cleaners.phrases import match_phrase
from tamis.cleaners.records import Label
from tamis.cleaners.verdicts import judge_dump
from tamis.cleaners.vocabulary import phrase_rules

HERE = Path(__file__).parent
RULES = Path(__file__).parents[3] / "cleaners" / "rules"
PROSE = (
    "Les premiers trains ont de nouveau franchi le viaduc lundi matin, devant une centaine de riverains.",
    "Le chantier devait durer six mois, mais la découverte de fissures dans la troisième pile a doublé la facture.",
    "La circulation restera limitée jusqu’à l’automne, a indiqué la préfecture dans un communiqué publié vendredi.",
    "Un premier bilan sera présenté aux élus de la vallée au printemps, avant la pose des garde-corps et des feux.",
)
PLACES = {"head": 1, "middle": 4, "tail": 5}
ROWS = [
    pytest.param(*line.split("\t"), id=f"{path.stem}: {line.split(chr(9))[2][:40]}")
    for path in sorted(HERE.glob("*.tsv"))
    for line in path.read_text(encoding="utf-8").splitlines()
]


def rule_for(place: str, text: str) -> str:
    lines = ["Le pont de Sauvigny rouvre aux trains", *PROSE]
    lines.insert(PLACES[place], text)
    verdicts = judge_dump(cut(normalise("\n".join(lines)))).verdicts
    return verdicts[PLACES[place]].rule


@pytest.mark.parametrize(("rule", "place", "text"), ROWS)
def test_a_line_is_claimed_by_its_rule(rule: str, place: str, text: str) -> None:
    found = rule_for(place, text)
    assert found == rule if rule != "-" else found in ("model.text", "metadata.title")


EXAMPLES = [
    pytest.param(rule.name, example, id=f"{rule.name} {language}")
    for rule in phrase_rules()
    for language, example in rule.examples.items()
]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_a_rule_of_words_knows_its_own_example(rule: str, example: str) -> None:
    found = match_phrase(example)
    assert found is not None
    assert found.name == rule


def test_every_rule_of_form_has_a_case() -> None:
    named = set()
    for source in RULES.glob("*.py"):
        named |= set(re.findall(rf'"((?:{"|".join(Label)})\.[a-z_]+)"', source.read_text(encoding="utf-8")))
    tables = {row.values[0] for row in ROWS}
    dumps = {
        "related.run",
        "caption.above_credit",
        "widget.badge_heading",
        "widget.orphan_questions",
        "byline.beside_date",
    }
    assert named - tables - dumps == set()
