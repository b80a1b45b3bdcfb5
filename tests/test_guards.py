"""Habits that a reader relies on, kept by the tests: docstrings, folder READMEs, pure cleaners, honest packaging."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("cleaners", "warehouse", "flows")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
TOP_LEVEL = {
    "pyproject.toml", "README.md", "seeds", "flows", "cleaners", "warehouse", "tests",
    "Makefile", "prefect.yaml", "LICENSE", "CHANGELOG.md", "requirements.lock",
}  # fmt: skip


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


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_is_one_idea(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


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
