-- Grain: one row per raw document that could be cleaned (documents) or that could not (rejections), as before; each now
-- says when it was judged so. Their keys go: rows are replaced when documents are judged again, and a key constraint on
-- such a table costs half the speed of a load. raw_documents keeps its key, and the tests keep the grain.
CREATE TABLE rejudged AS
SELECT d.*, r.loaded_at AS judged_at FROM documents AS d JOIN raw_documents AS r ON r.raw_key = d.raw_key ORDER BY d.rowid;
DROP TABLE documents;
ALTER TABLE rejudged RENAME TO documents;
COMMENT ON TABLE documents IS 'One row per cleaned document, duplicates included; see the view articles for the canonical ones.';
COMMENT ON COLUMN documents.document IS 'Short stable name: the first 16 digits of raw_key';
COMMENT ON COLUMN documents.published_on IS 'Day of publication where it was published; NULL where the page does not say';
COMMENT ON COLUMN documents.published_at IS 'UTC where published_zone is known, else the wall clock as printed; midnight of published_on where published_precision is day';
COMMENT ON COLUMN documents.published_precision IS 'How exactly the date is known: day, minute or second';
COMMENT ON COLUMN documents.published_zone IS 'UTC offset that the page states (+02:00), else NULL';
COMMENT ON COLUMN documents.published_source IS 'Where the date was read: json-ld, meta, time, byline, url...';
COMMENT ON COLUMN documents.published_confidence IS 'How sure the date is, 0 to 1';
COMMENT ON COLUMN documents.language IS 'ISO 639-1 code of the text';
COMMENT ON COLUMN documents.agency IS 'Wire service that it credits (AFP, Reuters, MAP); NULL where it credits none';
COMMENT ON COLUMN documents.words IS 'Words of the clean text, parted by spaces';
COMMENT ON COLUMN documents.text IS 'The clean text, without the title';
COMMENT ON COLUMN documents.compared_text IS 'The text before blocks that its site repeats were taken out, on which duplicates are found; NULL where it is the same';
COMMENT ON COLUMN documents.compared_length IS 'Characters of the text on which duplicates are found';
COMMENT ON COLUMN documents.text_hash IS 'First 64 bits of the SHA-256 of the text on which duplicates are found: equal for equal texts';
COMMENT ON COLUMN documents.sketch_size IS 'Rows it has in sketches; few for a short text';
COMMENT ON COLUMN documents.versions IS 'Version of each part that made the text';
COMMENT ON COLUMN documents.run IS 'The run that judged it so';
COMMENT ON COLUMN documents.judged_at IS 'When it was judged so, UTC: since then this row stands';
ALTER TABLE documents ALTER COLUMN document SET NOT NULL;
ALTER TABLE documents ALTER COLUMN raw_key SET NOT NULL;
ALTER TABLE documents ALTER COLUMN text SET NOT NULL;
ALTER TABLE documents ALTER COLUMN run SET NOT NULL;
ALTER TABLE documents ALTER COLUMN judged_at SET NOT NULL;

CREATE TABLE rejudged AS
SELECT x.*, r.loaded_at AS judged_at FROM rejections AS x JOIN raw_documents AS r ON r.raw_key = x.raw_key ORDER BY x.rowid;
DROP TABLE rejections;
ALTER TABLE rejudged RENAME TO rejections;
COMMENT ON TABLE rejections IS 'One row per raw document that could not be cleaned, with the reason.';
COMMENT ON COLUMN rejections.reason IS 'Short stable name of the reason';
COMMENT ON COLUMN rejections.detail IS 'What was found, and what to do about it';
COMMENT ON COLUMN rejections.run IS 'The run that judged it so';
COMMENT ON COLUMN rejections.judged_at IS 'When it was judged so, UTC: since then this row stands';
ALTER TABLE rejections ALTER COLUMN raw_key SET NOT NULL;
ALTER TABLE rejections ALTER COLUMN reason SET NOT NULL;
ALTER TABLE rejections ALTER COLUMN detail SET NOT NULL;
ALTER TABLE rejections ALTER COLUMN run SET NOT NULL;
ALTER TABLE rejections ALTER COLUMN judged_at SET NOT NULL;
