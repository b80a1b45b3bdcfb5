-- Grain: one row per run that judged stored documents again and changed something.
CREATE TABLE reclean_runs (
    run VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    asked VARCHAR NOT NULL,
    judged_at TIMESTAMP NOT NULL,
    judged BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    rejected MAP(VARCHAR, BIGINT) NOT NULL,
    versions MAP(VARCHAR, VARCHAR) NOT NULL
);
COMMENT ON TABLE reclean_runs IS 'One row per run that judged stored documents again and changed something; see the view runs.';
COMMENT ON COLUMN reclean_runs.run IS 'Hash of the time, the documents and the versions';
COMMENT ON COLUMN reclean_runs.kind IS 'reclean (by the rules of the day) or decision (by a person)';
COMMENT ON COLUMN reclean_runs.asked IS 'Which documents were to be judged, as it was asked';
COMMENT ON COLUMN reclean_runs.judged IS 'Documents judged';
COMMENT ON COLUMN reclean_runs.changed IS 'Documents that stay documents and are another text, or the same with other verdicts or metadata';
COMMENT ON COLUMN reclean_runs.accepted IS 'Documents that had been rejected';
COMMENT ON COLUMN reclean_runs.rejected IS 'Documents that are rejected now, or for another reason, by reason';
