-- Grain: one row per topic and source of its list, with how it was asked last and when it is next.
-- No key constraint, as in all tables of following a topic: rows are replaced within a transaction.
CREATE TABLE sources (
    topic VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    first_seen TIMESTAMP NOT NULL,
    visited_at TIMESTAMP NOT NULL,
    succeeded_at TIMESTAMP,
    news_at TIMESTAMP,
    due_at TIMESTAMP NOT NULL,
    poll_seconds DOUBLE NOT NULL,
    visits BIGINT NOT NULL,
    error_streak BIGINT NOT NULL,
    problem VARCHAR NOT NULL,
    listed BIGINT NOT NULL,
    chosen BIGINT NOT NULL,
    edition VARCHAR NOT NULL
);
COMMENT ON TABLE sources IS 'One row per topic and source that was asked for it; see the view sources_health.';
COMMENT ON COLUMN sources.source IS 'Short stable name: hash of kind, address and options';
COMMENT ON COLUMN sources.succeeded_at IS 'When it last answered, UTC';
COMMENT ON COLUMN sources.news_at IS 'When it last named an address that was new and worth fetching, UTC';
COMMENT ON COLUMN sources.due_at IS 'When it is asked next, UTC';
COMMENT ON COLUMN sources.poll_seconds IS 'Pause between two visits: shorter when it brings news, longer when it is silent or fails';
COMMENT ON COLUMN sources.error_streak IS 'Visits in a row that failed';
COMMENT ON COLUMN sources.problem IS 'What was wrong at the last visit, in words; empty where nothing was';
COMMENT ON COLUMN sources.listed IS 'Addresses it has named so far, each visit counted anew';
COMMENT ON COLUMN sources.chosen IS 'New addresses of it that were worth fetching so far';
COMMENT ON COLUMN sources.edition IS 'Edition of the topic that its titles were ranked by';
