-- Grain: one row per site and hash that at least 5 different texts of the site carry (its template), and one row
-- without a site per hash that more than 200 different texts of the whole warehouse carry (a stock phrase).
CREATE TABLE common_hashes (
    site VARCHAR,
    hash UBIGINT NOT NULL
);
COMMENT ON TABLE common_hashes IS 'Sketch hashes that say nothing about duplicates: templates of a site, stock phrases.';
COMMENT ON COLUMN common_hashes.site IS 'Site whose template it is; NULL for a stock phrase of the whole warehouse';
