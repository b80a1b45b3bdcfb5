"""Pure cleaning: bytes of a press page in, a clean document with a verdict for every block out."""

__version__ = "0.1.0"
