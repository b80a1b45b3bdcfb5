"""topic.toml: a topic as a person reads and edits it. Rendering is stable: the same topic gives the same bytes."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import TypeVar

from tamis.cleaners.errors import StopRun
from tamis.cleaners.topic.concepts import PLACES, concepts
from tamis.cleaners.topic.records import SUPPORT, TEXT_THRESHOLD, TITLE_THRESHOLD, Group, Term, Topic
from tamis.cleaners.topic.words import elements

HEADER = """\
# What this corpus is about. `tamis topic learn` wrote it from the seed texts, `tamis topic show` explains it.
# Edit it: what you change stays when it is learnt again, but for the lists called `learnt` and for comments.
#   A term is a word (found in plural and feminine, too), a beginning of words (maroc*), or a phrase (crime organisé),
#   in any language; case and accents do not count.
#   Concepts are packaged word lists in French, English, Arabic, Spanish and German; `places` is every other country.
"""
_ABOUT = {
    "require": "so many of the groups below must stand together",
    "title_threshold": "from this score on (0 to 1), a title is worth fetching",
    "text_threshold": "from this score on, a text is on topic",
    "rivals": "what speaks against a page",
    "exclude": "your terms that speak strongly against a page",
    "ignore": "terms that are neither learnt nor matched",
}
_TERM_KEYS = ("term", "weight", "seeds", "times")

Default = TypeVar("Default")


def parse_topic(toml: str, source: str = "topic.toml") -> Topic:
    """The topic in the text of a topic.toml. Raises StopRun naming everything that is wrong with it at once."""
    try:
        table = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise StopRun(f"{source}: not valid TOML ({error}); correct it, or learn it anew") from error
    problems: list[str] = []
    topic = _topic(_Table(table, "", problems))
    problems += _inconsistencies(topic)
    if problems:
        raise StopRun(f"{source}: " + "; ".join(problems))
    return topic


def render_topic(topic: Topic) -> str:
    """The text of a topic.toml, which ``parse_topic`` reads back as the same topic."""
    lines = [HEADER]
    for name in ("name", "languages", "require", "title_threshold", "text_threshold", "rivals", "exclude", "ignore"):
        about = f"  # {_ABOUT[name]}" if name in _ABOUT else ""
        lines.append(f"{name} = {_value(getattr(topic, name))}{about}")
    lines += ["", "[weights]  # of terms, from 0 to 1, where you know better", *_pairs(topic.weights)]
    if topic.hooks:
        lines += ["", "[hooks]  # your functions", *_pairs(topic.hooks)]
    for group in topic.groups:
        lines += ["", "[[groups]]", f"name = {_value(group.name)}", *_group(group)]
    lines += ["", "[support]  # raises the score of what has all groups", *_group(topic.support)]
    return "\n".join(lines) + "\n"


def _topic(table: _Table) -> Topic:
    known = (field.name for field in fields(Topic))
    table.only(known)
    weights, hooks = table.table("weights"), table.table("hooks")
    groups = table.tables("groups")
    return Topic(
        name=table.text("name"),
        languages=table.texts("languages"),
        require=table.whole("require", len(groups)),
        title_threshold=table.share("title_threshold", TITLE_THRESHOLD),
        text_threshold=table.share("text_threshold", TEXT_THRESHOLD),
        groups=tuple(_read_group(group, group.text("name")) for group in groups),
        support=_read_group(table.table("support"), SUPPORT),
        rivals=table.texts("rivals"),
        exclude=table.texts("exclude"),
        ignore=table.texts("ignore"),
        weights=tuple(sorted((term, weights.share(term, 1.0)) for term in weights.values)),
        hooks=tuple(sorted((name, hooks.text(name)) for name in hooks.values)),
    )


def _read_group(table: _Table, name: str) -> Group:
    table.only(field.name for field in fields(Group))
    return Group(name, table.texts("concepts"), tuple(map(_read_term, table.tables("learnt"))), table.texts("add"))


def _read_term(table: _Table) -> Term:
    table.only(_TERM_KEYS)
    return Term(table.text("term"), table.share("weight", 1.0), table.whole("seeds", 0), table.whole("times", 0))


def _inconsistencies(topic: Topic) -> list[str]:
    """What is well-formed but cannot be meant."""
    groups = (*topic.groups, topic.support)
    named = [key for group in groups for key in group.concepts] + [key for key in topic.rivals if key != PLACES]
    terms = [term for group in groups for term in (*group.add, *(each.text for each in group.learnt))]
    terms += [*topic.exclude, *topic.ignore, *(term for term, _ in topic.weights)]
    names = [group.name for group in topic.groups]
    problems = [f"{key!r} is no concept; there are {', '.join(concepts())}" for key in named if key not in concepts()]
    problems += [f"the term {term!r} has no letter or digit" for term in terms if not elements(term)]
    problems += [f"two groups are named {name!r}" for name in sorted(set(names)) if names.count(name) > 1]
    if not 1 <= topic.require <= max(1, len(topic.groups)):
        problems.append(f"require is {topic.require}; it may be from 1 to the number of groups, {len(topic.groups)}")
    if not topic.groups:
        problems.append("there is no [[groups]]; learn the topic, or add one with a name and terms to `add`")
    return problems


@dataclass(frozen=True, slots=True)
class _Table:
    """A TOML table that is read key by key; what is mistyped or unknown is noted, and the default taken."""

    values: Mapping[str, object]
    place: str
    problems: list[str]

    def text(self, key: str) -> str:
        value = self.values.get(key)
        return value if isinstance(value, str) and value else self._wrong(key, "a text", "")

    def share(self, key: str, default: float) -> float:
        value = self.values.get(key, default)
        fits = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
        return float(str(value)) if fits else self._wrong(key, "a number from 0 to 1", default)

    def whole(self, key: str, default: int) -> int:
        value = self.values.get(key, default)
        fits = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        return int(str(value)) if fits else self._wrong(key, "a whole number", default)

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key, [])
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return tuple(value)
        return self._wrong(key, "a list of texts", ())

    def table(self, key: str) -> _Table:
        value = self.values.get(key, {})
        inner: Mapping[str, object] = value if isinstance(value, dict) else self._wrong(key, "a table", {})
        return _Table(inner, f"{self.place}{key}.", self.problems)

    def tables(self, key: str) -> list[_Table]:
        value = self.values.get(key, [])
        if isinstance(value, list) and all(isinstance(each, dict) for each in value):
            return [_Table(each, f"{self.place}{key}[{n}].", self.problems) for n, each in enumerate(value, start=1)]
        return self._wrong(key, "a list of tables", [])

    def only(self, known: Iterable[str]) -> None:
        valid = list(known)
        unknown = [key for key in self.values if key not in valid]
        self.problems.extend(f"{self.place}{key} is unknown; there are {', '.join(valid)}" for key in unknown)

    def _wrong(self, key: str, wanted: str, default: Default) -> Default:
        self.problems.append(f"{self.place}{key} must be {wanted}")
        return default


def _group(group: Group) -> list[str]:
    learnt = [f"  {_term(term)}," for term in group.learnt]
    return [
        f"concepts = {_value(group.concepts)}",
        f"add = {_value(group.add)}  # your terms",
        *(["learnt = [", *learnt, "]"] if learnt else ["learnt = []"]),
    ]


def _term(term: Term) -> str:
    values = (term.text, term.weight, term.seeds, term.times)
    return "{ " + ", ".join(f"{key} = {_value(value)}" for key, value in zip(_TERM_KEYS, values, strict=True)) + " }"


def _pairs(pairs: Iterable[tuple[str, object]]) -> list[str]:
    return [f"{_value(key)} = {_value(value)}" for key, value in sorted(pairs)]


def _value(value: object) -> str:
    """A value as TOML, which writes texts and numbers as JSON does, but for one control character."""
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
