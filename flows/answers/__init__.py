"""How answers are written: for the eye, as files, as Markdown."""
