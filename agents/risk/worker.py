"""The risk worker: duplicates, credit, unusual quantities, fraud signs, what the message gives away. Pure."""

from __future__ import annotations

from agents.risk.contract import RiskInput
from agents.risk.credit import check_credit
from agents.risk.duplicates import check_duplicates
from agents.risk.fraud import check_fraud
from agents.risk.message import carried
from agents.risk.quantity import check_quantities
from orderdesk.domain.results import RiskResult
from orderdesk.policy.model import Policy


def assess(given: RiskInput, policy: Policy) -> RiskResult:
    """What speaks against booking this order as it stands.

    `policy` is the customer's own (`policy.for_customer`). An order that is already booked needs no credit and has
    no quantity of its own to wonder about, so a repeat is checked for fraud only.
    """
    duplicate_of, findings = check_duplicates(given, policy.duplicates, policy.booking)
    if duplicate_of is None:
        findings += check_credit(given, policy.credit)
        findings += check_quantities(given, policy.risk)
    signs, holds = check_fraud(given, policy.risk)
    findings += [*holds, *carried(given, policy.risk)]
    return RiskResult(duplicate_of=duplicate_of, signs=signs, findings=tuple(findings))
