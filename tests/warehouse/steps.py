"""What the steps of a load read and write: told by their SQL, and told by their docstrings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

WAREHOUSE = Path(__file__).parents[2] / "warehouse"
MODULES = (
    *sorted((WAREHOUSE / "duplicates").glob("[a-z]*.py")),
    WAREHOUSE / "site_memory.py",
    WAREHOUSE / "search/index.py",
    WAREHOUSE / "loading/store.py",
    WAREHOUSE / "rejudging/replacing.py",
)
_READ = re.compile(r"\b(?:FROM|JOIN)\s+([a-z_]+)\b(?!\s*\(|\.)")
_WRITTEN = re.compile(
    r"\b(?:CREATE(?: OR REPLACE)? TEMP TABLE(?: IF NOT EXISTS)?|INSERT INTO|UPDATE|DELETE FROM|DROP TABLE)\s+([a-z_]+)"
)
_MADE = re.compile(r"\bCREATE(?: OR REPLACE)? TEMP TABLE (?!IF NOT EXISTS)([a-z_]+)")
_NAMED = re.compile(r"\b([a-z_]+) AS (?:MATERIALIZED )?\(")
_TOLD = re.compile(r"^\s*(reads|writes): (.*(?:\n\s+(?!reads|writes)[a-z_, ]+)*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Step:
    """One function that gives SQL to the database: the tables that its SQL reads and writes, and those it tells of."""

    name: str
    reads: frozenset[str]
    writes: frozenset[str]
    told_reads: frozenset[str]
    told_writes: frozenset[str]


def reads(sql: str) -> set[str]:
    """The tables that ``sql`` reads, without the names that it gives itself."""
    without = re.sub(r"DELETE FROM", "DELETE", re.sub(r"--[^\n]*", "", sql))
    return set(_READ.findall(without)) - set(_NAMED.findall(without))


def writes(sql: str) -> set[str]:
    """The tables that ``sql`` makes, changes or drops."""
    return set(_WRITTEN.findall(re.sub(r"--[^\n]*", "", sql)))


def steps(path: Path) -> Iterator[Step]:
    """The steps of one module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = {
        target.id: _text(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for function in tree.body:
        if isinstance(function, ast.FunctionDef) and (sql := "\n;\n".join(_sql(function, constants))):
            read, written, lent, made = _helped(function)
            made |= set(_MADE.findall(sql))
            told = {
                kind: frozenset(re.findall(r"[a-z_]+", names))
                for kind, names in _TOLD.findall(ast.get_docstring(function) or "")
            }
            yield Step(
                f"{path.relative_to(WAREHOUSE)}:{function.name}",
                frozenset((reads(sql) | read) - lent - made),
                frozenset(writes(sql) | written),
                told.get("reads", frozenset()),
                told.get("writes", frozenset()),
            )


def _sql(function: ast.FunctionDef, constants: dict[str, str]) -> Iterator[str]:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    for node in (each for statement in body for each in ast.walk(statement)):
        if isinstance(node, ast.Name) and re.search(r"\b(FROM|INTO|TABLE|UPDATE)\b", constants.get(node.id, "")):
            yield constants[node.id]
        elif isinstance(node, (ast.Constant, ast.JoinedStr)) and re.search(
            r"^\s*(SELECT|FROM|INSERT|DELETE|UPDATE|CREATE|DROP)\b", text := _text(node)
        ):
            yield text
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("pick", "append", "at")
        ):
            yield ""


def _helped(function: ast.FunctionDef) -> tuple[set[str], set[str], set[str], set[str]]:
    """What the functions of ``loading.rows`` read, write, lend and make anew on behalf of this one."""
    read: set[str] = set()
    written: set[str] = set()
    lent: set[str] = set()
    made: set[str] = set()
    for node in ast.walk(function):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "rows"):
            continue
        names = [each.value if isinstance(each, ast.Constant) else "" for each in node.args]
        if node.func.attr == "pick":
            written.add(names[1])
            made.add(names[1])
            read |= {names[3], names[4]}
        elif node.func.attr == "append":
            written.add(names[1])
        elif node.func.attr == "visible":
            lent.add(names[1])
        elif node.func.attr == "at":
            read |= {names[0], names[1]}
    return read - {""}, written - {""}, lent, made


def _text(node: ast.expr) -> str:
    """The text of a literal, of the parts of one that are literal, and of those in a tuple or mapping."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) for part in node.values)
    if isinstance(node, (ast.Tuple, ast.List)):
        return "\n;\n".join(map(_text, node.elts))
    if isinstance(node, ast.Dict):
        return "\n;\n".join(map(_text, node.values))
    return ""
