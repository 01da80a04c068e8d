"""Marked text is the text itself, escaped, whatever the spans; a mark stands only where the quote stands."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderdesk.desk.evidence import Span, mark, span_in

spans = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60), st.booleans()).map(
        lambda s: Span(field=s[0], start=min(s[:2]), end=max(s[:2]), doubtful=s[2])
    ),
    max_size=6,
)


@given(text=st.text(alphabet="<>&\"' ab\nü", max_size=60), spans=spans)
def test_nothing_is_lost_added_or_left_unescaped(text: str, spans: list[Span]) -> None:
    spans = [span for span in spans if span.start < span.end]
    html = str(mark(text, spans, "ev").html)
    bare = re.sub(r'<mark id="ev-\d+" class="(doubt|sure)" data-fields="[\d ]+">|</mark>', "", html)
    assert "<" not in bare
    assert unescape(bare) == text


@given(text=st.text(alphabet="<&ab ", min_size=10, max_size=60), spans=spans)
def test_every_span_has_a_mark_to_jump_to(text: str, spans: list[Span]) -> None:
    spans = [span for span in spans if span.start < span.end <= len(text)]
    marked = mark(text, spans, "ev")
    ids = re.findall(r'<mark id="([^"]+)"', marked.html)
    assert len(set(ids)) == len(ids)
    assert {span.field for span in spans} == set(marked.marks)
    assert set(marked.marks.values()) <= set(ids)


@pytest.mark.parametrize(
    ("start", "end", "quote", "place"),
    [
        (5, 13, "40 boxes", (5, 13)),
        (0, 8, "40 boxes", (5, 13)),  # wrong offsets, but the words stand there once
        (-1, -1, "40 boxes", (5, 13)),
        (0, 8, "50 boxes", None),  # words that are not in the text
        (18, 99, "", None),
        (5, 5, "", None),
        (-1, -1, "e", None),  # stands in several places: nobody knows which is meant
    ],
)
def test_a_place_counts_only_where_the_quote_stands(
    start: int, end: int, quote: str, place: tuple[int, int] | None
) -> None:
    assert span_in("Send 40 boxes please", start, end, quote) == place


def test_a_very_long_text_is_cut() -> None:
    marked = mark("a" * 300_000, [Span(0, 299_999, 300_000, True)], "ev")
    assert marked.cut
    assert marked.marks == {}
    assert len(marked.html) < 210_000
