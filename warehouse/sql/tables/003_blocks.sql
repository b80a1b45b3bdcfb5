-- Grain: one row per block of a document (document, block), content and boilerplate alike, with its verdict.
CREATE TABLE blocks (
    document VARCHAR NOT NULL,
    block INTEGER NOT NULL,
    text VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    line INTEGER NOT NULL,
    blank_before BOOLEAN NOT NULL,
    label VARCHAR NOT NULL,
    rule VARCHAR NOT NULL,
    confidence DOUBLE NOT NULL,
    detail VARCHAR NOT NULL
);
COMMENT ON TABLE blocks IS 'One row per block of a document, kept or removed, with the verdict on it.';
COMMENT ON COLUMN blocks.block IS 'Place of the block in its page, from 0';
COMMENT ON COLUMN blocks.kind IS 'Form of the block: paragraph, heading, list_item, table, quote, caption, code, line';
COMMENT ON COLUMN blocks.line IS 'Line of the decoded source it begins on, from 1; 0 where there are no lines';
COMMENT ON COLUMN blocks.label IS 'content, title, or the kind of boilerplate it is';
COMMENT ON COLUMN blocks.rule IS 'Stable dotted name of the rule that judged it';
COMMENT ON COLUMN blocks.confidence IS 'How sure the verdict is, 0 to 1';
COMMENT ON COLUMN blocks.detail IS 'What the rule saw, in words';
