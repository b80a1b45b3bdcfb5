"""What a person writes for a warehouse is a file or a lake; what is shown of it has no password."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.cleaners.errors import StopRun
from tamis.flows import settings
from tamis.warehouse.address import Lake, hide_secrets, parse, workplace

KEYWORDS = "dbname=tamis host=db"
URL = "postgresql://press:geheim@db/tamis"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("data/tamis.duckdb", Path("data/tamis.duckdb")),
        ("~/tamis.duckdb", Path.home() / "tamis.duckdb"),
        (Path("lake.duckdb"), Path("lake.duckdb")),
        (f"ducklake:postgres:{KEYWORDS}", Lake(KEYWORDS)),
        (f"ducklake:postgres:{KEYWORDS}?data=/shared/tamis/", Lake(KEYWORDS, "/shared/tamis")),
        (f"ducklake:postgres:{KEYWORDS}?data=s3://bucket/tamis", Lake(KEYWORDS, "s3://bucket/tamis")),
        (f"ducklake:postgres:{KEYWORDS} password='a?b'?data=/d", Lake(f"{KEYWORDS} password='a?b'", "/d")),
        (f"ducklake:postgres:{URL}", Lake(URL)),
        (f"ducklake:postgres:{URL}?sslmode=require&data=/d", Lake(f"{URL}?sslmode=require", "/d")),
        (Lake(KEYWORDS), Lake(KEYWORDS)),
    ],
    ids=str,
)
def test_an_address_is_a_file_or_a_lake(said: str | Path | Lake, meant: Path | Lake) -> None:
    assert parse(said) == meant


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ("ducklake:catalog.ducklake", "a lake has its catalog in PostgreSQL; write ducklake:postgres:dbname="),
        ("ducklake:sqlite:c.sqlite", "a lake has its catalog in PostgreSQL"),
        ("ducklake:mysql:host=db password=geheim", "a lake has its catalog in PostgreSQL"),
        ("ducklake:postgres:", "it names no database"),
        (f"ducklake:postgres:{KEYWORDS} password=geheim?data=shared", "every machine must find it"),
        (f"ducklake:postgres:{KEYWORDS}?data=", "every machine must find it"),
    ],
)
def test_what_is_no_address_is_said_with_the_remedy(said: str, remedy: str) -> None:
    with pytest.raises(StopRun) as error:
        parse(said)
    assert remedy in str(error.value)
    assert "geheim" not in str(error.value)


@given(secret=st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="'\\@/:")))
@pytest.mark.parametrize(
    "form",
    [
        "ducklake:postgres:host=db password={} dbname=x",
        "ducklake:postgres:host=db password = '{}' dbname=x",
        "ducklake:postgres:host=db password={}?data=/d",
        "ducklake:postgres:postgresql://press:{}@db/x",
        "ducklake:postgres:postgresql://db/x?user=press&password={}",
    ],
)
def test_no_password_is_ever_shown(form: str, secret: str) -> None:
    secret = f"geheim{secret}"
    address = parse(form.format(secret))
    assert str(address) == repr(address) == form.replace("'", "").format("***")
    assert "geheim" not in hide_secrets(f"cannot reach {form.format(secret)} now")


def test_a_lake_is_a_setting_like_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = f"ducklake:postgres:{KEYWORDS}?data=/shared"
    monkeypatch.setenv("TAMIS_WAREHOUSE", said)
    chosen = settings.load()
    assert chosen.warehouse == Lake(KEYWORDS, "/shared")
    assert pickle.loads(pickle.dumps(chosen)) == chosen
    monkeypatch.delenv("TAMIS_WAREHOUSE")
    (tmp_path / "tamis.toml").write_text(f'warehouse = "{said}"\n')
    assert settings.load().warehouse == Lake(KEYWORDS, "/shared")
    assert settings.load({"warehouse": "x.duckdb"}).warehouse == Path("x.duckdb")


def test_each_user_and_lake_has_a_workplace_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    assert workplace(Path("data/w.duckdb")) == Path("data/.w.duckdb.staging")
    assert workplace(Lake("a", "/d")) == workplace(Lake("a"))
    assert workplace(Lake("a")) != workplace(Lake("b"))
    assert str(os.getuid()) in str(workplace(Lake("a")))
