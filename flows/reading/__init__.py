"""Paths in, raw documents out."""
