"""The gate: written precedence, default deny, limits, autonomy."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderdesk.domain.findings import Finding, Severity
from orderdesk.policy.gate import LEVELS, GateInputs, decide, level_of
from orderdesk.policy.loader import load_policy
from orderdesk.policy.model import Policy

POLICY = load_policy()


def found(severity: Severity, *, hold: bool = False, code: str = "something", question: str = "") -> Finding:
    return Finding(
        code=code,
        severity=severity,
        hold=hold,
        path="lines[0].quantity",
        message=f"{severity} {code}{' hold' if hold else ''}",
        question=question or ("something" if severity == "clarify" else ""),
    )


def clean(**changes: Any) -> GateInputs:
    """A case that goes on by itself."""
    return GateInputs.model_validate(
        {
            "intent": "new_order",
            "confidence": 1.0,
            "customer_id": "C-1",
            "amount": "100.00",
            "currency": "EUR",
            "effects": ("book_order", "send_mail"),
            "question_address": "buyer@acme.example",
            "payload_hash": "sha256:1",
            **changes,
        }
    )


def disposition(findings: tuple[Finding, ...] = (), policy: Policy = POLICY, **changes: Any) -> str:
    return decide(clean(findings=findings, **changes), policy).disposition


REJECT, HOLD = found("reject"), found("approve", hold=True)
CLARIFY, APPROVE, INFO = found("clarify"), found("approve"), found("info")


def test_a_clean_order_goes_on_by_itself_and_is_bound_to_its_payload() -> None:
    decision = decide(clean(findings=(INFO,)), POLICY)
    assert decision.disposition == "auto"
    assert decision.approvals_needed == 0
    assert decision.payload_hash == "sha256:1"


def test_nothing_known_is_never_auto() -> None:
    decision = decide(GateInputs(), POLICY)
    assert decision.disposition == "approve"
    assert decision.review_kind == "handoff"
    assert decision.reasons


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ((REJECT, HOLD, CLARIFY, APPROVE), "refuse"),
        ((HOLD, CLARIFY, APPROVE), "approve"),
        ((CLARIFY, APPROVE, INFO), "ask_customer"),
        ((APPROVE, INFO), "approve"),
        ((INFO,), "auto"),
    ],
)
def test_the_written_precedence(findings: tuple[Finding, ...], expected: str) -> None:
    assert disposition(findings) == expected
    assert disposition(tuple(reversed(findings))) == expected


def test_a_hold_goes_to_a_manager_before_the_customer_is_asked() -> None:
    decision = decide(clean(findings=(CLARIFY, HOLD)), POLICY)
    assert decision.role == "manager"
    assert decision.reasons[0] == HOLD.message
    assert CLARIFY.message in decision.reasons


@pytest.mark.parametrize(
    "missing",
    [
        {"intent": None},
        {"confidence": None},
        {"customer_id": None},
        {"amount": None},
        {"currency": None},
        {"effects": ()},
        {"effects": ("send_mail",)},
        {"payload_hash": ""},
        {"missing": ("no ship-to address",)},
        {"intent": "quote_request"},
        {"intent": "change_order"},
        {"amount": "0.00"},
        {"currency": "XTS"},
        {"free_worded_reply": True},
    ],
)
def test_anything_missing_goes_to_a_person(missing: dict[str, Any]) -> None:
    decision = decide(clean(**missing), POLICY)
    assert decision.disposition == "approve"
    assert decision.approvals_needed >= 1
    assert decision.reasons


@pytest.mark.parametrize(("confidence", "expected"), [(0.9, "auto"), (0.899, "approve"), (0.0, "approve")])
def test_confidence_below_the_threshold_is_a_review_of_fields(confidence: float, expected: str) -> None:
    decision = decide(clean(confidence=confidence), POLICY)
    assert decision.disposition == expected
    if expected == "approve":
        assert decision.review_kind == "fields"
        assert "0.90" in decision.reasons[0]


@pytest.mark.parametrize(
    ("amount", "tier", "expected", "approvals"),
    [
        ("5000.00", "standard", "auto", 0),
        ("5000.01", "standard", "approve", 1),
        ("10000.00", "key", "auto", 0),
        ("10000.01", "key", "approve", 1),
        ("25000.00", "standard", "approve", 1),
        ("25000.01", "standard", "approve", 2),
        ("25000.01", "key", "approve", 2),
    ],
)
def test_value_limits(amount: str, tier: str, expected: str, approvals: int) -> None:
    decision = decide(clean(amount=amount, customer_tier=tier), POLICY)
    assert (decision.disposition, decision.approvals_needed) == (expected, approvals)
    if expected == "approve":
        assert decision.review_kind == "value"
        assert decision.role == "manager"


def test_a_small_order_that_needs_approval_is_a_clerks() -> None:
    assert decide(clean(findings=(APPROVE,)), POLICY).role == "clerk"


@pytest.mark.parametrize("autonomy", ["shadow", "assist"])
@pytest.mark.parametrize("findings", [(), (CLARIFY,), (APPROVE,), (HOLD,), (REJECT,)])
def test_shadow_and_assist_leave_everything_to_a_person(autonomy: str, findings: tuple[Finding, ...]) -> None:
    decision = decide(clean(findings=findings, customer_autonomy=autonomy), POLICY)
    assert decision.disposition == "approve"
    assert autonomy in decision.reasons[0]


def test_autonomy_of_the_customer_wins_over_the_workflows_and_that_over_the_default(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text('[autonomy]\ndefault = "shadow"\n[autonomy.workflows]\nnew_order = "assist"\n', "utf-8")
    policy = load_policy(file)
    assert policy.autonomy.resolve("other", None) == "shadow"
    assert policy.autonomy.resolve("new_order", None) == "assist"
    assert disposition((), policy) == "approve"
    assert disposition((), policy, customer_autonomy="auto") == "auto"


def test_a_message_that_is_no_order_is_filed() -> None:
    assert disposition((CLARIFY, APPROVE), not_an_order=True, intent="other") == "file"
    hidden = found("approve", hold=True, code="hidden_text")
    assert disposition((hidden,), not_an_order=True, intent="other") == "file"
    bank = found("approve", hold=True, code="bank_details_changed")
    assert disposition((bank,), not_an_order=True, intent="other") == "approve"
    assert disposition((hidden,)) == "approve"


@pytest.mark.parametrize("confidence", [None, 0.5])
def test_an_uncertain_no_order_is_not_filed_away(confidence: float | None) -> None:
    assert disposition((), not_an_order=True, confidence=confidence) == "approve"


def test_a_duplicate_is_answered_unless_it_is_held() -> None:
    assert disposition((CLARIFY, APPROVE), duplicate_of="SO-1") == "duplicate"
    assert disposition((HOLD,), duplicate_of="SO-1") == "approve"
    assert disposition((), duplicate_of="SO-1", customer_autonomy="assist") == "approve"
    assert disposition((), duplicate_of="SO-1", free_worded_reply=True) == "approve"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "ask_customer"),
        ({"question_address": ""}, "approve"),
        ({"question_rounds": 1}, "ask_customer"),
        ({"question_rounds": 2}, "approve"),
        ({"free_worded_reply": True}, "approve"),
        ({"intent": "change_order"}, "approve"),
    ],
)
def test_the_customer_is_asked_only_where_that_settles_it(changes: dict[str, Any], expected: str) -> None:
    assert disposition((CLARIFY,), **changes) == expected


def test_a_question_without_a_template_is_worded_by_a_person() -> None:
    silent = found("clarify").model_copy(update={"question": ""})
    decision = decide(clean(findings=(silent,)), POLICY)
    assert (decision.disposition, decision.review_kind) == ("approve", "fields")


def test_nothing_is_asked_about_lines_that_only_a_model_has_read() -> None:
    question = found("clarify", question="ambiguous_article")
    by_model = Finding(
        code="read_by_model_only", severity="approve", path="lines", message="Only a model read them."
    )
    header = by_model.model_copy(update={"path": "po_number"})
    assert disposition((question, header)) == "ask_customer"
    assert disposition((question, by_model)) == "approve"


def test_unknown_data_goes_on_unless_the_policy_requires_it(tmp_path: Path) -> None:
    unknown = found("info", code="data_unknown_credit")
    assert disposition((unknown,)) == "auto"
    file = tmp_path / "policy.toml"
    file.write_text('[booking]\nrequire_data = ["data_unknown_credit"]\n', "utf-8")
    assert disposition((unknown,), load_policy(file)) == "approve"
    assert disposition((found("info", code="data_unknown_stock"),), load_policy(file)) == "auto"


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"findings": (found("approve", code="purchase_above_limit"),)}, "purchase"),
        ({"findings": (found("approve", code="price_zero"),)}, "value"),
        ({"free_worded_reply": True}, "email"),
        ({"effects": (), "findings": (APPROVE,)}, "fields"),
        ({"effects": ()}, "handoff"),
        ({"intent": "quote_request"}, "handoff"),
        ({"customer_autonomy": "assist"}, "value"),
    ],
)
def test_the_review_shows_what_matters_first(changes: dict[str, Any], kind: str) -> None:
    assert decide(clean(**changes), POLICY).review_kind == kind


# ---- properties ---------------------------------------------------------------------------------------------

codes = st.sampled_from(["something", "hidden_text", "purchase_above_limit", "data_unknown_credit"])
findings = st.builds(
    found,
    st.sampled_from(["info", "clarify", "approve", "reject"]),
    hold=st.booleans(),
    code=codes,
)
inputs = st.builds(
    GateInputs,
    intent=st.sampled_from([None, "new_order", "quote_request", "other"]),
    not_an_order=st.booleans(),
    duplicate_of=st.sampled_from([None, "SO-1"]),
    findings=st.lists(findings, max_size=4).map(tuple),
    confidence=st.none() | st.floats(0, 1),
    customer_id=st.sampled_from([None, "C-1"]),
    customer_tier=st.sampled_from(["standard", "key"]),
    customer_autonomy=st.sampled_from([None, "auto", "assist", "shadow"]),
    amount=st.none() | st.decimals(-10, 100_000, places=2),
    currency=st.sampled_from([None, "EUR", "XTS"]),
    effects=st.sampled_from([(), ("book_order",), ("book_order", "send_mail"), ("send_mail",)]),
    missing=st.sampled_from([(), ("a ship-to",)]),
    question_address=st.sampled_from(["", "buyer@acme.example"]),
    question_rounds=st.integers(0, 3),
    free_worded_reply=st.booleans(),
    payload_hash=st.sampled_from(["", "sha256:1"]),
)


@given(case=inputs, more=findings)
def test_another_finding_never_lowers_the_precedence(case: GateInputs, more: Finding) -> None:
    before, _ = level_of(case, POLICY)
    after, _ = level_of(case.model_copy(update={"findings": (*case.findings, more)}), POLICY)
    assert LEVELS.index(after) <= LEVELS.index(before)


@given(case=inputs)
def test_nothing_but_notes_on_a_complete_case_is_ever_auto(case: GateInputs) -> None:
    decision = decide(case, POLICY)
    if decision.disposition != "auto":
        return
    assert all(finding.severity == "info" for finding in case.findings)
    assert case.intent == "new_order"
    assert case.confidence is not None
    assert case.confidence >= POLICY.confidence.auto_threshold
    assert case.customer_autonomy in (None, "auto")
    assert case.complete
    assert case.amount is not None
    assert Decimal(0) < case.amount <= 10_000
    assert not case.free_worded_reply
    assert decision.payload_hash


@given(case=inputs)
def test_every_decision_but_auto_says_why(case: GateInputs) -> None:
    decision = decide(case, POLICY)
    assert decision.reasons or decision.disposition == "auto"
    assert (decision.approvals_needed >= 1) == (decision.disposition == "approve")
