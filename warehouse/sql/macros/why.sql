-- Promise: why('19017c67') or why('page.html') lists what was removed from that document, in page order, with
-- rule, label and confidence, and what a person kept (rule person.keep, label content); for a document that was
-- rejected, its reason. What a person decided about the document as a whole has rows with the label by_hand: person.title
-- with the title as text, person.accepted with the reason that it outweighs. Takes the beginning of a key, or the name of the source file.
CREATE OR REPLACE MACRO why(doc) AS TABLE
WITH meant AS (
    SELECT raw_key, source
    FROM raw_documents
    WHERE starts_with(raw_key, lower(doc)) OR source = doc OR ends_with(source, '/' || doc)
)
SELECT
    b.document, b.block, b.label, b.rule, b.confidence, b.text, b.detail, m.source
FROM meant AS m
JOIN blocks AS b ON b.document = left(m.raw_key, 16)
WHERE b.label NOT IN ('content', 'title') OR b.rule = 'person.keep'
UNION ALL
SELECT
    left(x.raw_key, 16), NULL, 'rejected', x.reason, 1.0, NULL, x.detail, m.source
FROM meant AS m
JOIN rejections AS x ON x.raw_key = m.raw_key
UNION ALL
SELECT
    h.document, NULL, 'by_hand', 'person.' || h.field, 1.0, array_to_string(h.value, ', '),
    h.who || ', ' || strftime(h.decided_at, '%Y-%m-%d') || CASE WHEN h.because = '' THEN '' ELSE ': ' || h.because END,
    m.source
FROM meant AS m
JOIN document_decisions AS h ON h.document = left(m.raw_key, 16) AND h.withdrawn_at IS NULL
ORDER BY 1, 2;
