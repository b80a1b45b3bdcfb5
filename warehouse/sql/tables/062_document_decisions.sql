-- Grain: one row per decision of a person about a document as a whole (document, field, decided_at). At most one of a
-- field stands; those that were withdrawn or superseded stay, with the moment.
CREATE TABLE document_decisions (
    document VARCHAR NOT NULL,
    field VARCHAR NOT NULL,
    value VARCHAR[] NOT NULL,
    who VARCHAR NOT NULL,
    because VARCHAR NOT NULL,
    decided_at TIMESTAMP NOT NULL,
    withdrawn_at TIMESTAMP
);
COMMENT ON TABLE document_decisions IS 'One row per decision of a person to accept a rejected document or to correct its metadata; it outlasts every judging again.';
COMMENT ON COLUMN document_decisions.field IS 'accepted, title, authors or published';
COMMENT ON COLUMN document_decisions.value IS 'The title; the authors; the day (YYYY-MM-DD); for accepted, the reason of the rejection that it outweighs';
COMMENT ON COLUMN document_decisions.who IS 'Who decided';
COMMENT ON COLUMN document_decisions.because IS 'Why, in words; may be empty';
COMMENT ON COLUMN document_decisions.decided_at IS 'When, UTC';
COMMENT ON COLUMN document_decisions.withdrawn_at IS 'When it was withdrawn or superseded, UTC; NULL where it stands';
