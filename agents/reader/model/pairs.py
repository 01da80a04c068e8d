"""Which line of the model is which line of the rules: by where they stand, then by part number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from agents.reader.model.evidence import CheckedLine
from orderdesk.domain.evidence import Evidence
from orderdesk.domain.orders import ArticleRef, DraftLine


class Pairs(NamedTuple):
    """Indexes into the rules' lines and the model's."""

    both: dict[int, int]
    only_rules: list[int]
    only_model: list[int]


def pair(rules: Sequence[DraftLine], model: Sequence[CheckedLine]) -> Pairs:
    """Each line at most once: same place and number first, then the same place, then the same number.

    Within each of these, the same quantity goes before another one, and then the order of the lines counts.
    """
    spans = [_spans(line) for line in rules]
    parts = [parts_of(line.article.value) for line in rules]
    ranked: list[tuple[int, int, int, int]] = []
    for m, theirs in enumerate(model):
        number = compact(theirs.part.value) if theirs.part else ""
        for r, line in enumerate(rules):
            here = any(_overlap(span, theirs.evidence) for span in spans[r])
            same = bool(number) and number in parts[r]
            if here or same:
                rank = 0 if here and same else 1 if here else 2
                ranked.append((rank, 0 if _same_quantity(line, theirs) else 1, r, m))
    both: dict[int, int] = {}
    used: set[int] = set()
    for _, _, r, m in sorted(ranked):
        if r not in both and m not in used:
            both[r] = m
            used.add(m)
    return Pairs(
        both, [r for r in range(len(rules)) if r not in both], [m for m in range(len(model)) if m not in used]
    )


def parts_of(ref: ArticleRef) -> set[str]:
    """Every number of an article, for comparison."""
    numbers = (ref.part, ref.seller_part, ref.buyer_part, ref.gtin, ref.manufacturer_part)
    return {compact(n) for n in numbers if n}


def compact(number: str) -> str:
    """A part or order number for comparison: letters and digits, upper case."""
    return "".join(c for c in number.upper() if c.isalnum())


def _spans(line: DraftLine) -> list[Evidence]:
    stated = (line.article, line.quantity)
    return [s.evidence for s in stated if s and s.evidence and s.evidence.start >= 0]


def _overlap(left: Evidence, right: Evidence) -> bool:
    return left.document_id == right.document_id and left.start < right.end and right.start < left.end


def _same_quantity(left: DraftLine, right: CheckedLine) -> bool:
    return bool(left.quantity and right.quantity and left.quantity.value == right.quantity.value)
