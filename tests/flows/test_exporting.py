"""Exports: every format holds the same articles, the card tells what was left out, and nothing of others is lost."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tamis.cleaners import __version__
from tamis.cleaners.clean import clean
from tamis.cleaners.errors import StopRun
from tamis.flows import exporting
from tamis.flows.rejudging import recleaning
from tamis.flows.settings import Settings
from tamis.warehouse.columns import EXPORTED
from tamis.warehouse.connection import open_reader, open_writer
from tamis.warehouse.exporting import Selection
from tamis.warehouse.files.publishing import publish
from tamis.warehouse.following import topic_store
from tamis.warehouse.following.records import AddressState, Remembered, SourceState
from tamis.warehouse.rejudging.current_verdicts import Scope
from tests.flows import stored
from tests.flows.conftest import ROOT

SOURCE = SourceState(
    "ports", "s1", "feed", "https://a.example/feed", "Les ports", "fr", *[stored.THEN] * 5, 900.0, 1, 0, "", 3, 1, "e"
)
FORMULA = "=HYPERLINK(1)"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    path = stored.load(tmp_path_factory.mktemp("export") / "w.duckdb", [clean(raw) for raw in stored.RAWS])
    with open_writer(path) as con:
        con.execute("UPDATE documents SET title = ? WHERE raw_key = ?", [FORMULA, stored.HALL.key])
        con.execute("UPDATE documents SET published_on = DATE '2026-03-01' WHERE raw_key = ?", [stored.HALL.key])
        for raw in (stored.PORT, stored.COPY):
            con.execute(
                "INSERT INTO page_versions VALUES (?, 1, ?, ?, true, ['tdm-reservation: 1'])",
                [raw.url, raw.key, stored.THEN],
            )
            address = AddressState(
                "ports", str(raw.url), "page", str(raw.url), "s1", "", None, (), stored.THEN, "fetched"
            )
            topic_store.remember(con, Remembered(sources=[SOURCE], addresses=[address]))
    publish(path)
    return Settings(warehouse=path)


def export(path: Path, settings: Settings, form: exporting.Format | None = None, **wanted: object) -> Path:
    exporting.export(exporting.target(path, form), Selection(**wanted), settings)  # type: ignore[arg-type]
    return path


def articles(settings: Settings) -> dict[str, str]:
    with open_reader(settings.warehouse) as con:
        return dict(con.execute("SELECT document, text FROM articles").fetchall())


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_arrow_reads_the_articles(settings: Settings, tmp_path: Path) -> None:
    table = pq.read_table(export(tmp_path / "corpus.parquet", settings))
    assert table.schema.names == [column.name for column in EXPORTED]
    assert dict(zip(table["document"].to_pylist(), table["text"].to_pylist(), strict=True)) == articles(settings)
    assert table["published_on"].to_pylist()[0] == date(2026, 3, 1)


def test_pandas_reads_the_articles(settings: Settings, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.read_parquet(export(tmp_path / "corpus.parquet", settings))
    assert dict(zip(frame["document"], frame["text"], strict=True)) == articles(settings)


def test_polars_reads_the_articles(settings: Settings, tmp_path: Path) -> None:
    polars = pytest.importorskip("polars")
    frame = polars.read_parquet(export(tmp_path / "corpus.parquet", settings))
    assert dict(zip(frame["document"], frame["text"], strict=True)) == articles(settings)


def test_json_lines_hold_the_same(settings: Settings, tmp_path: Path) -> None:
    lines = export(tmp_path / "corpus.jsonl", settings).read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert {row["document"]: row["text"] for row in rows} == articles(settings)
    assert list(rows[0]) == [column.name for column in EXPORTED]
    assert rows[0]["published_on"] == "2026-03-01"


def test_csv_runs_nothing_in_a_spreadsheet(settings: Settings, tmp_path: Path) -> None:
    path = export(tmp_path / "corpus.csv", settings)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["document"]: row["text"] for row in rows} == articles(settings)
    assert [row["title"] for row in rows if row["raw_key"] == stored.HALL.key] == [f"'{FORMULA}"]


def test_texts_are_one_file_an_article_with_an_index(settings: Settings, tmp_path: Path) -> None:
    folder = export(tmp_path / "corpus", settings, "text")
    with (folder / "articles.csv").open(encoding="utf-8-sig", newline="") as stream:
        index = {row["document"]: row["name"] for row in csv.DictReader(stream)}
    assert index.keys() == articles(settings).keys()
    assert {path.name for path in (folder / "texts").iterdir()} == set(index.values())
    for document, text in articles(settings).items():
        assert (folder / "texts" / index[document]).read_text(encoding="utf-8").endswith(f"\n{text}\n")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Le port rouvre : « enfin ! »", "2026-03-01-le-port-rouvre-enfin-0123.txt"),
        ("../../etc/passwd", "2026-03-01-etc-passwd-0123.txt"),
        ("الميناء يفتح", "2026-03-01-0123.txt"),
        (None, "2026-03-01-0123.txt"),
        ("x" * 500, f"2026-03-01-{'x' * 60}-0123.txt"),
    ],
)
def test_names_of_files_are_safe(title: str | None, name: str) -> None:
    assert exporting.file_name({"title": title, "published_on": date(2026, 3, 1), "document": "0123"}) == name


@pytest.mark.parametrize("form", ["parquet", "jsonl", "csv", "text"])
def test_the_same_state_gives_the_same_bytes(settings: Settings, tmp_path: Path, form: exporting.Format) -> None:
    first = bytes_of(export(tmp_path / "one", settings, form))
    export(tmp_path / "one", settings, form)  # in place of itself
    assert bytes_of(tmp_path / "one") == first
    assert bytes_of(export(tmp_path / "two", settings, form)) == first
    assert {"card.json", "card.md"} < first.keys()


def test_the_card_tells_what_is_there_and_what_was_left_out(settings: Settings, tmp_path: Path) -> None:
    folder = export(tmp_path / "corpus", settings, "jsonl")
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    assert (card["articles"], card["documents_in_warehouse"], card["languages"]) == (2, 3, {"fr": 2})
    assert card["duplicates"] == {"exact": 1}
    assert card["rejected"] == {"no_text": 1}
    assert card["reserved"]["reserved"] == 1
    assert card["rights"] == {"tdm-reservation: 1": 1}
    assert card["sources"] == {"Les ports": 1}
    assert card["years"] == {"2026": 1, "undated": 1}
    assert card["data"][0]["bytes"] == (folder / "articles.jsonl").stat().st_size
    assert card["removed"] == {"newsletter": 1}
    assert card["versions"][f"tamis {__version__}"] == 2
    shown = (folder / "card.md").read_text(encoding="utf-8")
    for told in ("# 2 articles", "belong to their publishers", "tdm-reservation: 1", "| no_text | 1 |", "| fr | 2 |"):
        assert told in shown


@pytest.mark.parametrize(
    ("wanted", "raws"),
    [
        ({"language": "fr"}, 2),
        ({"since": date(2026, 3, 1)}, 1),
        ({"until": date(2026, 3, 1)}, 1),
        ({"since": date(2026, 3, 2)}, 0),
        ({"site": "nowhere.example"}, 0),
        ({"topic": "ports"}, 0),
        ({"as_of": stored.THEN}, 2),
        ({"as_of": stored.THEN - timedelta(seconds=1)}, 0),
    ],
    ids=str,
)
def test_only_what_was_asked_for_is_exported(
    settings: Settings, tmp_path: Path, wanted: dict[str, object], raws: int
) -> None:
    path = tmp_path / "corpus.parquet"
    if raws:
        assert pq.read_table(export(path, settings, **wanted)).num_rows == raws
    else:
        with pytest.raises(StopRun, match="no article is selected"):
            export(path, settings, **wanted)
        assert list(tmp_path.iterdir()) == []


def test_a_corpus_that_was_cited_can_be_exported_again(tmp_path: Path) -> None:
    path = stored.load(tmp_path / "old.duckdb", [stored.older(raw) for raw in stored.RAWS])
    settings = Settings(warehouse=path)
    moment = datetime(2026, 2, 1)
    cited = bytes_of(export(tmp_path / "cited", settings, "jsonl", as_of=moment))
    assert recleaning.reclean(Scope(), settings, lambda _: None, apply=True).run
    assert bytes_of(export(tmp_path / "again", settings, "jsonl", as_of=moment)) == cited
    assert bytes_of(export(tmp_path / "now", settings, "jsonl"))["articles.jsonl"] != cited["articles.jsonl"]


def test_what_is_no_export_is_not_overwritten(settings: Settings, tmp_path: Path) -> None:
    file, folder = tmp_path / "mine.csv", tmp_path / "mine"
    file.write_text("mine")
    folder.mkdir()
    (folder / "thesis.txt").write_text("mine")
    with pytest.raises(StopRun, match=r"mine.csv is there and is no export of tamis; .* --force"):
        export(file, settings)
    for force in (False, True):
        with pytest.raises(StopRun, match="mine holds other things than an export"):
            exporting.export(exporting.target(folder, "text"), Selection(), settings, force=force)
    with pytest.raises(StopRun, match="mine is a folder"):
        exporting.export(exporting.Target(folder, "csv", is_folder=False), Selection(), settings, force=True)
    assert bytes_of(tmp_path) == {"mine.csv": b"mine", "mine/thesis.txt": b"mine"}
    exporting.export(exporting.target(file, None), Selection(), settings, force=True)
    assert file.read_bytes() != b"mine"


@pytest.mark.parametrize(
    ("path", "form", "message"),
    [("corpus", None, "which format"), ("a.csv", "jsonl", "ends as csv"), ("a.xlsx", None, "which format")],
)
def test_the_format_must_be_told(path: str, form: exporting.Format | None, message: str) -> None:
    with pytest.raises(StopRun, match=message):
        exporting.target(Path(path), form)


@pytest.mark.parametrize("moments", [(1, 3), pytest.param(range(12), marks=pytest.mark.gate)], ids=["few", "many"])
def test_a_killed_export_leaves_no_half_folder(settings: Settings, tmp_path: Path, moments: Iterable[int]) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from tamis.flows import exporting; from tamis.flows.settings import Settings\n"
        "from tamis.warehouse.exporting import Selection\nprint('ready', flush=True)\n"
        "while True: exporting.export(exporting.target(Path(sys.argv[2]), 'text'), Selection(),"
        " Settings(warehouse=Path(sys.argv[1])))"
    )
    wanted = bytes_of(export(tmp_path / "wanted", settings, "text"))
    for moment in moments:
        target = tmp_path / f"out{moment}"
        child = subprocess.Popen(
            [sys.executable, "-c", program, str(settings.warehouse), str(target)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        with child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(0.07 * moment)
            child.send_signal(signal.SIGKILL)
        assert not target.exists() or bytes_of(target) == wanted
        assert bytes_of(export(target, settings, "text")) == wanted
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
