"""The index of full-text search."""
