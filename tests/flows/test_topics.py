"""Topic folders on disk, and the verbs ``tamis topic learn`` and ``show``."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tamis.cleaners.errors import StopRun
from tamis.cleaners.topic import learn as learn_topic
from tamis.cleaners.topic import parse_topic
from tamis.flows import settings, topics
from tests.flows.conftest import Tamis


@pytest.fixture
def folder(tmp_path: Path, seeds: Path) -> Path:
    """A topic folder with two seeds and a list of sources."""
    home = tmp_path / "topic"
    home.mkdir()
    for file in sorted(seeds.glob("*.txt"))[:2]:
        shutil.copy(file, home)
    (home / "sources.toml").write_text("# none yet\n")
    return home


def test_the_topic_of_the_seeds_is_the_one_they_teach(seeds: Path) -> None:
    """But for counts, which shift by a little whenever cleaning gets better."""
    learnt = learn_topic(topics.seeds(seeds, settings.load()), "seeds")
    kept = topics.load(seeds)
    assert [group.concepts for group in kept.groups] == [group.concepts for group in learnt.groups]
    assert replace(kept, groups=(), support=learnt.support) == replace(learnt, groups=())


def test_learning_writes_the_file_and_keeps_edits(folder: Path) -> None:
    topic = topics.learn(folder, settings.load())
    file = folder / topics.TOPIC_FILE
    assert topics.load(folder) == topic
    assert topic.name == "topic"
    first = file.read_text(encoding="utf-8")
    topics.learn(folder, settings.load())
    assert file.read_text(encoding="utf-8") == first
    file.write_text(first.replace("add = []", 'add = ["Hammouchi"]', 1), encoding="utf-8")
    assert topics.learn(folder, settings.load()).groups[0].add == ("Hammouchi",)
    assert sorted(path.suffix for path in folder.iterdir()) == [".toml", ".toml", ".txt", ".txt"]


@pytest.mark.parametrize(
    ("name", "message"),
    [("missing", "no such folder"), ("empty", "no seed text to learn from")],
)
def test_a_folder_without_seeds_is_refused(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(StopRun, match=message):
        topics.learn(tmp_path / name, settings.load())
    assert not (tmp_path / "empty" / topics.TOPIC_FILE).exists()


def test_a_topic_that_was_not_learnt_yet_names_the_remedy(folder: Path) -> None:
    with pytest.raises(StopRun, match=r"topic\.toml: there is no such file; make it with: tamis topic learn"):
        topics.load(folder)


def test_a_wrong_file_is_left_as_it_is(folder: Path) -> None:
    (folder / topics.TOPIC_FILE).write_text("name = 3\n")
    with pytest.raises(StopRun, match=r"topic\.toml: name must be a text"):
        topics.learn(folder, settings.load())
    assert (folder / topics.TOPIC_FILE).read_text() == "name = 3\n"


def test_learn_and_show_on_the_command_line(tamis: Tamis, folder: Path) -> None:
    learnt = tamis("topic", "learn", folder)
    assert learnt.returncode == 0, learnt.stderr
    assert b"learnt" in learnt.stderr
    shown = tamis("topic", "show", folder)
    assert shown.stdout == learnt.stdout
    assert "Morocco (places.MA)" in shown.stdout.decode()
    assert "مغرب" in tamis("topic", "show", folder, "--words").stdout.decode()
    parse_topic((folder / topics.TOPIC_FILE).read_text(encoding="utf-8"))


def test_a_title_is_judged_on_the_command_line(tamis: Tamis, folder: Path) -> None:
    tamis("topic", "learn", folder)
    on = tamis("topic", "show", folder, "--title", "Paris et Rabat contre le narcotrafic").stdout.decode()
    off = tamis("topic", "show", folder, "--title", "Le prix du lait recule").stdout.decode()
    assert on.startswith("on topic: ")
    assert "Rabat" in on
    assert off.startswith("off topic: ")
    assert "missing: Morocco, France, home_affairs" in off


def test_a_folder_without_a_topic_is_wrong_usage(tamis: Tamis, folder: Path) -> None:
    done = tamis("topic", "show", folder)
    assert done.returncode == 2
    assert b"tamis topic learn" in done.stderr
