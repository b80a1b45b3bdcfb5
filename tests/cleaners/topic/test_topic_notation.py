"""topic.toml: read back as written, and told what is wrong with it all at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.cleaners.errors import StopRun
from tamis.cleaners.topic import Group, Seed, Term, Topic, learn, parse_topic, render_topic
from tamis.cleaners.topic.concepts import concepts

texts = st.text(st.characters(exclude_categories=("Cs",))).map(lambda text: "a" + text)
shares = st.floats(0, 1).map(lambda share: round(share, 3))
lists = st.lists(texts, max_size=3).map(tuple)
keys = st.lists(st.sampled_from(sorted(concepts())), max_size=2).map(tuple)
terms = st.builds(Term, texts, shares, st.integers(0, 9), st.integers(0, 99))
groups = st.builds(Group, texts, keys, st.lists(terms, max_size=3).map(tuple), lists)
pairs = st.dictionaries(texts, shares, max_size=3).map(lambda each: tuple(sorted(each.items())))
hooks = st.dictionaries(texts, texts, max_size=2).map(lambda each: tuple(sorted(each.items())))
topics = st.builds(
    Topic,
    name=texts,
    languages=lists,
    require=st.just(1),
    title_threshold=shares,
    text_threshold=shares,
    groups=st.lists(groups, min_size=1, max_size=3, unique_by=lambda group: group.name).map(tuple),
    support=st.builds(Group, st.just("support"), keys, st.lists(terms, max_size=2).map(tuple), lists),
    rivals=keys.map(lambda found: ("places", *found)),
    exclude=lists,
    ignore=lists,
    weights=pairs,
    hooks=hooks,
)
WRONG = [
    ("name = ", "not valid TOML"),
    ("[[groups]]\nname = 'a'", "name must be a text"),
    ("name = 3\n[[groups]]\nname = 'a'", "name must be a text"),
    ("name = 'x'", "there is no \\[\\[groups\\]\\]"),
    ("name = 'x'\nrequire = 2\n[[groups]]\nname = 'a'", "require is 2"),
    ("name = 'x'\nrequire = true\n[[groups]]\nname = 'a'", "require must be a whole number"),
    ("name = 'x'\ntext_threshold = 1.5\n[[groups]]\nname = 'a'", "text_threshold must be a number from 0 to 1"),
    ("name = 'x'\n[[groups]]\nname = 'a'\nconcepts = ['places.XX']", "'places.XX' is no concept; there are places.MA"),
    ("name = 'x'\n[[groups]]\nname = 'a'\nadd = ['--']", "'--' has no letter"),
    ("name = 'x'\n[[groups]]\nname = 'a'\nterms = []", r"groups\[1\].terms is unknown; there are name"),
    ("name = 'x'\n[[groups]]\nname = 'a'\n[[groups]]\nname = 'a'", "two groups are named 'a'"),
    ("name = 'x'\nsuport = 1\n[[groups]]\nname = 'a'", "suport is unknown; there are name"),
    ("name = 'x'\nexclude = 'a'\n[[groups]]\nname = 'a'", "exclude must be a list of texts"),
    ("name = 'x'\nsupport = 1\n[[groups]]\nname = 'a'", "support must be a table"),
    ("name = 'x'\ngroups = [1]", "groups must be a list of tables"),
    ("name = 'x'\n[weights]\na = 7\n[[groups]]\nname = 'a'", "weights.a must be a number"),
]


@given(topics)
def test_a_topic_is_read_as_it_was_written(topic: Topic) -> None:
    assert parse_topic(render_topic(topic)) == topic
    assert render_topic(parse_topic(render_topic(topic))) == render_topic(topic)


def test_learning_twice_gives_the_same_bytes(seed_texts: tuple[Seed, ...], topic: Topic) -> None:
    written = render_topic(topic)
    assert render_topic(learn(seed_texts, "seeds")) == written
    assert render_topic(learn(seed_texts, "seeds", parse_topic(written))) == written


@pytest.mark.parametrize(("toml", "message"), WRONG)
def test_what_is_wrong_is_told(toml: str, message: str) -> None:
    with pytest.raises(StopRun, match=message):
        parse_topic(toml, "seeds/topic.toml")


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(StopRun) as caught:
        parse_topic("name = 1\nrequire = 9\n[[groups]]\nname = 'a'\nadd = ['!']")
    assert "name must" in str(caught.value)
    assert "require is 9" in str(caught.value)
    assert "'!' has no letter" in str(caught.value)


def test_every_concept_has_words_in_it() -> None:
    for concept in concepts().values():
        assert concept.says
        assert len({term for term, _ in concept.terms}) == len(concept.terms), concept.key
