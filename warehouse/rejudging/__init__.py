"""New verdicts in place of current ones; what stood before stays as history."""
