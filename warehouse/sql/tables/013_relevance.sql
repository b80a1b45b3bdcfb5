-- Grain: one row per topic and document that was judged against it.
CREATE TABLE relevance (
    topic VARCHAR NOT NULL,
    document VARCHAR NOT NULL,
    score DOUBLE NOT NULL,
    threshold DOUBLE NOT NULL,
    on_topic BOOLEAN NOT NULL,
    terms VARCHAR[] NOT NULL,
    missing VARCHAR[] NOT NULL,
    judged_at TIMESTAMP NOT NULL,
    edition VARCHAR NOT NULL
);
COMMENT ON TABLE relevance IS 'One row per topic and document that was judged against it, with the evidence.';
COMMENT ON COLUMN relevance.score IS 'How much the text is on topic, 0 to 1';
COMMENT ON COLUMN relevance.threshold IS 'The score from which a text is on topic';
COMMENT ON COLUMN relevance.terms IS 'The terms of the topic that stand in the title and text';
COMMENT ON COLUMN relevance.missing IS 'Groups of the topic that no term was found for';
COMMENT ON COLUMN relevance.edition IS 'Edition of the topic that it was judged by';
