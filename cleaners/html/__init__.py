"""HTML pages: a guard against hostile markup, metadata with evidence, and the blocks a reader sees."""
