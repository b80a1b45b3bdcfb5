"""A warehouse on a lake, against a real PostgreSQL."""
