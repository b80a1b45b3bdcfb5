-- Grain: one row per document, block, rejection or relevance and edition of it that stands no longer: a copy of the row
-- with the moment until which it stood. What stood at a moment is what was judged by then and ended after it, or stands.
CREATE TABLE former_documents AS SELECT *, judged_at AS until, run AS ended_by FROM documents LIMIT 0;
COMMENT ON TABLE former_documents IS 'One row per document and edition that was replaced: what it was from judged_at until until.';
COMMENT ON COLUMN former_documents.judged_at IS 'Since when it stood, UTC';
COMMENT ON COLUMN former_documents.until IS 'Until when it stood, UTC';
COMMENT ON COLUMN former_documents.run IS 'The run that judged it so';
COMMENT ON COLUMN former_documents.ended_by IS 'The run that judged otherwise';
COMMENT ON COLUMN former_documents.versions IS 'Version of each part that made the text';

CREATE TABLE former_blocks AS SELECT b.*, d.judged_at AS until FROM blocks AS b JOIN documents AS d USING (document) LIMIT 0;
COMMENT ON TABLE former_blocks IS 'One row per block of a replaced edition of a document; document and until name the edition in former_documents.';
COMMENT ON COLUMN former_blocks.until IS 'Until when the edition stood, UTC';

CREATE TABLE former_rejections AS SELECT *, judged_at AS until, run AS ended_by FROM rejections LIMIT 0;
COMMENT ON TABLE former_rejections IS 'One row per rejection that was replaced, by another one or by a clean document.';
COMMENT ON COLUMN former_rejections.judged_at IS 'Since when it stood, UTC';
COMMENT ON COLUMN former_rejections.until IS 'Until when it stood, UTC';
COMMENT ON COLUMN former_rejections.ended_by IS 'The run that judged otherwise';

CREATE TABLE former_relevance AS SELECT *, judged_at AS until FROM relevance LIMIT 0;
COMMENT ON TABLE former_relevance IS 'One row per topic, document and judgement of its relevance that was replaced.';
COMMENT ON COLUMN former_relevance.judged_at IS 'Since when it stood, UTC';
COMMENT ON COLUMN former_relevance.until IS 'Until when it stood, UTC';
