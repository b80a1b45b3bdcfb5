"""Finding the pairs and clusters of duplicates, and keeping them up to date."""
