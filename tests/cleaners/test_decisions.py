"""A person's decision outweighs every rule; a block is known by what it says."""

from __future__ import annotations

import pytest

from tamis.cleaners.blockhash import block_hash
from tamis.cleaners.clean import clean
from tamis.cleaners.decisions import decided
from tamis.cleaners.records import Block, CleanDocument, Decision, Label, RawDocument, Reason, Rejection, Verdict

DUMP = """Le port rouvre

Le port de commerce a rouvert mardi matin, trois jours après la tempête qui avait couché deux grues.

Lire aussi : La tempête a fait trois blessés

Les dockers ont repris le travail à l'aube et les premiers navires ont été déchargés avant midi.
"""
RAW = RawDocument(DUMP.encode(), "port.txt")


@pytest.mark.parametrize("other", ["  Lire\u00a0aussi : LE PORT ", "lire aussi :\nle port"])
def test_a_text_in_other_case_and_spacing_is_the_same_block(other: str) -> None:
    assert block_hash(other) == block_hash("Lire aussi : Le port")
    assert block_hash(other) != block_hash("Lire aussi : Le pont")


def test_only_the_block_decided_on_changes() -> None:
    blocks = [Block(0, "un"), Block(1, "deux"), Block(2, "Deux")]
    verdicts = [Verdict(n, Label.CONTENT, "model.text", 0.8) for n in range(3)]
    assert decided(blocks, verdicts, {}) == tuple(verdicts)
    assert decided(blocks, verdicts, {block_hash("deux"): Decision(Label.ADVERT, "A.")}) == (
        verdicts[0],
        Verdict(1, Label.ADVERT, "person.drop", 1.0, "A."),
        Verdict(2, Label.ADVERT, "person.drop", 1.0, "A."),
    )


def test_what_was_kept_by_hand_comes_back_in_its_place_and_what_was_dropped_goes() -> None:
    before = clean(RAW)
    assert isinstance(before, CleanDocument)
    related = next(block.text for block in before.blocks if block.text.startswith("Lire aussi"))
    assert related not in before.text
    dockers = before.blocks[-1].text
    hands = {block_hash(related): Decision(Label.CONTENT), block_hash(dockers): Decision(Label.OTHER)}
    after = clean(RAW, decisions=hands)
    assert isinstance(after, CleanDocument)
    assert related in after.text
    assert dockers not in after.text
    assert {verdict.rule for verdict in after.verdicts if verdict.rule.startswith("person")} == {
        "person.keep",
        "person.drop",
    }


def test_a_document_that_is_dropped_whole_is_rejected() -> None:
    before = clean(RAW)
    assert isinstance(before, CleanDocument)
    after = clean(RAW, decisions={block_hash(block.text): Decision(Label.OTHER) for block in before.blocks})
    assert isinstance(after, Rejection)
    assert after.reason is Reason.NO_TEXT


def test_what_a_person_keeps_stays_even_where_its_site_repeats_it() -> None:
    before = clean(RAW)
    assert isinstance(before, CleanDocument)
    repeated = frozenset({block_hash(before.blocks[-1].text)})
    without = clean(RAW, repeated=repeated)
    kept = clean(RAW, repeated=repeated, decisions=dict.fromkeys(repeated, Decision(Label.CONTENT)))
    assert isinstance(without, CleanDocument)
    assert isinstance(kept, CleanDocument)
    assert (before.blocks[-1].text in without.text, kept.text, kept.compared_text) == (False, before.text, None)
