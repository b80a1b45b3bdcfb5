-- Grain: one row per document that search knows in indexed_documents, per folded word and stem in words, per word and
-- document in postings and recent_postings together. Rows come in as recent ones and move on in large
-- lots, sorted by word: so that a search reads little of the table, and a load writes little to it.
CREATE TABLE indexed_documents (
    document VARCHAR NOT NULL,
    number INTEGER NOT NULL,
    length INTEGER NOT NULL
);
COMMENT ON TABLE indexed_documents IS 'One row per document that the macro search knows.';
COMMENT ON COLUMN indexed_documents.number IS 'What postings call it: short, so that they stay small';
COMMENT ON COLUMN indexed_documents.length IS 'Words of its text';
CREATE TABLE words (
    term UBIGINT NOT NULL,
    word VARCHAR NOT NULL,
    stem VARCHAR NOT NULL
);
COMMENT ON TABLE words IS 'One row per word and stem: words that share a stem are forms of one.';
COMMENT ON COLUMN words.term IS 'Hash of the word (XXH3, 64 bit), as postings have it';
COMMENT ON COLUMN words.word IS 'In lower case, without accents, as the macro folded writes it';
COMMENT ON COLUMN words.stem IS 'Language and stem, as fr:drogu; a word has one in each language that it was read in, some have several';
CREATE TABLE postings (
    term UBIGINT NOT NULL,
    number INTEGER NOT NULL,
    in_text USMALLINT NOT NULL,
    in_title USMALLINT NOT NULL
);
COMMENT ON TABLE postings IS 'One row per word and document, in lots that are sorted by word.';
COMMENT ON COLUMN postings.term IS 'The word, as words.term';
COMMENT ON COLUMN postings.number IS 'The document, as indexed_documents.number';
COMMENT ON COLUMN postings.in_text IS 'How often its text has the word';
COMMENT ON COLUMN postings.in_title IS 'How often its title has the word';
CREATE TABLE recent_postings (
    term UBIGINT NOT NULL,
    number INTEGER NOT NULL,
    in_text USMALLINT NOT NULL,
    in_title USMALLINT NOT NULL
);
COMMENT ON TABLE recent_postings IS 'Like postings: the rows that came last, until there are enough of them for a lot.';
