"""``tamis ingest`` and the verbs that ask the warehouse, as a user runs them: in processes of their own."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.flows.conftest import ARTICLE, COMMAND, Tables, Tamis, article, in_process, tables, untouched

LATIN = ARTICLE.replace("Le port", "Le château").replace("tempête", "fête").replace("dockers", "élèves")
PROBE = """
import sys
from tamis.flows.cli import app
try:
    app(sys.argv[1:], standalone_mode=False)
finally:
    print(sorted({m.partition(".")[0] for m in sys.modules} & {"prefect", "trafilatura", "fastapi"}), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with pages and the warehouse that one undisturbed run makes of them."""
    folder = tmp_path_factory.mktemp("reference")
    pages = folder / "pages"
    pages.mkdir()
    for number in range(12):
        (pages / f"{number:02d}.txt").write_text(article(number))
    (pages / "copy.txt").write_text(article(3) + "\n")
    (pages / "empty.txt").write_text("")
    done = in_process(["ingest", "pages", "-w", "clean.duckdb", "--batch-size", "3"], b"", folder, untouched(folder))
    assert done.returncode == 1, done.stderr
    return folder


@pytest.fixture
def pages(reference: Path, tmp_path: Path) -> Path:
    """The pages, in the folder that ``tamis`` runs in."""
    return Path(shutil.copytree(reference / "pages", tmp_path / "pages"))


@pytest.fixture
def clean_run(reference: Path) -> Tables:
    """The tables of the undisturbed run."""
    return tables(reference / "clean.duckdb")


def test_a_bad_folder_loses_nothing(tamis: Tamis, tmp_path: Path) -> None:
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "article.txt").write_text(ARTICLE)
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 50)
    (folder / "empty.txt").write_bytes(b"")
    (folder / "latin.txt").write_bytes(LATIN.encode("latin-1", errors="replace"))
    with (folder / "line.txt").open("wb") as one_line:
        for _ in range(50):
            one_line.write(b"x" * 1_000_000)
    done = tamis("ingest", "bad", "-w", "w.duckdb")
    assert done.returncode == 1, done.stderr
    found = tables(tmp_path / "w.duckdb")
    source = {row[0]: Path(row[1]).name for row in found["raw_documents"]}
    assert len(source) == 5
    assert {source[row[0]]: row[1] for row in found["rejections"]} == {
        "binary.txt": "binary",
        "empty.txt": "empty",
        "line.txt": "too_large",
    }
    said = done.stdout.decode()
    for rejected in ("bad/binary.txt", "bad/empty.txt", "bad/line.txt"):
        assert rejected in said
    asked = tamis("sql", "SELECT source, charset, text FROM documents JOIN raw_documents USING (raw_key)"
                  " ORDER BY source", "-w", "w.duckdb", "-f", "json")  # fmt: skip
    good, latin = json.loads(asked.stdout)
    assert (good["source"], good["charset"]) == ("bad/article.txt", "utf-8")
    assert latin["source"] == "bad/latin.txt"
    assert latin["charset"] in ("windows-1252", "cp1252", "iso-8859-1", "latin-1")
    assert "élèves" in latin["text"]
    assert (folder / "line.txt").stat().st_size == 50_000_000
    again = tamis("ingest", "bad", "-w", "w.duckdb")
    assert again.returncode == 1, "what was rejected before is told again"
    assert "bad/binary.txt" in again.stdout.decode()
    assert tables(tmp_path / "w.duckdb") == found


def test_running_twice_adds_no_row(
    clean_run: Tables, reference: Path, pages: Path, tamis: Tamis, tmp_path: Path
) -> None:
    assert len(clean_run["documents"]) == 13
    shutil.copy(reference / "clean.duckdb", tmp_path)
    tamis("ingest", "pages", "-w", "clean.duckdb", "--batch-size", 5)
    assert tables(tmp_path / "clean.duckdb") == clean_run


def staged(count: int) -> Callable[[Path], bool]:
    return lambda folder: len(list(folder.glob(".w.duckdb.staging/run-*/0*"))) >= count


def made(pattern: str) -> Callable[[Path], bool]:
    return lambda folder: any(folder.glob(f".w.duckdb.{pattern}"))


MOMENTS: dict[str, Callable[[Path], bool]] = {
    "with its folder made": made("staging/run-*/alive"),
    "with one batch staged": staged(1),
    "with all batches staged": staged(5),
    "as the warehouse is made": made("files/new.duckdb"),
    "as it writes": made("files/working.duckdb.wal"),
    "as it publishes": made("files/*.unfinished"),
    "as it tidies up": lambda folder: (folder / "w.duckdb").exists() and not staged(1)(folder),
}
BRIEF = {"as it publishes", "as it tidies up"}  # so brief that the run may be over before it is killed
ALWAYS = {"with one batch staged", "as it writes"}


@pytest.mark.parametrize(
    "moment", [pytest.param(each, marks=() if each in ALWAYS else pytest.mark.gate) for each in MOMENTS]
)
def test_killed_at_any_moment_and_run_again(
    moment: str,
    clean_run: Tables,
    pages: Path,
    tamis: Tamis,
    environment: dict[str, str],
    tmp_path: Path,
) -> None:
    arguments = [*COMMAND, "ingest", "pages", "-w", "w.duckdb", "--batch-size", "3"]
    running = subprocess.Popen(arguments, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL)
    while running.poll() is None and not MOMENTS[moment](tmp_path):
        time.sleep(0.0005)
    running.send_signal(signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL or moment in BRIEF, "the moment did not come"
    done = tamis("ingest", "pages", "-w", "w.duckdb", "--batch-size", 3)
    assert done.returncode == 1, done.stderr
    assert tables(tmp_path / "w.duckdb") == clean_run
    assert not list(tmp_path.glob(".w.duckdb.staging/run-*")), "the next run tidies up after a dead one"


def test_ctrl_c_ends_a_run_at_once_and_cleanly(
    clean_run: Tables, pages: Path, tamis: Tamis, environment: dict[str, str], tmp_path: Path
) -> None:
    arguments = [*COMMAND, "ingest", "pages", "-w", "w.duckdb", "--batch-size", "3"]
    running = subprocess.Popen(
        arguments,
        cwd=tmp_path,
        env=environment,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    while running.poll() is None and not staged(1)(tmp_path):
        time.sleep(0.0005)
    os.killpg(running.pid, signal.SIGINT)  # as a terminal sends it: to the child processes too
    _, errors = running.communicate(timeout=60)
    assert running.returncode == 130
    assert errors.decode().splitlines() == ["tamis: interrupted; the same command does what is left"]
    assert not list(tmp_path.glob(".w.duckdb.staging/run-*")), "it tidies up after itself"
    tamis("ingest", "pages", "-w", "w.duckdb")
    assert tables(tmp_path / "w.duckdb") == clean_run


def test_two_runs_at_once_both_succeed(
    clean_run: Tables, pages: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    arguments = [*COMMAND, "ingest", "pages", "-w", "w.duckdb", "--batch-size", "3"]
    running = [subprocess.Popen(arguments, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [each.wait(timeout=240) for each in running] == [1, 1]
    assert tables(tmp_path / "w.duckdb") == clean_run


def test_neither_prefect_nor_a_parser_is_loaded(environment: dict[str, str], pages: Path, tmp_path: Path) -> None:
    dead = {"PREFECT_API_URL": "http://127.0.0.1:9/api"}
    done = subprocess.run(
        [sys.executable, "-P", "-c", PROBE, "ingest", "pages"],
        cwd=tmp_path, env={**environment, **dead}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr.splitlines()[-1] == "[]"
    assert "documents read           14" in done.stdout


def test_a_missing_path_stops_before_any_work(tamis: Tamis, pages: Path, tmp_path: Path) -> None:
    done = tamis("ingest", "pages", "nowhere", "-w", "w.duckdb")
    assert done.returncode == 2
    assert b"nowhere" in done.stderr
    assert not (tmp_path / "w.duckdb").exists()


def test_an_empty_folder_says_so(tamis: Tamis, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    done = tamis("ingest", "none")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"no documents were found" in done.stdout


def test_a_file_that_is_no_warehouse_is_left_as_it_is(tamis: Tamis, pages: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("precious")
    done = tamis("ingest", "pages", "-w", "notes.txt")
    assert done.returncode == 2
    assert b"notes.txt" in done.stderr
    assert (tmp_path / "notes.txt").read_text() == "precious"


def test_a_warehouse_that_cannot_be_made_is_one_clear_line(tamis: Tamis, pages: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = tamis("ingest", "pages", "-w", "file/w.duckdb")
    assert done.returncode == 2
    assert done.stderr.decode().startswith("tamis: file/")
    assert len(done.stderr.splitlines()) == 1


class TestAsking:
    """The verbs that read a warehouse."""

    @pytest.fixture(autouse=True)
    def _warehouse(self, reference: Path) -> None:
        self.variables = {"TAMIS_WAREHOUSE": str(reference / "clean.duckdb")}

    def test_sql_in_each_form(self, tamis: Tamis) -> None:
        query = "SELECT count(*) AS n, min(charset) AS charset FROM documents"
        table = tamis("sql", query, **self.variables)
        assert "utf-8" in table.stdout.decode()
        as_csv = tamis("sql", query, "--format", "csv", **self.variables).stdout.decode()
        assert as_csv == '"n","charset"\n"13","utf-8"\n'
        as_json = tamis("sql", "-", "--format", "json", stdin=query.encode(), **self.variables)
        assert json.loads(as_json.stdout) == [{"n": 13, "charset": "utf-8"}]

    @pytest.mark.parametrize(
        "query", ["SELEC 1", "SELECT nothing FROM articles", "DROP TABLE blocks", "SELECT * FROM read_text('x')", ""]
    )
    def test_bad_sql_is_told_as_duckdb_tells_it(self, query: str, tamis: Tamis) -> None:
        done = tamis("sql", query, **self.variables)
        assert done.returncode == 2
        assert done.stderr.decode().startswith("tamis: SQL: ")
        assert b"Traceback" not in done.stderr

    def test_status(self, tamis: Tamis) -> None:
        said = tamis("status", **self.variables).stdout.decode()
        assert "raw documents            14" in said
        assert "articles                 12" in said

    def test_status_shows_where_settings_come_from(self, tamis: Tamis) -> None:
        said = tamis("status", "--settings", **self.variables).stdout.decode()
        assert ["warehouse", self.variables["TAMIS_WAREHOUSE"], "TAMIS_WAREHOUSE"] in map(str.split, said.splitlines())

    def test_why_of_a_document_and_of_a_rejected_one(self, tamis: Tamis) -> None:
        assert "04.txt" in tamis("why", "04.txt", **self.variables).stdout.decode()
        assert "was rejected: empty" in tamis("why", "empty.txt", **self.variables).stdout.decode()
        unknown = tamis("why", "nothing.txt", **self.variables)
        assert unknown.returncode == 2
        assert b"nothing.txt" in unknown.stderr

    def test_show(self, tamis: Tamis) -> None:
        assert "mot4x10" in tamis("show", "04.txt", **self.variables).stdout.decode()


def test_the_queries_that_show_suggests_can_be_run(
    tamis: Tamis, seeds: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    tamis("ingest", seeds)
    said = tamis("show").stdout.decode()
    suggested = [shlex.split(line)[1:] for line in said.partition("try next:")[2].splitlines() if line.strip()]
    assert [words[0] for words in suggested] == ["search", "why", "sql"]
    for words in suggested:
        done = tamis(*words)
        assert done.returncode == 0, done.stderr
        assert done.stdout


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_that_may_not_be_read_is_rejected(tamis: Tamis, pages: Path) -> None:
    (pages / "00.txt").chmod(0)
    done = tamis("ingest", "pages")
    assert done.returncode == 1
    assert "unreadable" in done.stdout.decode()
