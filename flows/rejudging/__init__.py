"""Stored documents judged again, by today's rules or by a person."""
