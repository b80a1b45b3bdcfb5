"""``tamis clean`` as a filter: what goes in a pipe, what comes out, and with which exit code."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.flows.conftest import ARTICLE, COMMAND, Tamis

RECORD_KEYS = ["id", "title", "authors", "published", "language", "site", "text", "removed"]
HTML = f"<html><body><article><h1>Titre</h1>{''.join(f'<p>{p}</p>' for p in ARTICLE.split(chr(10)) if p)}</article>"


def lines(*records: object) -> bytes:
    return b"".join(r if isinstance(r, bytes) else json.dumps(r).encode() + b"\n" for r in records)


def test_standard_input_to_standard_output(tamis: Tamis) -> None:
    for arguments in ([], ["-"]):
        done = tamis("clean", *arguments, stdin=ARTICLE.encode())
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.decode().startswith("Le port de commerce a rouvert mardi matin")


def test_files_and_folders(tamis: Tamis, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.txt").write_text(ARTICLE)
    (tmp_path / "pages" / "b.txt").write_text(ARTICLE)
    done = tamis("clean", "pages", "pages/a.txt")
    assert done.stdout.decode().count("Les dockers ont repris") == 3


def test_json_lines_in_the_same_order(tamis: Tamis) -> None:
    done = tamis(
        "clean",
        "--jsonl",
        stdin=lines(
            {"id": "a", "text": ARTICLE, "url": "https://www.port.example/x"},
            b"this is no JSON\n",
            {"id": 7, "html": HTML, "fetched_at": "2025-08-27T09:30:00+02:00"},
            {"id": "c"},
            {"text": ARTICLE},
            {"id": "e", "text": " \n"},
        ),
    )
    first, no_json, second, no_text, no_id, empty = (json.loads(line) for line in done.stdout.splitlines())
    assert list(first) == RECORD_KEYS == list(second)
    assert (first["id"], second["id"]) == ("a", 7)
    assert first["title"] == "Le port rouvre après la tempête"
    assert (first["language"], first["site"], first["published"]) == ("fr", "port.example", None)
    assert "dockers" in first["text"]
    assert "dockers" in second["text"]
    assert [(r["id"], r["rejected"]["reason"]) for r in (no_json, no_text, no_id, empty)] == [
        (None, "bad_record"),
        ("c", "bad_record"),
        (None, "bad_record"),
        ("e", "empty"),
    ]
    assert all("detail" in r["rejected"] for r in (no_json, no_text, no_id, empty))
    assert done.returncode == 1


def test_removed_blocks_are_named(tamis: Tamis, seeds: Path) -> None:
    dump = sorted(seeds.glob("*.txt"))[0].read_text()
    done = tamis("clean", "--jsonl", stdin=lines({"id": 1, "text": dump}))
    record = json.loads(done.stdout)
    assert record["removed"]
    for removed in record["removed"]:
        assert list(removed) == ["index", "text", "label", "rule", "confidence"]
        assert removed["text"] in dump
        assert 0 < removed["confidence"] <= 1
    assert done.returncode == 0


def test_json_of_files_is_named_by_its_source(tamis: Tamis, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE)
    (tmp_path / "b.txt").write_text("")
    done = tamis("clean", "--json", "a.txt", "b.txt")
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["a.txt", "b.txt"]
    assert done.returncode == 1


def test_each_line_is_answered_before_the_next_is_read(environment: dict[str, str]) -> None:
    with subprocess.Popen(
        [*COMMAND, "clean", "--jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as filtering:
        assert filtering.stdin
        assert filtering.stdout
        for number in range(3):
            filtering.stdin.write(lines({"id": number, "text": ARTICLE}))
            filtering.stdin.flush()
            assert json.loads(filtering.stdout.readline())["id"] == number
        filtering.stdin.close()
        assert filtering.wait(timeout=60) == 0


def test_explained_text_marks_what_was_removed(tamis: Tamis, seeds: Path) -> None:
    dump = sorted(seeds.glob("*.txt"))[0]
    removed = json.loads(tamis("clean", "--json", dump).stdout)["removed"]
    shown = tamis("clean", "--explain", dump).stdout.decode()
    assert removed
    for each in removed:
        assert f"[-{each['text']}-] {each['label']} · {each['rule']}" in shown


def test_a_reader_who_leaves_is_no_error(tamis: Tamis, environment: dict[str, str], tmp_path: Path) -> None:
    many = tmp_path / "many.jsonl"
    many.write_bytes(lines(*({"id": n, "text": ARTICLE} for n in range(300))))
    with many.open("rb") as stdin:
        filtering = subprocess.Popen(
            [*COMMAND, "clean", "--jsonl"], stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
        )
    assert filtering.stdout
    assert filtering.stderr
    filtering.stdout.readline()
    filtering.stdout.close()
    assert filtering.wait(timeout=120) == 141
    assert filtering.stderr.read() == b""
    filtering.stderr.close()


def test_ctrl_c_ends_it_without_a_traceback(environment: dict[str, str]) -> None:
    filtering = subprocess.Popen(
        [*COMMAND, "clean", "--jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        start_new_session=True,
    )
    assert filtering.stdin
    assert filtering.stdout
    filtering.stdin.write(lines({"id": 1, "text": ARTICLE}))
    filtering.stdin.flush()
    filtering.stdout.readline()
    os.killpg(filtering.pid, signal.SIGINT)  # as a terminal sends it: to the child process too
    _, errors = filtering.communicate(timeout=60)
    assert filtering.returncode == 130
    assert b"Traceback" not in errors


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.txt"], "no such file or folder: nowhere.txt"),
        (["--json", "--explain"], "exclude each other"),
        (["--nonsense"], "--nonsense"),
    ],
)
def test_wrong_usage(arguments: list[str], said: str, tamis: Tamis) -> None:
    done = tamis("clean", *arguments)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.decode().split())
    assert done.stdout == b""


def test_wrong_settings_are_all_reported(tamis: Tamis) -> None:
    done = tamis("clean", stdin=b"x", TAMIS_WORKERS="none", TAMIS_MAX_BYTES="-1")
    assert done.returncode == 2
    assert b"TAMIS_WORKERS" in done.stderr
    assert b"TAMIS_MAX_BYTES" in done.stderr


def test_output_is_utf_8_whatever_the_locale(tamis_process: Tamis) -> None:
    done = tamis_process("clean", stdin=ARTICLE.encode(), PYTHONIOENCODING="ascii", LC_ALL="C")
    assert "« Nous avons perdu" in done.stdout.decode()
