"""The risk worker as a subgraph: duplicates, credit, unusual quantities, fraud signs, injection."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from langgraph.graph import StateGraph

from agents.pricing.worker import estimate_net
from agents.risk.contract import ExistingOrder, OrderedLine, RiskInput, SeenAttachment, SenderFacts
from agents.risk.worker import assess
from graphs.services import Services
from graphs.state import MessageFacts
from graphs.workers.base import WorkerGives, WorkerKeeps, build_worker
from graphs.workers.lookup import CheckTakes, Known, checked_facts
from graphs.workers.pricing import pricing_input
from orderdesk.domain.results import RiskResult
from orderdesk.intake.case_rows import SQL as CASES
from tools.order_system import OrderOnFile, orders_like


class RiskGives(WorkerGives, total=False):
    """What speaks against booking this order."""

    risk: RiskResult | None


class RiskState(CheckTakes, RiskGives, WorkerKeeps, total=False):
    """The risk worker's own state; it leaves no checkpoint."""


def build_risk(services: Services) -> StateGraph[Any, Any, Any, Any]:
    """The risk worker's graph over the given services."""

    async def gather(state: RiskState) -> RiskInput:
        known = await checked_facts(services, state)
        return await _risk_input(services, state, known)

    async def judge(given: RiskInput) -> dict[str, RiskResult]:
        found = assess(given, services.policy.for_customer(given.match.customer_id))
        exposure = given.credit_use.own_exposure if given.credit_use else None
        return {"risk": found.model_copy(update={"own_exposure": exposure})}

    return build_worker(
        "risk", state=RiskState, takes=CheckTakes, gives=RiskGives, gather=gather, judge=judge,
        about="Look for duplicates, credit trouble, unusual quantities, fraud signs and steering text.",
    )  # fmt: skip


async def _risk_input(services: Services, state: RiskState, known: Known) -> RiskInput:
    facts = state.get("facts") or MessageFacts()
    policy = services.policy.for_customer(known.match.customer_id)
    pricing = pricing_input(known)
    draft, match = known.draft, known.match
    since = known.business_date - timedelta(days=policy.duplicates.like_lines_days)
    message = {"message_id": state.get("message_id") or ""}
    hashes = {**message, "sha256": list(facts.document_hashes)}
    async with services.pool.connection() as connection:
        orders: list[OrderOnFile] = []
        if match.customer_id:
            orders = await orders_like(
                connection,
                case_id=state.get("case_id") or "",
                customer_id=match.customer_id,
                po_number=draft.po_number.value if draft.po_number else "",
                since=since,
                lines=[
                    (m.sku, m.base_quantity) for m in match.lines if m.sku and m.base_quantity is not None
                ],
            )
        texts = await (await connection.execute(CASES.free_texts, message)).fetchall()
        seen: list[dict[str, Any]] = []
        if facts.document_hashes:
            seen = await (await connection.execute(CASES.same_attachment, hashes)).fetchall()
    return RiskInput(
        draft=draft,
        match=match,
        products=known.facts.products,
        customer=known.facts.customer,
        phones_on_file=known.facts.customer.contact_phones if known.facts.customer else (),
        credit_use=known.facts.credit,
        estimated_net=estimate_net(pricing),
        history=known.facts.history,
        existing_orders=tuple(_existing(order) for order in orders),
        seen_attachments=tuple(SeenAttachment(**row) for row in seen),
        sender=SenderFacts(
            address=facts.sender.address,
            reply_to=facts.reply_to,
            phones=tuple(p for p in (draft.buyer.phone,) if p),
        ),
        message_findings=(*facts.findings, *draft.findings),
        texts=tuple(row["text"] for row in texts),
        business_date=known.business_date,
    )


def _existing(order: OrderOnFile) -> ExistingOrder:
    return ExistingOrder(
        order_number=order.order_number,
        po_number=order.po_number,
        order_date=order.order_date,
        ship_to_code=order.ship_to_code,
        lines=tuple(OrderedLine(sku=line.sku, base_quantity=line.base_quantity) for line in order.lines),
    )
