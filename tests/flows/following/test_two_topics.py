"""Two topics on one site: a page that one has fetched is not sent to the other again, and each judges it for itself."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from tamis.flows.following import run, subject
from tamis.flows.following.records import Asked
from tamis.flows.following.session import open_session
from tamis.flows.settings import Settings
from tamis.warehouse.connection import open_reader
from tests.flows.fetching.conftest import FakeTime
from tests.flows.following.newsroom import Newsroom, article, moment


def test_two_topics(room: Newsroom, folder: Path, chosen: Settings, time: FakeTime, tmp_path: Path) -> None:
    free = [article(n, on_topic=n < 3, at=moment(time.at)) for n in range(5)]
    teaser = article(9, on_topic=True, at=moment(time.at), head='<script>{"isAccessibleForFree": false}</script>')
    room.publish(*free, replace(teaser, text=" ".join(teaser.text.split()[:40])))
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
    assert [request.split()[1] for request in pages] == ["200"] * 4 + ["304"] * 4
    with open_reader(chosen.warehouse) as con:
        judged = con.execute("SELECT topic, on_topic, count(*) FROM relevance GROUP BY ALL ORDER BY ALL").fetchall()
        assert judged == [("other", False, 4), ("seeds", False, 1), ("seeds", True, 3)]
        assert con.execute("SELECT DISTINCT topics FROM articles").fetchall() == [(["seeds"],)]
        assert con.execute("SELECT count(*) FROM raw_documents").fetchall() == [(4,)]

    # A topic that was edited judges what it has anew, the teaser as before.
    (folder / "topic.toml").write_text((folder / "topic.toml").read_text().replace("= 0.48", "= 0.47"))
    with open_session(chosen, time.when) as session:
        run.follow(subject.load(folder, chosen), Asked(), session)
    with open_reader(chosen.warehouse) as con:
        anew = con.execute(
            "SELECT threshold, on_topic, count(*) FROM relevance WHERE topic = 'seeds' GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    assert anew == [(0.47, False, 1), (0.47, True, 3)]
