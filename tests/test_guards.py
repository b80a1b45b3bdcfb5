"""Habits that a reader relies on, kept by the tests: docstrings, folder READMEs, pure cleaners, honest packaging."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("cleaners", "warehouse", "flows")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
TOP_LEVEL = {
    "pyproject.toml", "README.md", "seeds", "flows", "cleaners", "warehouse", "tests",
    "Makefile", "prefect.yaml", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "requirements.lock",
}  # fmt: skip
MOST_LINES = 300
SHARED_NAMES = {"__init__.py", "records.py"}
MARKDOWN = [*ROOT.glob("*.md"), *(p for top in (*PACKAGES, "tests") for p in (ROOT / top).rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def public_definitions(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """The module, and every public function, class and method in it."""
    yield "the module", tree
    for node in tree.body:
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) or node.name.startswith("_"):
            continue
        yield node.name, node
        if isinstance(node, ast.ClassDef):
            yield from (
                (f"{node.name}.{m.name}", m)
                for m in node.body
                if isinstance(m, ast.FunctionDef) and not m.name.startswith("_")
            )


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_public_names_have_docstrings(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if not tree.body:
        return
    assert [name for name, node in public_definitions(tree) if not ast.get_docstring(node)] == []  # type: ignore[arg-type]


def lines_of_tables(tree: ast.Module) -> int:
    """How many lines are declared data: what a module assigns at its top, such as a schema or a list of patterns."""
    tables = [node for node in tree.body if isinstance(node, (ast.Assign, ast.AnnAssign))]
    return sum((node.end_lineno or node.lineno) - node.lineno + 1 for node in tables)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_is_one_idea(path: Path) -> None:
    """A module that grows beyond 300 lines has a second idea, which wants a module of its own; a long table has not."""
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) - lines_of_tables(ast.parse(source)) <= MOST_LINES


def test_a_table_is_no_idea() -> None:
    tree = ast.parse(
        "import re\n\nSCHEMA = {\n    1: 2,\n    3: 4,\n}\nWIDTH: int = 7\n\n\ndef f():\n    x = [\n    ]\n"
    )
    assert lines_of_tables(tree) == 5


def test_no_two_public_classes_have_one_name() -> None:
    where = defaultdict(list)
    for path in MODULES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                where[node.name].append(str(path.relative_to(ROOT)))
    assert {name: found for name, found in where.items() if len(found) > 1} == {}


def test_no_three_modules_have_one_name() -> None:
    where = defaultdict(list)
    for path in MODULES:
        where[path.name].append(str(path.parent.relative_to(ROOT)))
    assert {name: found for name, found in where.items() if len(found) > 2 and name not in SHARED_NAMES} == {}


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_between_readmes_lead_somewhere(path: Path) -> None:
    links = LINK.findall(path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_a_commit_is_held_to_what_make_lint_runs() -> None:
    recipe = re.search(r"^lint:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert recipe
    hooks = re.findall(r"entry: (.*)", (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert hooks == [line.strip().replace("$(BIN)", ".venv/bin") for line in recipe[1].splitlines()]


def test_every_folder_says_what_it_is_for() -> None:
    folders = {path.parent for path in MODULES}
    assert [str(f.relative_to(ROOT)) for f in sorted(folders) if not (f / "README.md").is_file()] == []


def test_the_top_level_is_as_promised() -> None:
    tracked = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert TOP_LEVEL <= tracked


def test_the_pins_that_keep_prefect_alive_are_there() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {"fastapi<0.151", "sqlalchemy[asyncio]>=2.0,<2.1", "prefect>=3.8.8,<3.9", "duckdb>=1.5.5,<3"}
    assert wanted <= set(project["dependencies"])


def test_no_rule_knows_a_site() -> None:
    """Domain names in rules or vocabulary are those of networks that every site embeds, never of a publisher."""
    seeds = ["lebrief", "beurfm", "bonnifilms", "darmanin", "retailleau", "laftit"]
    files = [*(ROOT / "cleaners").rglob("*.py"), *(ROOT / "cleaners").rglob("*.toml")]
    assert [(f.name, s) for f in files for s in seeds if s in f.read_text(encoding="utf-8").casefold()] == []
