"""Documents that come, change and go end as one load of what is there: through a real DuckDB file."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tamis.cleaners import dedup
from tamis.cleaners.records import CleanDocument
from tamis.warehouse.connection import open_writer
from tamis.warehouse.duplicates import candidates, clusters, hash_files, sketches
from tamis.warehouse.files.publishing import publish
from tamis.warehouse.loading import rows, staging
from tamis.warehouse.migrations import transaction
from tests.warehouse import press
from tests.warehouse.duplicates.test_order import DUPLICATES, PARAGRAPHS

SITES = [None, "a.example", "b.example"]
URLS = [None, None, "https://a.example/1", "https://a.example/2"]
drafts = st.tuples(
    st.lists(st.integers(0, len(PARAGRAPHS) - 1), min_size=1, max_size=4, unique=True),
    st.sampled_from(SITES),
    st.sampled_from([None, 1, 2]),
    st.sampled_from(URLS),
)
Draft = tuple[list[int], str | None, int | None, str | None]


@dataclass(frozen=True)
class Step:
    """Documents by number: those that are written, anew or over what they were, and those that go."""

    written: dict[int, Draft]
    removed: set[int]


steps = st.builds(
    Step, st.dictionaries(st.integers(0, 11), drafts, max_size=9), st.sets(st.integers(0, 11), max_size=4)
)


@pytest.fixture(autouse=True)
def low_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that a handful of documents reach, in both directions."""
    monkeypatch.setattr(candidates, "LIMITS", candidates.ComparisonLimits(template=3, stock_phrase=5))
    monkeypatch.setattr(hash_files, "LEAST", 4)
    monkeypatch.setattr(sketches, "_DEAR", 0)


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "w.duckdb"
    with open_writer(path):
        pass
    publish(path)
    return path


def document(number: int, draft: Draft) -> press.Document:
    """The document of that number as the draft has it; its raw document is always the same."""
    raw, _ = press.page("", f"{number}.txt")
    parts, site, day, url = draft
    _, clean = press.page("\n".join(PARAGRAPHS[part] for part in parts), "any", site=site, day=day, url=url)
    assert isinstance(clean, CleanDocument)
    return raw, replace(clean, raw_key=raw.key)


def rewrite(warehouse: Path, old: Iterable[str], new: list[press.Document]) -> None:
    """Puts ``new`` in place of the documents ``old``, as judging them again does it."""
    with tempfile.TemporaryDirectory() as folder, open_writer(warehouse) as con, transaction(con):
        con.execute("CREATE OR REPLACE TEMP TABLE changing AS SELECT unnest($1 :: VARCHAR[]) AS document", [list(old)])
        clusters.forget(con)
        for table in ("documents", "blocks"):
            con.execute(f"DELETE FROM {table} WHERE document IN (FROM changing)")
        batch = press.stage(Path(folder), "b", new)
        for table, more in {
            "documents": ", 'rewrite' AS run, now() :: TIMESTAMP AS judged_at",
            "blocks": "",
        }.items():
            with rows.visible(con, "staged", staging.read(batch, table)):
                con.execute(f"INSERT INTO {table} BY NAME SELECT *{more} FROM staged")
        sketches.append(con, staging.read(batch, "sketches"), staging.read(batch, "documents"))
        keys = [clean.key for _, clean in new if isinstance(clean, CleanDocument)]
        con.execute("CREATE OR REPLACE TEMP TABLE fresh AS SELECT unnest($1 :: VARCHAR[]) AS document", [keys])
        clusters.update(con, dedup.relate, dedup.cluster, run="rewrite", now=press.NOW)


histories = given(history=st.lists(steps, min_size=1, max_size=4))


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@histories
def test_any_history_ends_as_one_load_of_what_is_left(empty: Path, history: list[Step]) -> None:
    ends_as_one_load(empty, history)


@pytest.mark.gate
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@histories
def test_many_histories_end_as_one_load_of_what_is_left(empty: Path, history: list[Step]) -> None:
    ends_as_one_load(empty, history)


def ends_as_one_load(empty: Path, history: list[Step]) -> None:
    """Takes each step of a history; compares what came of them with one load of the documents that are left."""
    there: dict[int, press.Document] = {}
    with tempfile.TemporaryDirectory() as folder:
        changed, at_once = Path(folder, "changed.duckdb"), Path(folder, "once.duckdb")
        for each in (changed, at_once):
            shutil.copyfile(empty, each)
        for step in history:
            new = {number: document(number, draft) for number, draft in step.written.items()}
            keys = [there[number][0].key[:16] for number in {*new, *step.removed} & there.keys()]
            rewrite(changed, keys, [*new.values()])
            there = {n: page for n, page in {**there, **new}.items() if n in new or n not in step.removed}
        if there:
            press.load(at_once, list(there.values()))
        assert press.contents(changed, DUPLICATES) == press.contents(at_once, DUPLICATES)


def key(page: press.Document) -> str:
    return page[0].key[:16]


def test_the_cluster_that_a_document_leaves_is_kept_with_run_and_moment(tmp_path: Path) -> None:
    warehouse, text = tmp_path / "w.duckdb", press.prose(500)
    copy, earlier = press.page(text[: len(text) * 2 // 3], "copy", day=5), press.page(text, "earlier", day=2)
    press.load(warehouse, [copy])
    run = press.load(warehouse, [earlier]).run
    first = (key(copy), key(copy), None, run, press.NOW)
    assert press.ask(warehouse, "FROM former_memberships") == [first]
    rewrite(warehouse, [key(earlier)], [])
    assert set(press.ask(warehouse, "FROM former_memberships")) == {
        first,
        (key(copy), key(earlier), "near", "rewrite", press.NOW),
        (key(earlier), key(earlier), None, "rewrite", press.NOW),
    }


def test_a_text_whose_pairs_are_found_anew_keeps_its_copies(tmp_path: Path) -> None:
    """Its stand-in alone is reached by what its site repeats; the copies are of no site."""
    warehouse, text = tmp_path / "w.duckdb", press.prose(600, 40)
    named = sorted((press.page(text, f"{n}.txt") for n in range(3)), key=key)
    stand_in = (named[0][0], replace(named[0][1], site="a.example"))
    press.load(warehouse, [stand_in, *named[1:]])
    exact = "SELECT count(*) FROM duplicate_pairs WHERE relation = 'exact'"
    assert press.ask(warehouse, exact) == [(2,)]
    press.load(
        warehouse, [press.page(f"{text} {press.prose(n)}", f"{n}.html", site="a.example") for n in range(601, 604)]
    )
    assert press.ask(warehouse, exact) == [(2,)]
