"""Two topics on one site: a page that one has fetched is not sent to the other again, and each judges it for itself."""

from __future__ import annotations

import shutil
from pathlib import Path

from flows.following import run, subject
from flows.following.records import Asked
from flows.following.session import open_session
from flows.settings import Settings
from tests.flows.fetching.conftest import FakeTime
from tests.flows.following.newsroom import Newsroom, article, moment
from warehouse.connection import open_reader


def test_two_topics(room: Newsroom, folder: Path, chosen: Settings, time: FakeTime, tmp_path: Path) -> None:
    room.publish(*(article(n, on_topic=n < 3, at=moment(time.at)) for n in range(5)))
    other = Path(shutil.copytree(folder, tmp_path / "other"))
    file = other / "topic.toml"
    strict = (
        file.read_text()
        .replace('name = "seeds"', 'name = "other"')
        .replace("text_threshold = 0.48", "text_threshold = 1.0")
    )
    file.write_text(strict)
    asked = len(room.asked)
    for home, news in ((folder, 3), (other, 0)):
        with open_session(chosen, time.when) as session:
            result = run.follow(subject.load(home, chosen), Asked(), session)
        assert len(result.news) == news
        assert result.on_topic == news
    pages = [request for request in room.requests(asked) if request.startswith("/0/")]
    assert [request.split()[1] for request in pages] == ["200"] * 3 + ["304"] * 3
    with open_reader(chosen.warehouse) as con:
        judged = con.execute("SELECT topic, on_topic, count(*) FROM relevance GROUP BY ALL ORDER BY ALL").fetchall()
        assert judged == [("other", False, 3), ("seeds", True, 3)]
        assert con.execute("SELECT DISTINCT topics FROM articles").fetchall() == [(["seeds"],)]
        assert con.execute("SELECT count(*) FROM raw_documents").fetchall() == [(3,)]
