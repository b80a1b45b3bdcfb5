"""What the rules say against what the learnt judge believes."""

from __future__ import annotations

from itertools import chain

import numpy as np
import pytest

from tamis.cleaners.blocks import cut
from tamis.cleaners.verdicts import weigh

PROSE = "Le comité a publié hier soir son rapport sur les quais, après deux ans d'enquête et de réunions publiques. "
ITEMS = (
    ("Les cartes se laissent exporter en trois formats", "Claire Martin - 3 mars 2025"),
    ("La recherche trouve aussi les noms sans accent", "Paul Girard - 17 mars 2025"),
    ("Le calendrier commence la semaine le lundi", "Claire Martin - 2 avril 2025"),
    ("Les pièces jointes sont gardées deux ans", "Paul Girard - 9 avril 2025"),
)


def rules(believed: float, *items: str) -> list[str]:
    """The rule of each item below an article, when the model believes so much that they are text."""
    blocks = cut("\n".join([PROSE * 4, PROSE * 3, *items]))
    likely = np.array([0.95] * 2 + [believed] * len(items))
    return [verdict.rule for verdict in weigh(blocks, likely).verdicts[2:]]


@pytest.mark.parametrize(("believed", "is_run"), [(0.05, True), (0.5, True), (0.8, False)])
def test_a_run_of_dated_items_is_text_where_the_judge_reads_all_of_it_as_text(believed: float, is_run: bool) -> None:
    titles = rules(believed, *chain(*ITEMS))[::2]
    assert set(titles) == {"related.run" if is_run else "model.text"}


def test_the_rows_of_a_table_of_figures_are_no_list_of_articles() -> None:
    rows = chain(*((f"{day} mars 2025", f"+{day},4 %") for day in range(1, 15)))
    assert "related.run" not in rules(0.5, "Évolution du prix médian", *rows)


@pytest.mark.parametrize(("numbers", "rule"), [(4, "widget.counter"), (40, "model.text")])
def test_a_few_numbers_alone_are_counters_and_many_are_a_table(numbers: int, rule: str) -> None:
    assert set(rules(0.6, *(f"{number}" for number in range(100, 100 + numbers)))) == {rule}
