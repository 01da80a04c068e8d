"""Evidence in the source text: everything is escaped first, then the spans are marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

# A document longer than this is cut for show; a page of megabytes helps nobody.
MAX_SHOWN = 200_000


@dataclass(frozen=True)
class Span:
    """Where the evidence of a field stands in a document, as offsets into its text."""

    field: int
    start: int
    end: int
    doubtful: bool


@dataclass(frozen=True)
class MarkedText:
    """A text ready to show, and the id of the first mark of each field in it."""

    html: Markup
    marks: dict[int, str]
    cut: bool


def span_in(text: str, start: int, end: int, quote: str) -> tuple[int, int] | None:
    """Where a piece of evidence really stands; None when the text does not bear it out.

    A mark in the wrong place would make a clerk sure of something that is not there: offsets count only when
    the quoted words stand at them, or else where the quote stands exactly once.
    """
    if 0 <= start < end <= len(text) and (not quote or text[start:end] == quote):
        return start, end
    if quote and text.count(quote) == 1:
        found = text.index(quote)
        return found, found + len(quote)
    return None


def mark(text: str, spans: Sequence[Span], prefix: str) -> MarkedText:
    """Escape a text and mark its spans; where spans overlap, each piece belongs to all of them."""
    shown = text[:MAX_SHOWN]
    spans = [span for span in spans if span.end <= len(shown)]
    edges = sorted({0, len(shown), *(s.start for s in spans), *(s.end for s in spans)})
    parts: list[Markup] = []
    marks: dict[int, str] = {}
    for start, end in pairwise(edges):
        here = [span for span in spans if span.start <= start and end <= span.end]
        piece = escape(shown[start:end])
        if not here:
            parts.append(piece)
            continue
        mark_id = f"{prefix}-{start}"
        for span in here:
            marks.setdefault(span.field, mark_id)
        parts.append(
            Markup('<mark id="{}" class="{}" data-fields="{}">{}</mark>').format(
                mark_id,
                "doubt" if any(span.doubtful for span in here) else "sure",
                " ".join(str(span.field) for span in here),
                piece,
            )
        )
    return MarkedText(html=Markup("").join(parts), marks=marks, cut=len(text) > MAX_SHOWN)
