"""A local web that misbehaves, and what a fetcher must make of each misbehaviour."""
