"""HTML to text: trafilatura chooses the page's text, the same rules judge its blocks afterwards."""

from __future__ import annotations

import trafilatura

from cleaners.errors import SkipDocument
from cleaners.records import Reason


def html_to_text(html: str) -> str:
    """The page's text, one block a line, tables and lists as Markdown.

    Raises SkipDocument (``no_text``).
    """
    text = trafilatura.extract(
        html, output_format="markdown", include_comments=False, include_formatting=False, include_tables=True
    )
    if not text:
        raise SkipDocument(Reason.NO_TEXT, "no article text was found in the page")
    return str(text)
