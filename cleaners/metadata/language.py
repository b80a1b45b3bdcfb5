"""The language of a text, or None where there is too little of it."""

from __future__ import annotations

from functools import cache
from typing import Any

_MIN_LETTERS = 40
_MIN_CONFIDENCE = 0.8
_GLANCE, _SAMPLE = 300, 1_000


def find_language(text: str, declared: str | None = None) -> str | None:
    """ISO 639-1 code of the text's main language (py3langid's model), judged on its first 1,000 characters.

    Where the page declares the very language that the first few lines speak, no more of them are read.
    """
    if sum(map(str.isalpha, text[:_SAMPLE])) < _MIN_LETTERS:
        return None
    for size in (_GLANCE, _SAMPLE) if declared else (_SAMPLE,):
        language, confidence = _identifier().classify(text[:size])
        if confidence >= _MIN_CONFIDENCE and (size == _SAMPLE or language == declared):
            return str(language)
    return None


@cache
def _identifier() -> Any:  # py3langid has no types
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - a model to load, only when asked

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
