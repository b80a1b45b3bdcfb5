"""By-lines, read to the last word or not at all."""

from __future__ import annotations

import pytest

from tamis.cleaners.bylines import is_name, read_byline

CASES = [
    ("25 avril 2024 à 15h05 par La rédaction", ("La rédaction",), "2024-04-25T15:05:00", None),
    ("Nadia Perrin - 12 juin 2023", ("Nadia Perrin",), "2023-06-12T00:00:00", None),
    ("Par Jean Dupont et Marie Durand", ("Jean Dupont", "Marie Durand"), None, None),
    ("Par Jean Dupont avec AFP", ("Jean Dupont", "AFP"), None, None),
    (
        "Publié le 3 mars 2024 à 10h00, mis à jour le 4 mars 2024",
        (),
        "2024-03-03T10:00:00",
        "2024-03-04T00:00:00",
    ),
    ("Mis à jour le 3 mai 2024", (), None, "2024-05-03T00:00:00"),
    ("Updated March 4, 2024 | Published March 3, 2024", (), "2024-03-03T00:00:00", "2024-03-04T00:00:00"),
    ("By Alice Turner, March 3, 2024", ("Alice Turner",), "2024-03-03T00:00:00", None),
    ("بقلم محمد العلوي", ("محمد العلوي",), None, None),
]


@pytest.mark.parametrize(("text", "authors", "published", "updated"), CASES, ids=[c[0] for c in CASES])
def test_a_byline_is_read(text: str, authors: tuple[str, ...], published: str | None, updated: str | None) -> None:
    byline = read_byline(text)
    assert byline is not None
    assert byline.authors == authors
    assert (byline.published.at.isoformat() if byline.published else None) == published
    assert (byline.updated.at.isoformat() if byline.updated else None) == updated


@pytest.mark.parametrize(
    "text",
    [
        "Par ailleurs",
        "Le ministre s’est rendu à Rabat le 22 avril 2024",
        "Laftit et Darmanin à Rabat, le 22 avril 2024.",
        "Attentats du 13 novembre 2015",
        "Hélène Roux",
        "14h30",
        "Par la suite, le maire a renoncé",
        "",
    ],
)
def test_anything_else_is_no_byline(text: str) -> None:
    assert read_byline(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hélène Roux", True),
        ("Jean-Luc de La Tour", True),
        ("Hélène", False),
        ("Le pont rouvre", False),
        ("Rue de", False),
    ],
)
def test_names_have_a_shape(text: str, *, expected: bool) -> None:
    assert is_name(text) is expected
