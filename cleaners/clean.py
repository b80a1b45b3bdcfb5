"""The whole way of one document: bytes, text, blocks, verdicts, clean document, or a rejection with its reason."""

from __future__ import annotations

from collections.abc import Set
from functools import cache
from hashlib import sha256
from importlib import resources
from importlib.metadata import version

from tamis.cleaners import __version__
from tamis.cleaners.assemble import assemble
from tamis.cleaners.blocks import cut
from tamis.cleaners.decisions import accepted, corrected, decided
from tamis.cleaners.decode import decode
from tamis.cleaners.errors import SkipDocument
from tamis.cleaners.html.extract import extract
from tamis.cleaners.html.metadata import PageMetadata
from tamis.cleaners.html.stamps import read_address
from tamis.cleaners.metadata.language import find_language
from tamis.cleaners.metadata.printed import printed_agency, printed_authors, printed_date, printed_title
from tamis.cleaners.normalise import normalise, printable
from tamis.cleaners.records import CleanDocument, DateEvidence, Decisions, RawDocument, Reason, Rejection
from tamis.cleaners.repeated import without_repeated
from tamis.cleaners.site import site_of
from tamis.cleaners.verdicts import Judgement, judge_dump, judge_html

MAX_BYTES = 5 * 1024 * 1024
"""Of 1,509 real news pages the largest was 2.9 MB."""

HTML = ("text/html", "application/xhtml+xml")
_MODELS = {
    "text.model": "tamis.cleaners.dumps",
    "text.net": "tamis.cleaners.dumps",
    "html.model": "tamis.cleaners.html",
}
_MIN_WORDS = 5
_IN_ADDRESS = 0.7
_NONE = Decisions()


def clean(
    raw: RawDocument, *, repeated: Set[int] = frozenset(), decisions: Decisions = _NONE
) -> CleanDocument | Rejection:
    """Clean one document. A bad one becomes a Rejection with its reason; nothing is raised for it.

    ``repeated`` are the hashes of blocks (``blockhash``) that its site is known to print on many pages;
    ``decisions`` are those of a person about this document and its blocks.
    """
    try:
        return _cleaned(raw, repeated, decisions)
    except SkipDocument as error:
        return Rejection(raw.key, error.reason, error.detail)


@cache
def versions() -> dict[str, str]:
    """What a verdict depends on: tamis, its models and the libraries that read pages, each with its version.

    A model's version is the beginning of its file's SHA-256.
    """
    libraries = {name: version(name) for name in ("trafilatura", "py3langid")}
    models = {
        name: sha256(resources.files(package).joinpath(name).read_bytes()).hexdigest()[:8]
        for name, package in _MODELS.items()
    }
    return {"tamis": __version__, **models, **libraries}


def _cleaned(raw: RawDocument, repeated: Set[int], decisions: Decisions) -> CleanDocument:
    if len(raw.body) > MAX_BYTES:
        detail = f"{len(raw.body):,} bytes, more than {MAX_BYTES:,}; split it into documents"
        raise SkipDocument(Reason.TOO_LARGE, detail)
    decoded = decode(raw.body, raw.http.get("content-type", raw.media_type))
    is_html = raw.media_type.partition(";")[0].strip().lower() in HTML
    stated, judgement = _read_html(decoded.text, raw.url, decisions) if is_html else _read_dump(decoded.text)
    page = judgement.page
    judged = accepted(page.blocks, judgement.verdicts) if decisions.accepted else judgement.verdicts
    verdicts = decided(page.blocks, judged, decisions.blocks)
    body = assemble(page.blocks, verdicts)
    if len(body.split()) < (1 if decisions.accepted else _MIN_WORDS):
        removed = sum(v.label.is_boilerplate for v in verdicts)
        detail = f"{len(body.split())} words are left of {len(verdicts)} blocks, {removed} of them boilerplate"
        raise SkipDocument(Reason.NO_TEXT, detail)
    own = decided(page.blocks, without_repeated(page.blocks, verdicts, repeated), decisions.blocks)
    text = body if own == verdicts else assemble(page.blocks, own)
    document = CleanDocument(
        raw_key=raw.key,
        text=text,
        compared_text=None if text == body else body,
        blocks=tuple(page.blocks),
        verdicts=own,
        title=_named(stated.title or printed_title(page, judgement.title)),
        authors=tuple(filter(None, map(printable, stated.authors or printed_authors(page, verdicts)))),
        published=stated.published or printed_date(page, verdicts, judgement.title) or _date_of_address(raw.url),
        language=find_language(body, stated.language) or stated.language,
        url=raw.url,
        site=site_of(raw.url) or stated.site,
        agency=_named(stated.agency or printed_agency(page, verdicts, body)),
        charset=decoded.charset,
        versions=versions(),
    )
    return corrected(document, decisions)


def _named(text: str | None) -> str | None:
    return printable(text) or None if text else None


def _read_dump(text: str) -> tuple[PageMetadata, Judgement]:
    return PageMetadata(), judge_dump(cut(normalise(text)))


def _read_html(html: str, url: str | None, decisions: Decisions) -> tuple[PageMetadata, Judgement]:
    extraction = extract(html, url)
    if extraction.refusal is not None and not decisions.accepted:
        raise SkipDocument(Reason(extraction.refusal.kind), extraction.refusal.detail)
    return extraction.metadata, judge_html(extraction)


def _date_of_address(url: str | None) -> DateEvidence | None:
    stamp = read_address(url) if url else None
    return DateEvidence(stamp.at, stamp.precision, stamp.zone, "url", _IN_ADDRESS) if stamp else None
