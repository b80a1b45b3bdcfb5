-- Holds: each document belongs to one cluster, which is named by a member of its own.
SELECT document AS broken FROM documents ANTI JOIN memberships USING (document)
UNION ALL
SELECT cluster FROM memberships WHERE cluster NOT IN (SELECT document FROM memberships WHERE document = cluster)
