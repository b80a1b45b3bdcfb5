"""Orchestration and input/output: what reads, what runs, what writes."""
