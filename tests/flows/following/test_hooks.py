"""The user's own functions: called with typed records, and nothing they raise ends a run."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tamis.cleaners.errors import StopRun
from tamis.flows.following import hooks, run, subject
from tamis.flows.following.records import Asked
from tamis.flows.following.session import open_session
from tamis.flows.reading import sources
from tamis.flows.settings import Settings
from tests.flows.fetching.conftest import FakeTime
from tests.flows.following.newsroom import Newsroom, article, moment

GOOD = """
from tamis.flows.fetching.records import Candidate

told = []

def find(source, ask, fetch):
    assert ask.queries and source.kind == "hook"
    return [Candidate("{url}", source.name, source.kind, title="Ma propre trouvaille")]

def worth_it(candidate, relevance):
    return True if candidate.kind == "hook" else None if "narcotrafic" in candidate.title else False

def tell(article):
    told.append((article.title, article.score, article.terms))
"""
BAD = "def find(source, ask, fetch):\n    raise KeyError('find')\n" + "".join(
    f"def {name}(*given):\n    raise RuntimeError('no good')\n" for name in ("worth_it", "tell")
)


@pytest.fixture
def mine(folder: Path) -> Iterator[Path]:
    """The user's module, imported anew in each test."""
    file = folder / "my_hooks.py"
    topic = (folder / "topic.toml").read_text()
    table = '[hooks]\ndiscover = "my_hooks:find"\naccept = "my_hooks:worth_it"\nafter_article = "my_hooks:tell"\n'
    (folder / "topic.toml").write_text(topic.replace("[[groups]]", table + "\n[[groups]]", 1))
    importlib.invalidate_caches()
    yield file
    sys.modules.pop("my_hooks", None)
    sys.path.remove(str(folder.resolve()))


def test_hooks_find_choose_and_hear(mine: Path, room: Newsroom, folder: Path, chosen: Settings, time: FakeTime) -> None:
    pages = [article(n, on_topic=True, at=moment(time.at)) for n in range(6)]
    own = article(9, on_topic=True, at=moment(time.at), path="/own.html", in_feed=False)
    room.publish(*pages, own)
    mine.write_text(GOOD.replace("{url}", room.site.url("/own.html")))
    with open_session(chosen, time.when) as session:
        result = run.follow(subject.load(folder, chosen), Asked(), session)
    wanted = {page.title for page in pages if "narcotrafic" in page.title} | {own.title}
    assert {news.title for news in result.news} == wanted
    assert result.troubles == ()
    assert {title for title, _, _ in sys.modules["my_hooks"].told} == wanted
    assert not list(sources.read([folder], chosen.max_bytes)), "the hooks are no document of the topic"
    assert all(score > 0.48 and "Rabat" in terms for _, score, terms in sys.modules["my_hooks"].told)


def test_what_hooks_raise_is_told_and_the_run_goes_on(
    mine: Path, room: Newsroom, folder: Path, chosen: Settings, time: FakeTime
) -> None:
    room.publish(article(1, on_topic=True, at=moment(time.at)), article(1, on_topic=False, at=moment(time.at)))
    mine.write_text(BAD)
    with open_session(chosen, time.when) as session:
        result = run.follow(subject.load(folder, chosen), Asked(), session)
    assert len(result.news) == 1
    assert [trouble.where for trouble in result.troubles] == ["hooks.accept", "hooks.accept", "hooks.after_article"]
    assert all("RuntimeError: no good" in trouble.what for trouble in result.troubles)
    (failed,) = [visit for visit in result.plan.visits if visit.problems]
    assert failed.source.name == "hooks.discover"
    assert "KeyError" in failed.problems[0]


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("nowhere_at_all:f", "No module"),
        ("my_hooks", "module:function"),
        ("my_hooks:gone", "gone"),
        ("my_hooks:X", "no fun"),
    ],
)
def test_a_hook_that_is_none_stops_before_anything_is_asked(
    mine: Path, folder: Path, target: str, message: str
) -> None:
    mine.write_text("X = 1\n")
    file = folder / "topic.toml"
    file.write_text(file.read_text().replace("my_hooks:worth_it", target))
    with pytest.raises(StopRun, match=message) as stopped:
        subject.load(folder, Settings())
    assert "hooks.accept" in str(stopped.value)
    assert set(hooks.NAMES) == {"discover", "accept", "after_article"}
