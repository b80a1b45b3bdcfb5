"""Turns messy press pages into a clean, deduplicated, queryable corpus, and keeps on record what it removed."""
