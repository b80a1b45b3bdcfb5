"""Following a topic: ask its sources, fetch what is worth it, keep what is on topic. No Prefect in here."""
