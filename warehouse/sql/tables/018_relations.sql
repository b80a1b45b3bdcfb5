-- Grain: one row per document as before, with the agency it credits; one row per unordered pair of related
-- documents as before, with what each of the two has of its own.
ALTER TABLE documents ADD COLUMN IF NOT EXISTS agency VARCHAR;
COMMENT ON COLUMN documents.agency IS 'Wire service that it credits (AFP, Reuters, MAP); NULL where it credits none';
ALTER TABLE duplicate_pairs ADD COLUMN IF NOT EXISTS own BIGINT DEFAULT 0;
ALTER TABLE duplicate_pairs ADD COLUMN IF NOT EXISTS other_own BIGINT DEFAULT 0;
ALTER TABLE duplicate_pairs ADD COLUMN IF NOT EXISTS above BIGINT DEFAULT 0;
ALTER TABLE duplicate_pairs ADD COLUMN IF NOT EXISTS agency VARCHAR;
COMMENT ON COLUMN duplicate_pairs.relation IS 'exact (same words), version (same address, changed text), syndicated (a wire service''s text on two sites), near (same text edited or cut), contained (stands inside a longer, other text), update (each has news of its own)';
COMMENT ON COLUMN duplicate_pairs.own IS 'Words of the longest passage that only the shorter text has';
COMMENT ON COLUMN duplicate_pairs.other_own IS 'Words of the longest passage that only the longer text has';
COMMENT ON COLUMN duplicate_pairs.above IS 'Words of the longest passage that the longer text has above most of what they share';
COMMENT ON COLUMN duplicate_pairs.agency IS 'Wire service that the text comes from; NULL where none is credited';
