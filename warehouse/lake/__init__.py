"""A warehouse on DuckLake, which several machines share."""
