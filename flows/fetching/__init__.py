"""Finding and fetching pages, politely and safely; nothing here knows Prefect or the warehouse."""
