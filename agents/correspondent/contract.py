"""What the correspondent is given: everything decided so far; it hands back a Reply and sends nothing."""

from __future__ import annotations

from pydantic import Field

from orderdesk.domain.base import Value
from orderdesk.domain.documents import Sender
from orderdesk.domain.findings import Finding
from orderdesk.domain.master import Customer
from orderdesk.domain.orders import OrderDraft
from orderdesk.domain.results import MatchResult, PricingResult, Proposal, ReplyKind, SupplyResult


class CorrespondentInput(Value):
    """A case as far as it has come, and who wrote it."""

    kind: ReplyKind = Field(
        description="what the resolved precedence calls for; a hint, see rules.reply_kind"
    )
    case_id: str
    draft: OrderDraft
    match: MatchResult = MatchResult()
    pricing: PricingResult = PricingResult()
    supply: SupplyResult = SupplyResult()
    proposal: Proposal = Proposal()
    findings: tuple[Finding, ...] = Field(default=(), description="of the message and of every worker")
    duplicate_of: str | None = Field(default=None, description="the existing order number this repeats")
    customer: Customer | None = None
    sender: Sender = Field(default=Sender(), description="who the message says it is from; empty for files")
    subject: str = Field(default="", description="of the customer's message")
    company_name: str = Field(default="", description="how we sign; empty = no name under the letter")
    default_language: str = Field(default="en", description="policy [replies]: where nothing tells another")
    freemail_domains: frozenset[str] = Field(
        default=frozenset(), description="domains anyone can have an address at, beside the best known ones"
    )
