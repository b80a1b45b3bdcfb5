"""A made-up press corpus of any size for measuring loads: Zipf's words, sites with templates, stock phrases, copies.

Stored documents are written straight into the tables, as their texts are never compared: what a load costs by
them is their rows. New documents and those that they copy are real texts, sketched and staged as a run does it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import accumulate

import duckdb
import pyarrow as pa

from tamis.cleaners import dedup
from tamis.cleaners.records import Block, CleanDocument, DateEvidence, Kind, Label, RawDocument, Verdict
from tamis.warehouse.loading import rows

Document = tuple[RawDocument, CleanDocument]

SITES = 400
PHRASES = 3_000
PARAGRAPHS, REMOVED = 9, 6  # of a page; with 5 paragraphs it has about 2.3 KB
SKETCH = 48  # rows of a stored document beside those of its template and its phrases
_LETTERS = "bcdfghjklmnprstvaeiouaeiouéè"


@dataclass(frozen=True)
class Corpus:
    """What all documents are made of; the same ``seed`` makes the same. ``copies`` is their share of new documents."""

    seed: int = 1
    length: int = PARAGRAPHS
    copies: float = 0.25

    @cached_property
    def words(self) -> tuple[list[str], list[float]]:
        """40,000 words with the running total of their frequencies."""
        chance = random.Random(self.seed)
        words = ["".join(chance.choices(_LETTERS, k=chance.randint(2, 9))) for _ in range(40_000)]
        return words, list(accumulate(1 / (rank + 3) for rank in range(len(words))))

    @cached_property
    def templates(self) -> list[str]:
        """What each site prints on all of its pages and no rule removed."""
        return [self.prose(random.Random(f"site {site}"), self.in_step(45)) for site in range(SITES)]

    @cached_property
    def phrases(self) -> list[str]:
        """Quotations, boilerplate of agencies and the like, the most frequent first."""
        return [self.prose(random.Random(f"phrase {phrase}"), self.in_step(22)) for phrase in range(PHRASES)]

    def in_step(self, words: int) -> int:
        """Passages that pages share are the same part of a page, however long pages are."""
        return words * self.length // PARAGRAPHS

    def prose(self, chance: random.Random, length: int) -> str:
        """Words that stand together nowhere else."""
        words, totals = self.words
        return " ".join(chance.choices(words, cum_weights=totals, k=length))

    def new(self, number: int, copied: int) -> Document:
        """New document ``number``; with the chance ``copies``, an edited, cut or plain copy of an original."""
        chance = random.Random(f"new {self.seed} {number}")
        paragraphs = [self.prose(chance, chance.randint(25, 75)) for _ in range(self.length)]
        if chance.random() < self.copies:
            paragraphs = self.paragraphs(chance.randrange(copied))
            edit = chance.randrange(3)
            if edit == 1:
                paragraphs = paragraphs[: self.length * 2 // 3]
            elif edit == 2:
                paragraphs[chance.randrange(self.length)] = self.prose(chance, 50)
        return self._page(f"new-{number}", paragraphs, chance)

    def original(self, number: int) -> Document:
        """Stored document that new ones copy."""
        return self._page(f"original-{number}", self.paragraphs(number), random.Random(f"original {number}"))

    def paragraphs(self, number: int) -> list[str]:
        """The text of an original."""
        chance = random.Random(f"text {number}")
        return [self.prose(chance, chance.randint(25, 75)) for _ in range(self.length)]

    def _page(self, name: str, paragraphs: list[str], chance: random.Random) -> Document:
        site = int(SITES * chance.random() ** 2)
        said = self.phrases[int(PHRASES * chance.random() ** 4)]
        kept = [*paragraphs[:3], said, *paragraphs[3:], self.templates[site]]
        removed = [self.prose(chance, 6) for _ in range(REMOVED)]
        url = f"https://s{site}.example/{name}"
        raw = RawDocument(body="\n".join([*removed, *kept]).encode(), source=name, url=url)
        blocks = tuple(Block(n, text, Kind.PARAGRAPH, n + 1) for n, text in enumerate([*removed, *kept]))
        verdicts = tuple(
            Verdict(n, Label.RELATED, "rule", 0.9) if n < REMOVED else Verdict(n, Label.CONTENT, "model", 0.9)
            for n in range(len(blocks))
        )
        day = DateEvidence(datetime(2026, 1, 1 + chance.randrange(28)), "day", None, "meta", 0.9)
        clean = CleanDocument(
            raw.key, "\n\n".join(kept), blocks, verdicts, title=name, published=day, language="fr", url=url,
            site=f"s{site}.example",
        )  # fmt: skip
        return raw, clean

    def store(self, con: duckdb.DuckDBPyConnection, start: int, number: int) -> None:
        """Writes documents ``start`` and the following straight into the tables of a warehouse."""
        con.execute("SELECT setseed(0.5)")
        if not con.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'shared'").fetchall():
            prose = [(n, self.prose(random.Random(f"stored {n}"), 800)) for n in range(2_000)]
            for name, found in {"shared": list(self._shared()), "prose": prose}.items():
                with rows.visible(con, "made", rows.of_tuples(_MADE[name], found)):
                    con.execute(f"CREATE TEMP TABLE {name} AS FROM made")
        con.execute(_STORED, {"start": start, "number": number, "sites": SITES, "phrases": PHRASES})
        for statement in _ROWS:
            con.execute(statement.replace("$sketch", str(SKETCH)).replace("$blocks", str(PARAGRAPHS + REMOVED + 2)))

    def _shared(self) -> Iterator[tuple[str, int, int]]:
        for kind, texts in (("template", self.templates), ("phrase", self.phrases)):
            for number, text in enumerate(texts):
                yield from ((kind, number, value) for value in dedup.sketch(text))


_MADE = {
    "shared": pa.schema({"kind": pa.string(), "number": pa.int64(), "hash": pa.uint64()}),
    "prose": pa.schema({"number": pa.int64(), "text": pa.string()}),
}
# A text longer than its shared passages is sampled at one in eight: of these, a third of the hashes of a short text.
_STORED = """
CREATE OR REPLACE TEMP TABLE stored AS
SELECT sha256('stored' || i) AS raw_key, left(sha256('stored' || i), 16) AS document,
    ($sites * random() ** 2) :: BIGINT % $sites AS site_number,
    ($phrases * random() ** 4) :: BIGINT % $phrases AS phrase,
    p.text[: 2000 + (random() * 2500) :: BIGINT] AS text
FROM range($start, $start + $number) AS r (i)
JOIN prose AS p ON p.number = i % 2000
"""
_ROWS = (
    """
    INSERT INTO raw_documents BY NAME
    SELECT raw_key, raw_key AS source, 'text/plain' AS media_type, MAP {} AS http, length(text) AS size,
        encode(text) AS body, 'stored' AS run, now() :: TIMESTAMP AS loaded_at
    FROM stored
    """,
    """
    INSERT INTO sketched_documents
    SELECT
        (SELECT coalesce(max(number), 0) FROM sketched_documents) + row_number() OVER (), document,
        's' || site_number || '.example', hash(text || document), md5_number_lower(document),
        $sketch + coalesce(len(t.hashes), 0) + coalesce(len(p.hashes), 0),
        list_sort(list_concat(
            list_transform(range($sketch), lambda n: hash(document || n) >> 3), coalesce(t.hashes, []),
            coalesce(p.hashes, [])
        ))
    FROM stored
    LEFT JOIN (
        SELECT number, list(hash) AS hashes FROM shared
        WHERE kind = 'template' AND hash < (1 :: UBIGINT << 61) GROUP BY number
    ) AS t ON t.number = site_number
    LEFT JOIN (
        SELECT number, list(hash) AS hashes FROM shared
        WHERE kind = 'phrase' AND hash < (1 :: UBIGINT << 61) GROUP BY number
    ) AS p ON p.number = phrase
    """,
    """
    INSERT INTO documents BY NAME
    SELECT document, raw_key, 'https://s' || site_number || '.example/' || document AS url,
        's' || site_number || '.example' AS site, document AS title, [] AS authors, DATE '2026-01-15' AS published_on,
        'fr' AS language, 500 AS words, text, length(text) AS compared_length, hash(text || document) AS text_hash,
        $sketch + 8 AS sketch_size, 'utf-8' AS charset, MAP {} AS versions, 'stored' AS run,
        now() :: TIMESTAMP AS judged_at
    FROM stored
    """,
    """
    INSERT INTO blocks
    SELECT document, n, substr(text, 1 + n * 150, 150), 'paragraph', n, false, 'content', 'model', 0.9, '',
        hash(document || n)
    FROM stored, range($blocks) AS r (n)
    """,
    "INSERT INTO memberships SELECT document, document, NULL, NULL, NULL FROM stored",
)
