-- Grain: one row per decision of a person about a block of a document (document, block_hash, occurrence, decided_at).
-- Decisions of before were about all blocks of the same words, and stay so: occurrence is NULL.
ALTER TABLE decisions ADD COLUMN occurrence INTEGER;
COMMENT ON COLUMN decisions.occurrence IS 'Which of the blocks of these words in the page, from 1; NULL for all of them';
COMMENT ON COLUMN decisions.block_hash IS 'XXH3 of the text of the block, casefolded, white space squeezed: the block is known by what it says, with occurrence';
