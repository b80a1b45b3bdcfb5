-- Holds: each raw document came with a run that is on record, and no run claims more documents than came with it.
SELECT coalesce(r.run, c.run) AS broken
FROM load_runs AS r
FULL JOIN (SELECT run, count(*) AS came FROM raw_documents GROUP BY run) AS c ON c.run = r.run
WHERE r.run IS NULL
OR coalesce(c.came, 0) < r.new
OR coalesce(c.came, 0) > r.new + coalesce(list_sum(map_values(r.rejected)), 0)
