-- Promise: one row per distinct load of documents, and per run that judged stored ones again and changed something; a
-- load that was repeated is counted, not added.
CREATE OR REPLACE VIEW runs AS
SELECT
    run, loaded_at, read, new, unchanged,
    coalesce(list_sum(map_values(rejected)), 0) :: BIGINT AS rejected,
    coalesce(list_sum(map_values(duplicates)), 0) :: BIGINT AS duplicates,
    coalesce(list_sum(map_values(removed)), 0) :: BIGINT AS blocks_removed,
    rejected AS rejected_by_reason,
    duplicates AS duplicates_by_relation,
    removed AS blocks_removed_by_label,
    versions, repeated, last_repeated_at, 'load' AS kind, 0 :: BIGINT AS changed, '' AS asked
FROM load_runs
UNION ALL
SELECT
    run, judged_at, judged, accepted,
    judged - changed - accepted - coalesce(list_sum(map_values(rejected)), 0) :: BIGINT,
    coalesce(list_sum(map_values(rejected)), 0) :: BIGINT, 0, 0, rejected, MAP {}, MAP {},
    versions, 0, NULL, kind, changed, asked
FROM reclean_runs;
COMMENT ON VIEW runs IS 'One row per distinct load or judging again: what was read, what came of it, by which versions.';
COMMENT ON COLUMN runs.run IS 'Hash of what was asked: the raw documents and the versions, and for judging again the time';
COMMENT ON COLUMN runs.loaded_at IS 'When it was loaded first, UTC';
COMMENT ON COLUMN runs.read IS 'Documents read: new, unchanged, changed and rejected ones together';
COMMENT ON COLUMN runs.new IS 'Documents that were not there, or stood rejected';
COMMENT ON COLUMN runs.unchanged IS 'Documents that were already there as they are';
COMMENT ON COLUMN runs.rejected IS 'Documents read that stand in rejections, whether since this run or before; of a judging again, those newly rejected';
COMMENT ON COLUMN runs.duplicates IS 'New documents that duplicate another one';
COMMENT ON COLUMN runs.blocks_removed IS 'Blocks removed from the new documents';
COMMENT ON COLUMN runs.repeated IS 'How often the same load was asked again';
COMMENT ON COLUMN runs.kind IS 'load, reclean (judged again by the rules of the day) or decision (of a person)';
COMMENT ON COLUMN runs.changed IS 'Documents whose text, metadata or verdicts changed';
COMMENT ON COLUMN runs.asked IS 'Which documents were to be judged again';
