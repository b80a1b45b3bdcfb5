-- Grain: one row per topic and address (in its comparable form): what is known of fetching it.
CREATE TABLE addresses (
    topic VARCHAR NOT NULL,
    address VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    score DOUBLE,
    terms VARCHAR[] NOT NULL,
    first_seen TIMESTAMP NOT NULL,
    status VARCHAR NOT NULL,
    http_status INTEGER,
    detail VARCHAR NOT NULL,
    asked_at TIMESTAMP,
    due_at TIMESTAMP,
    asked BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    unchanged BIGINT NOT NULL,
    validated_url VARCHAR,
    etag VARCHAR,
    last_modified VARCHAR,
    raw_key VARCHAR
);
COMMENT ON TABLE addresses IS 'One row per topic and address: pages that sources name by a title or that are worth fetching, and the sources.';
COMMENT ON COLUMN addresses.address IS 'One form for all ways of writing it: without fragment and tracking parameters';
COMMENT ON COLUMN addresses.role IS 'page, or source for the address of a feed or sitemap';
COMMENT ON COLUMN addresses.url IS 'As it is asked for';
COMMENT ON COLUMN addresses.source IS 'The source that named it first: sources.source';
COMMENT ON COLUMN addresses.title IS 'What the source calls it';
COMMENT ON COLUMN addresses.score IS 'How much its title is on topic, 0 to 1; NULL where nothing told before fetching';
COMMENT ON COLUMN addresses.terms IS 'The terms of the topic in its title and summary';
COMMENT ON COLUMN addresses.status IS 'waiting, fetched, unchanged, passed (its title is off topic), or why it gave no page';
COMMENT ON COLUMN addresses.asked_at IS 'When it was last asked for, UTC';
COMMENT ON COLUMN addresses.due_at IS 'When it is asked for next, UTC; NULL for never, unless its source says that it changed';
COMMENT ON COLUMN addresses.asked IS 'How often it was asked for';
COMMENT ON COLUMN addresses.failures IS 'Attempts in a row that gave no page';
COMMENT ON COLUMN addresses.unchanged IS 'Visits in a row that found nothing new in it';
COMMENT ON COLUMN addresses.validated_url IS 'Where the validators came from: after a redirect, the last address';
COMMENT ON COLUMN addresses.etag IS 'Sent back, so that an unchanged page is not sent again (RFC 9110)';
COMMENT ON COLUMN addresses.last_modified IS 'Sent back, as etag is';
COMMENT ON COLUMN addresses.raw_key IS 'The raw document that it gave last';
