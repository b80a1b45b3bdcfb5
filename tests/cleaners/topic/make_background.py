"""Makes ``cleaners/topic/background.xz`` from the package wordfreq, which is needed for nothing else:

    pip install wordfreq==3.1.1
    PYTHONPATH=. python tests/cleaners/topic/make_background.py

The same version gives the same bytes. Words that fold to one are counted together; what is rarer than 2 in a
million is left out.
"""

from __future__ import annotations

from pathlib import Path

from tamis.cleaners.topic import background
from tamis.cleaners.topic.words import words
from tamis.cleaners.vocabulary import LANGUAGES

RAREST = 2e-6
TARGET = Path(background.__file__).with_name(background.FILE)


def frequencies(language: str) -> dict[str, float]:
    """The folded words of one language with their frequencies."""
    import wordfreq  # noqa: PLC0415 - only here

    folded: dict[str, float] = {}
    for word, frequency in wordfreq.get_frequency_dict(language, "large").items():
        if words(word) and word.isalpha():
            key = words(word)[0]
            folded[key] = folded.get(key, 0.0) + frequency
    return {word: frequency for word, frequency in folded.items() if frequency >= RAREST}


if __name__ == "__main__":
    TARGET.write_bytes(background.pack({language: frequencies(language) for language in LANGUAGES}))
    print(f"{TARGET}: {TARGET.stat().st_size:,} bytes")
