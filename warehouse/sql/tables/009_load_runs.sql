-- Grain: one row per distinct load: what was asked (raw keys) by which versions. The same load again adds no row.
CREATE TABLE load_runs (
    run VARCHAR PRIMARY KEY,
    loaded_at TIMESTAMP NOT NULL,
    read BIGINT NOT NULL,
    new BIGINT NOT NULL,
    unchanged BIGINT NOT NULL,
    rejected MAP(VARCHAR, BIGINT) NOT NULL,
    duplicates MAP(VARCHAR, BIGINT) NOT NULL,
    removed MAP(VARCHAR, BIGINT) NOT NULL,
    versions MAP(VARCHAR, VARCHAR) NOT NULL,
    repeated BIGINT NOT NULL DEFAULT 0,
    last_repeated_at TIMESTAMP
);
COMMENT ON TABLE load_runs IS 'One row per distinct load; see the view runs.';
