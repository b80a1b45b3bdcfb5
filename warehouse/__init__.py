"""Where documents live: one DuckDB file, its tables, views and macros."""
