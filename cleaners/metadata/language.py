"""The language of a text, or None where there is too little of it."""

from __future__ import annotations

from functools import cache
from typing import Any

_MIN_LETTERS = 40
_MIN_CONFIDENCE = 0.8
_SAMPLE = 1_000


def find_language(text: str) -> str | None:
    """ISO 639-1 code of the text's main language (py3langid's model), judged on its first 1,000 characters."""
    sample = text[:_SAMPLE]
    if sum(c.isalpha() for c in sample) < _MIN_LETTERS:
        return None
    language, confidence = _identifier().classify(sample)
    return str(language) if confidence >= _MIN_CONFIDENCE else None


@cache
def _identifier() -> Any:  # py3langid has no types
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - a model to load, only when asked

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
