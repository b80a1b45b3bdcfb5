"""What full-text search knows of a text: its words folded and counted, and the stems that tie their forms together.

wording(title, text, language)   the counted words of a document, ready to be staged
"""

from tamis.cleaners.search.wording import wording

__all__ = ["wording"]
