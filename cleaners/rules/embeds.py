"""Posts of social networks and players, as a dump leaves them: words, an address, a signature."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tamis.cleaners.page import Page
from tamis.cleaners.records import Label, Verdict

_SIGNATURE = re.compile(r"(?:[—–-]|&mdash;)\s?\S.{0,80}\(@\w{1,30}\)(?:\s.{0,40})?")
_POST_ADDRESS = re.compile(r"\b(?:pic\.twitter\.com|pic\.x\.com|t\.co)/\w+\s*$")
_HANDLE = re.compile(r"@\w{2,30}(?:\s*[·•|-].{0,40})?")
_PLAYER = re.compile(
    r"<?(?:https?://)?(?:www\.)?(?:youtube\.com/(?:watch|embed)|youtu\.be/|player\.vimeo\.com/|dailymotion\.com/"
    r"|(?:twitter|x)\.com/\w+/status/|instagram\.com/(?:p|reel)/|facebook\.com/\S+/(?:posts|videos)/|tiktok\.com/@)\S*>?",
    re.IGNORECASE,
)
_POSSIBLE = re.compile(r"[@/]")  # what every one of these forms has
_MAX_POST_WORDS = 80


def find(page: Page) -> Iterator[Verdict]:
    """Verdicts ``embed.*``: a signature with its handle, the post above it, lone handles and player addresses."""
    for block in page.open:
        if not _POSSIBLE.search(block.text):
            continue
        if _SIGNATURE.fullmatch(block.text):
            yield Verdict(block.index, Label.EMBED, "embed.signature")
            if block.index and _is_post(page, block.index - 1):
                yield Verdict(block.index - 1, Label.EMBED, "embed.post", 0.9, "signed by the block below")
        elif _POST_ADDRESS.search(block.text) and page.words[block.index] <= _MAX_POST_WORDS:
            yield Verdict(block.index, Label.EMBED, "embed.post", 0.95, "ends with the address of a post")
        elif _HANDLE.fullmatch(block.text):
            yield Verdict(block.index, Label.EMBED, "embed.handle", 0.9)
        elif _PLAYER.fullmatch(block.text):
            yield Verdict(block.index, Label.EMBED, "embed.address")


def _is_post(page: Page, index: int) -> bool:
    """Whether the block above a signature is the post: only where it says so, for it may be the article's own."""
    text = page.blocks[index].text
    return page.words[index] <= _MAX_POST_WORDS and bool(_POST_ADDRESS.search(text) or re.search(r"[#@]\w{2,}", text))
