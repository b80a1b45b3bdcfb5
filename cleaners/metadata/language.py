"""The language of a text, or None where there is too little of it."""

from __future__ import annotations

from functools import cache
from typing import Any

_MIN_LETTERS = 40
_MIN_CONFIDENCE, _SURE = 0.8, 0.99
_GLANCE, _SAMPLE = 300, 1_000


def find_language(text: str, declared: str | None = None) -> str | None:
    """ISO 639-1 code of the text's main language (py3langid's model), judged on its first 1,000 characters.

    Where the first few lines leave no doubt, or speak the very language that the page declares, no more are read.
    """
    if sum(map(str.isalpha, text[:_SAMPLE])) < _MIN_LETTERS:
        return None
    language, confidence = _identifier().classify(text[:_GLANCE])
    if confidence < (_MIN_CONFIDENCE if language == declared else _SURE):
        language, confidence = _identifier().classify(text[:_SAMPLE])
    return str(language) if confidence >= _MIN_CONFIDENCE else None


@cache
def _identifier() -> Any:  # py3langid has no types
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - a model to load, only when asked

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
