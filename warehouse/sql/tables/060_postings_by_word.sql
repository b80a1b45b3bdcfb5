-- Grain: one row per word and lot of documents (term, the first of numbers) in postings and recent_postings together,
-- per number that once was a document's in forgotten_numbers. Rows come in as recent ones and move on in
-- large lots, sorted by word: so that a search reads little of the table, and a load writes little to it.
-- What was indexed before has no places: those documents are indexed again by the next run (search.catch_up).
DROP TABLE postings;
DROP TABLE recent_postings;
DELETE FROM indexed_documents;
DELETE FROM words;
CREATE TABLE postings (
    term UBIGINT NOT NULL,
    numbers INTEGER[] NOT NULL,
    times UINTEGER[] NOT NULL,
    places UINTEGER[][] NOT NULL
);
COMMENT ON TABLE postings IS 'One row per word and lot of documents, in lots that are sorted by word.';
COMMENT ON COLUMN postings.term IS 'The word, as words.term';
COMMENT ON COLUMN postings.numbers IS 'The documents that have it, as indexed_documents.number, ascending; and some that are forgotten';
COMMENT ON COLUMN postings.times IS 'How often each of them has it, once in the title counting as three times';
COMMENT ON COLUMN postings.places IS 'Where each of them has it: words are counted from the title on, one number lies between it and the text';
CREATE TABLE recent_postings (
    term UBIGINT NOT NULL,
    numbers INTEGER[] NOT NULL,
    times UINTEGER[] NOT NULL,
    places UINTEGER[][] NOT NULL
);
COMMENT ON TABLE recent_postings IS 'Like postings: the rows that came last, until there are enough of them for a lot.';
CREATE TABLE forgotten_numbers (number INTEGER NOT NULL);
COMMENT ON TABLE forgotten_numbers IS 'Numbers of documents that search forgot, whose postings still lie there; no other document gets them.';
