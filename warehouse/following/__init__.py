"""What following a topic remembers between runs."""
