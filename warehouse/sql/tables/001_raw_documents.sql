-- Grain: one row per distinct raw document, by content address (SHA-256 of its bytes and URL). Append-only.
CREATE TABLE raw_documents (
    raw_key VARCHAR PRIMARY KEY,
    source VARCHAR NOT NULL,
    url VARCHAR,
    media_type VARCHAR NOT NULL,
    fetched_at TIMESTAMP,
    http MAP(VARCHAR, VARCHAR) NOT NULL,
    size BIGINT,
    body BLOB,
    run VARCHAR NOT NULL,
    loaded_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE raw_documents IS 'One row per distinct raw document, as it came. Never changed, never deleted.';
COMMENT ON COLUMN raw_documents.raw_key IS 'SHA-256 of the bytes and the URL, in hexadecimal';
COMMENT ON COLUMN raw_documents.source IS 'The file (with #id for a record in it) or address it first came from';
COMMENT ON COLUMN raw_documents.fetched_at IS 'When the page was fetched, UTC; NULL where nobody knows';
COMMENT ON COLUMN raw_documents.http IS 'Response headers of a fetched page';
COMMENT ON COLUMN raw_documents.size IS 'Bytes; NULL where the document could not be read at all';
COMMENT ON COLUMN raw_documents.body IS 'The bytes as they came; NULL only for a document that was not read (too large, unreadable)';
COMMENT ON COLUMN raw_documents.run IS 'The run that brought it first';
COMMENT ON COLUMN raw_documents.loaded_at IS 'When it was loaded, UTC';
