-- Promise: one row per block that was removed from a clean document, with the rule that removed it.
CREATE OR REPLACE VIEW removals AS
SELECT b.document, d.title, d.site, b.block, b.label, b.rule, b.confidence, b.text, b.detail, b.kind, b.line
FROM blocks AS b
JOIN documents AS d ON d.document = b.document
WHERE b.label NOT IN ('content', 'title');
COMMENT ON VIEW removals IS 'One row per removed block: what was taken out of which document, by which rule.';
COMMENT ON COLUMN removals.label IS 'The kind of boilerplate it is';
COMMENT ON COLUMN removals.rule IS 'Stable dotted name of the rule that removed it';
COMMENT ON COLUMN removals.confidence IS 'How sure the verdict is, 0 to 1';
