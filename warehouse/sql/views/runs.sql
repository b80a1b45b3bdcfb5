-- Promise: one row per distinct load of documents; a load that was repeated is counted, not added.
CREATE OR REPLACE VIEW runs AS
SELECT
    run, loaded_at, read, new, unchanged,
    coalesce(list_sum(map_values(rejected)), 0) :: BIGINT AS rejected,
    coalesce(list_sum(map_values(duplicates)), 0) :: BIGINT AS duplicates,
    coalesce(list_sum(map_values(removed)), 0) :: BIGINT AS blocks_removed,
    rejected AS rejected_by_reason,
    duplicates AS duplicates_by_relation,
    removed AS blocks_removed_by_label,
    versions, repeated, last_repeated_at
FROM load_runs;
COMMENT ON VIEW runs IS 'One row per distinct load: what was read, what came of it, by which versions.';
COMMENT ON COLUMN runs.run IS 'Hash of what was asked: the raw documents and the versions, no clock in it';
COMMENT ON COLUMN runs.loaded_at IS 'When it was loaded first, UTC';
COMMENT ON COLUMN runs.read IS 'Documents read: new, unchanged and rejected ones together';
COMMENT ON COLUMN runs.unchanged IS 'Clean documents that were already there';
COMMENT ON COLUMN runs.rejected IS 'Documents read that stand in rejections, whether since this run or before';
COMMENT ON COLUMN runs.duplicates IS 'New documents that duplicate another one';
COMMENT ON COLUMN runs.blocks_removed IS 'Blocks removed from the new documents';
COMMENT ON COLUMN runs.repeated IS 'How often the same load was asked again';
