"""Which article is meant is asked first: what follows from a model's choice is not asked of the customer."""

from __future__ import annotations

from decimal import Decimal

import pytest

from agents.correspondent.contract import CorrespondentInput
from agents.correspondent.rules import propose_reply
from orderdesk.domain.evidence import Stated
from orderdesk.domain.findings import Finding
from orderdesk.domain.orders import ArticleRef, DraftLine, OrderDraft
from orderdesk.domain.results import LineMatch, MatchMethod, MatchResult


def asked(codes: dict[str, str], method: MatchMethod) -> int:
    """How many questions stand in the letter; `codes`: finding code -> path. The second line is `method`'s."""
    lines = tuple(
        DraftLine(line_number=n, article=Stated(value=ArticleRef(description="nut")), quantity=Stated(value=Decimal(2)))
        for n in (1, 2)
    )  # fmt: skip
    matches = (
        LineMatch(line_index=0, sku="A-1", method="sku", confidence=1.0),
        LineMatch(line_index=1, sku="A-2", method=method, confidence=0.6),
    )
    findings = tuple(
        Finding(code=code, severity="clarify", path=path, message="m", question=code)
        for code, path in codes.items()
    )
    given = CorrespondentInput(
        kind="question",
        case_id="c",
        draft=OrderDraft(intent=Stated(value="new_order"), language="en", lines=lines),
        match=MatchResult(lines=matches),
        findings=findings,
    )
    return len(propose_reply(given).questions)


ARTICLE = {"ambiguous_article": "lines[1].article"}


@pytest.mark.parametrize(
    ("code", "path", "more"),
    [
        ("price_too_low", "lines[1].unit_price", 0),
        ("price_too_low", "lines[0].unit_price", 1),
        ("ship_complete_short", "lines[1].quantity", 0),
        ("order_below_minimum", "lines", 0),
        ("date_before_lead_time", "requested_date", 0),
        ("quantity_missing", "lines[1].quantity", 1),
        ("currency_mismatch", "currency", 1),
        ("requested_date_past", "requested_date", 1),
    ],
)
def test_what_rests_on_a_models_article_waits(code: str, path: str, more: int) -> None:
    assert asked({**ARTICLE, code: path}, "model") == 1 + more
    assert asked({**ARTICLE, code: path}, "fuzzy") == 2
