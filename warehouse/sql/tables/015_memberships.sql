-- Grain: one row per document, with the cluster of duplicates it belongs to (itself alone, if it has none). The name
-- clusters is now the view's, which has one row a cluster.
ALTER TABLE clusters RENAME TO memberships;
