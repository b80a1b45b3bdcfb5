"""Judging again: the difference first, then all of it or nothing; without new rules there is nothing to write."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tamis.cleaners.clean import clean
from tamis.cleaners.errors import StopRun
from tamis.cleaners.records import RawDocument, Reason, Rejection
from tamis.flows.answers import difference
from tamis.flows.rejudging import comparing, recleaning
from tamis.flows.settings import Settings
from tamis.warehouse.connection import open_reader
from tamis.warehouse.rejudging import as_of
from tamis.warehouse.rejudging.current_verdicts import Scope, Standing
from tamis.warehouse.rejudging.decisions import DecisionSet
from tests.flows import stored
from tests.flows.conftest import tables

ALL = Scope()


@pytest.fixture(scope="module")
def of_old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stored.load(tmp_path_factory.mktemp("old") / "w.duckdb", [stored.older(raw) for raw in stored.RAWS])


@pytest.fixture(scope="module")
def of_today(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stored.load(tmp_path_factory.mktemp("today") / "w.duckdb", [clean(raw) for raw in stored.RAWS])


def reclean(settings: Settings, scope: Scope = ALL, *, apply: bool = False) -> recleaning.Recleaned:
    return recleaning.reclean(scope, settings, lambda _: None, apply=apply)


def texts(settings: Settings) -> dict[str, str]:
    with open_reader(settings.warehouse) as con:
        return dict(con.execute("SELECT document, text FROM documents").fetchall())


def test_without_new_rules_nothing_is_written(of_today: Path, tmp_path: Path) -> None:
    settings = stored.copied(of_today, tmp_path)
    before = settings.warehouse.read_bytes()
    result = reclean(settings, apply=True)
    assert (result.tally.judged, result.tally.changing, result.run) == (4, 0, None)
    assert settings.warehouse.read_bytes() == before
    assert list(difference.text(result))[-1] == "nothing to change"


def test_the_difference_is_shown_and_nothing_written(of_old: Path, tmp_path: Path) -> None:
    settings = stored.copied(of_old, tmp_path)
    before = settings.warehouse.read_bytes()
    result = reclean(settings)
    assert settings.warehouse.read_bytes() == before
    assert result.run is None
    assert result.tally.documents == {"changed": 1, "accepted": 1}
    assert result.tally.removed == {"related.read_also": 1}
    shown = "\n".join(difference.text(result))
    assert stored.RELATED in shown
    assert "content (older.content) -> related (related.read_also)" in shown
    assert "--apply makes it so" in shown
    assert "| changed | 1 |" in difference.markdown(result)


def test_applied_it_is_what_a_load_of_today_gives(of_old: Path, of_today: Path, tmp_path: Path) -> None:
    settings = stored.copied(of_old, tmp_path)
    result = reclean(settings, apply=True)
    assert result.run is not None
    today, now = tables(of_today), tables(settings.warehouse)
    for table in ("blocks", "sketched_documents", "memberships", "duplicate_pairs", "common_hashes"):
        # How sure a verdict is was no reason to write a document anew.
        assert [row[:8] for row in now[table]] == [row[:8] for row in today[table]], table
    with open_reader(of_today) as con:
        wanted = dict(con.execute("SELECT document, text FROM documents").fetchall())
    assert texts(settings) == wanted
    again = reclean(settings, apply=True)
    assert (again.tally.changing, again.run) == (0, None)


def test_what_stood_before_comes_back_byte_for_byte(of_old: Path, tmp_path: Path) -> None:
    settings = stored.copied(of_old, tmp_path)
    before = texts(settings)
    reclean(settings, apply=True)
    assert texts(settings) != before
    with open_reader(settings.warehouse) as con:
        as_of.stand(con, stored.THEN)
        assert dict(con.execute("SELECT document, text FROM documents").fetchall()) == before
        assert con.execute("SELECT reason FROM rejections ORDER BY ALL").fetchall() == [("listing",), ("no_text",)]


@pytest.mark.parametrize(
    ("scope", "judged"),
    [
        (Scope(rule="older.content"), [stored.PORT]),
        (Scope(rule="older"), [stored.PORT]),
        (Scope(rule="old"), []),
        (Scope(rule="listing"), [stored.HALL]),
        (Scope(site="a.example"), [stored.PORT]),
        (Scope(site="example"), []),
        (Scope(since=date(2026, 1, 1)), list(stored.RAWS)),
        (Scope(since=date(2026, 1, 2)), []),
        (Scope(topic="ports"), []),
        (Scope(keys=(stored.COPY.key,)), [stored.COPY]),
        (Scope(since=date(2026, 1, 1), site="b.example"), [stored.COPY]),
    ],
    ids=str,
)
def test_only_what_is_asked_for_is_judged(of_old: Path, scope: Scope, judged: list[RawDocument]) -> None:
    settings = Settings(warehouse=of_old, batch_size=1)
    found = [key for portion in recleaning.portions(scope, settings) for key in portion.keys]
    assert found == sorted(raw.key for raw in judged)


def test_a_document_that_cannot_be_judged_today_stays_as_it_stands(of_old: Path) -> None:
    with open_reader(of_old) as con:
        (stands,) = recleaning.current_verdicts.read(con, [stored.PORT.key])
    killed = Rejection(stored.PORT.key, Reason.INTERNAL_ERROR, "stopped after 60 s")
    tally, differing = recleaning.difference([stands], [(killed, ())])
    assert (tally.documents, tally.changing, differing) == ({"failed": 1}, 0, [])


def test_a_wrong_place_is_told(tmp_path: Path) -> None:
    with pytest.raises(StopRun, match="there is no warehouse at"):
        reclean(Settings(warehouse=tmp_path / "none.duckdb"))


def block(text: str, label: str = "content", rule: str = "model.text") -> dict[str, str]:
    return {"text": text, "label": label, "rule": rule}


def test_blocks_are_known_by_their_text_wherever_they_stand() -> None:
    old = [block("a"), block("b", "related", "r.one"), block("c"), block("c"), block("gone")]
    new = [block("c"), block("new", "advert", "r.two"), block("a"), block("b"), block("c", "other")]
    changes = list(comparing.block_changes(old, new))
    assert [(c.text, c.old_label, c.new_label) for c in changes] == [
        ("new", None, "advert"),
        ("b", "related", "content"),
        ("c", "content", "other"),
        ("gone", "content", None),
    ]
    assert [(c.is_removed, c.is_kept_anew) for c in changes] == [
        (False, False),
        (False, True),
        (True, False),
        (True, False),
    ]


def test_how_sure_a_verdict_is_makes_no_difference(of_today: Path) -> None:
    with open_reader(of_today) as con:
        (stands,) = recleaning.current_verdicts.read(con, [stored.PORT.key])
    surer = [{**each, "confidence": 0.123, "detail": "otherwise"} for each in stands.blocks]
    assert comparing.compare(stands, stands.document, surer, None) is None
    other = Standing(
        stands.raw, stands.judged_at, {**(stands.document or {}), "title": "B"}, stands.blocks, None, DecisionSet()
    )
    found = comparing.compare(other, stands.document, stands.blocks, None)
    assert found is not None
    assert found.fields == ("title",)
