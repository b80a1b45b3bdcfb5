-- Grain: one row per raw document that could be cleaned. The canonical ones among them are the view articles.
CREATE TABLE documents (
    document VARCHAR PRIMARY KEY,
    raw_key VARCHAR NOT NULL,
    url VARCHAR,
    site VARCHAR,
    title VARCHAR,
    authors VARCHAR[] NOT NULL,
    published_on DATE,
    published_at TIMESTAMP,
    published_precision VARCHAR,
    published_zone VARCHAR,
    published_source VARCHAR,
    published_confidence DOUBLE,
    language VARCHAR,
    words BIGINT NOT NULL,
    text VARCHAR NOT NULL,
    text_hash UBIGINT NOT NULL,
    sketch_size INTEGER NOT NULL,
    charset VARCHAR NOT NULL,
    versions MAP(VARCHAR, VARCHAR) NOT NULL,
    run VARCHAR NOT NULL
);
COMMENT ON TABLE documents IS 'One row per cleaned document, duplicates included; see the view articles for the canonical ones.';
COMMENT ON COLUMN documents.document IS 'Short stable name: the first 16 digits of raw_key';
COMMENT ON COLUMN documents.published_on IS 'Day of publication where it was published; NULL where the page does not say';
COMMENT ON COLUMN documents.published_at IS 'UTC where published_zone is known, else the wall clock as printed; midnight of published_on where published_precision is day';
COMMENT ON COLUMN documents.published_precision IS 'How exactly the date is known: day, minute or second';
COMMENT ON COLUMN documents.published_zone IS 'UTC offset that the page states (+02:00), else NULL';
COMMENT ON COLUMN documents.published_source IS 'Where the date was read: json-ld, meta, time, byline, url...';
COMMENT ON COLUMN documents.published_confidence IS 'How sure the date is, 0 to 1';
COMMENT ON COLUMN documents.language IS 'ISO 639-1 code of the text';
COMMENT ON COLUMN documents.words IS 'Words of the clean text, parted by spaces';
COMMENT ON COLUMN documents.text IS 'The clean text, without the title';
COMMENT ON COLUMN documents.text_hash IS 'First 64 bits of the SHA-256 of the text: equal for equal texts';
COMMENT ON COLUMN documents.sketch_size IS 'Rows it has in sketches; few for a short text';
COMMENT ON COLUMN documents.versions IS 'Version of each part that made the text';
