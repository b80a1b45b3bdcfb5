-- Grain: one row per decision of a person about a block of a document (document, block_hash, decided_at). At most one
-- for a block stands; those that were withdrawn or superseded stay, with the moment.
CREATE TABLE decisions (
    document VARCHAR NOT NULL,
    block_hash UBIGINT NOT NULL,
    label VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    who VARCHAR NOT NULL,
    because VARCHAR NOT NULL,
    decided_at TIMESTAMP NOT NULL,
    withdrawn_at TIMESTAMP
);
COMMENT ON TABLE decisions IS 'One row per decision of a person to keep or drop a block; it outlasts every judging again.';
COMMENT ON COLUMN decisions.block_hash IS 'XXH3 of the text of the block, casefolded, white space squeezed: the block is known by what it says';
COMMENT ON COLUMN decisions.label IS 'content to keep it; to drop it, the kind of boilerplate it is';
COMMENT ON COLUMN decisions.text IS 'The block as it was when it was decided on';
COMMENT ON COLUMN decisions.who IS 'Who decided';
COMMENT ON COLUMN decisions.because IS 'Why, in words; may be empty';
COMMENT ON COLUMN decisions.decided_at IS 'When, UTC';
COMMENT ON COLUMN decisions.withdrawn_at IS 'When it was withdrawn or superseded, UTC; NULL where it stands';
