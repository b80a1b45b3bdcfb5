-- Grain: one row per site and block that stands on two or more of its pages (site, hash), whatever was judged of it.
CREATE TABLE site_blocks (
    site VARCHAR NOT NULL,
    hash UBIGINT NOT NULL,
    pages BIGINT NOT NULL,
    articles BIGINT NOT NULL,
    content DOUBLE NOT NULL,
    words BIGINT NOT NULL,
    sample VARCHAR NOT NULL,
    first_seen TIMESTAMP NOT NULL,
    last_seen TIMESTAMP NOT NULL,
    learnt_at TIMESTAMP
);
COMMENT ON TABLE site_blocks IS 'One row per site and block that it repeats; the view site_templates has those that are its template.';
COMMENT ON COLUMN site_blocks.hash IS 'The block, whatever its case and spacing; blocks.hash';
COMMENT ON COLUMN site_blocks.pages IS 'Addresses of the site that carry it; from 50 on, documents are added without another look';
COMMENT ON COLUMN site_blocks.articles IS 'The same, with copies and versions of one article counted once';
COMMENT ON COLUMN site_blocks.content IS 'Share of the pages on which it was surely judged content';
COMMENT ON COLUMN site_blocks.sample IS 'Its text, or the beginning of it';
COMMENT ON COLUMN site_blocks.first_seen IS 'When the first page with it was loaded, UTC';
COMMENT ON COLUMN site_blocks.last_seen IS 'When the last page with it was loaded, UTC';
COMMENT ON COLUMN site_blocks.learnt_at IS 'Since when it is the template of the site, UTC; NULL where it is not';
-- Grain: one row per site and block that a person has decided on (site, hash). It outlives what is learnt.
CREATE TABLE site_decisions (
    site VARCHAR NOT NULL,
    hash UBIGINT NOT NULL,
    decision VARCHAR NOT NULL,
    sample VARCHAR NOT NULL,
    decided_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE site_decisions IS 'One row per block of a site that a person has decided on.';
COMMENT ON COLUMN site_decisions.decision IS 'pinned (always template) or vetoed (never)';
ALTER TABLE blocks ADD COLUMN hash UBIGINT;
COMMENT ON COLUMN blocks.hash IS 'Hash of the text, whatever its case and spacing; NULL for documents that were loaded before it was kept';
