"""The lock file holds what pyproject.toml asks for: every requirement, at a version that it allows, with hashes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REQUIREMENTS = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+?)(?: ;.*)? \\$", re.MULTILINE)


def pins() -> dict[str, list[str]]:
    """The locked versions by name (several where they differ by platform or Python)."""
    found: dict[str, list[str]] = {}
    for name, version in PINNED.findall((ROOT / "requirements.lock").read_text(encoding="utf-8")):
        found.setdefault(canonical(name), []).append(version)
    return found


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("written", REQUIREMENTS)
def test_each_requirement_is_locked_at_a_version_it_allows(written: str) -> None:
    wanted = Requirement(written)
    versions = pins().get(canonical(wanted.name), [])
    assert versions, f"{wanted.name} is not in requirements.lock; run: make lock"
    assert [v for v in versions if not wanted.specifier.contains(v)] == [], "outside pyproject.toml; run: make lock"


def test_every_pin_has_a_hash() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[A-Za-z0-9])", text)
    assert [e.splitlines()[0] for e in entries if "==" in e.splitlines()[0] and "--hash=sha256:" not in e] == []
    assert len(pins()) > 50
