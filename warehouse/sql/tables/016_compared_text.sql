-- Grain: one row per raw document that could be cleaned, as before. Duplicates are found on the text as it was before
-- site memory took repeated blocks out of it, so that what was learnt when changes no cluster.
ALTER TABLE documents ADD COLUMN compared_text VARCHAR;
ALTER TABLE documents ADD COLUMN compared_length BIGINT;
UPDATE documents SET compared_length = length(text);
COMMENT ON COLUMN documents.compared_text IS 'The text before blocks that its site repeats were taken out, on which duplicates are found; NULL where it is the same';
COMMENT ON COLUMN documents.compared_length IS 'Characters of the text on which duplicates are found';
COMMENT ON COLUMN documents.text_hash IS 'First 64 bits of the SHA-256 of the text on which duplicates are found: equal for equal texts';
