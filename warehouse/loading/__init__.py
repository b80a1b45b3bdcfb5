"""Cleaned batches on their way into the tables."""
