"""The state of a case: small, typed, JSON-friendly, versioned; documents and logs stay in tables."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from orderdesk.domain.base import Value
from orderdesk.domain.documents import Sender
from orderdesk.domain.findings import Finding, worst
from orderdesk.domain.orders import Intent, OrderDraft
from orderdesk.domain.results import (
    GateDecision,
    MatchResult,
    Outcome,
    PricingResult,
    Proposal,
    Reply,
    ReplyKind,
    RiskResult,
    SupplyResult,
)

# Raised whenever the version before could not go on with a thread saved by this one, or this one with its threads.
STATE_VERSION = 1
# The oldest version whose threads today's code still goes on with; tests/integration/upgrades holds some of each.
OLDEST_STATE_VERSION = 1

# What perform is asked to do; chosen by the gate, or by a person's decision.
Action = Literal["book", "ask", "refuse", "duplicate", "file", "reject", "agree"]


def merged(old: dict[str, Any] | None, new: dict[str, Any] | None) -> dict[str, Any]:
    """Reducer: entries are added to what is there; None starts over."""
    return {} if new is None else {**(old or {}), **new}


class InboundAttachment(Value):
    """A file that came with a message."""

    name: str = Field(description="file name, with its ending")
    content_base64: str = Field(description="the file's bytes, base64")


class InboundMessage(Value):
    """A message as an API client hands it in."""

    sender: str = Field(default="", description="e-mail address of who sent it")
    subject: str = ""
    text: str = Field(default="", description="the body, as plain text")
    attachments: tuple[InboundAttachment, ...] = ()


class MessageFacts(Value):
    """What the envelope says, and what the readers noticed beside the order itself."""

    sender: Sender = Sender()
    reply_to: str = ""
    subject: str = ""
    message_id: str = Field(default="", description="the Message-ID header, for answers")
    automatic: str = ""
    received_at: datetime | None = None
    document_hashes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


class Replies(Value):
    """The answers that could be given; which one is sent follows from what is decided."""

    options: tuple[Reply, ...] = ()

    def of(self, kind: ReplyKind) -> Reply:
        """The answer of a kind; an empty one where there is none."""
        return next((r for r in self.options if r.kind == kind), Reply())


class PersonsEdit(Value):
    """An edit a person made: it counts as their approval if nothing new comes up because of it."""

    decision_id: str
    actor: str
    role: str
    seen: tuple[str, ...] = Field(default=(), description="findings they were shown, as code@path")


class Unfinished(Value):
    """A worker's "I can't complete this": why, and what is needed for the case to go on."""

    why: str = Field(description="for a clerk: what stands in the way")
    needed: str = Field(default="", description="what a person has to do; '' = what any hand-off needs")
    fault: bool = Field(default=False, description="nobody foresaw it: a fault of the program, to be mended")


class DeskInput(TypedDict, total=False):
    """Input of the order desk: a text, a message, or (from the desk itself) the id of a stored case."""

    text: Annotated[
        str | None, Field(description="An order as plain text, the way a customer would write it")
    ]
    message: Annotated[InboundMessage | None, Field(description="A message with sender and attachments")]
    case_id: Annotated[str | None, Field(description="A case that is stored already (used by the desk)")]


class DeskOutput(TypedDict, total=False):
    """The case, as `orderdesk process --json` prints it."""

    source: str | None
    case_id: str | None
    intent: Intent | None
    outcome: Outcome | None
    order_number: str | None
    customer_id: str | None
    po_number: str | None
    po_date: str | None
    requested_date: str | None
    ship_to_code: str | None
    currency: str | None
    lines: list[dict[str, Any]]
    net_total: str | None
    confidence: float | None
    findings: list[dict[str, Any]]
    questions: list[str]
    review: dict[str, Any] | None
    model_calls: int
    tokens_in: int
    tokens_out: int
    cost_usd: str | None
    latency_ms: int | None
    steps: int | None
    checkpoints: int | None


class DeskState(DeskInput, DeskOutput, total=False):
    """Everything a case knows between two steps. Parallel workers write keys of their own."""

    version: Annotated[int, Field(description="version of this state's shape")]
    message_id: str
    position: int
    business_date: date
    facts: MessageFacts
    answers: Annotated[int, Field(description="answers of the customer that have been read")]
    rounds: Annotated[int, Field(description="times the customer was asked")]

    draft: OrderDraft | None
    match: MatchResult | None
    pricing: PricingResult | None
    supply: SupplyResult | None
    risk: RiskResult | None
    proposal: Proposal | None
    replies: Replies | None

    decision: GateDecision | None
    action: Action | None
    approval: Annotated[str, Field(description="'policy', or the id of the decision that allows the effects")]
    corrections: Annotated[dict[str, str], Field(description="a person's edits by path")]
    edit: PersonsEdit | None
    question: Annotated[str, Field(description="a question in a reviewer's own words")]
    review_id: str | None
    problem: Annotated[str, Field(description="why the last answer to the review could not be used")]
    attempt: Annotated[int, Field(description="answers to the open review that could not be used")]

    hops: Annotated[int, Field(description="supervisor steps so far")]
    hops_from: Annotated[
        int, Field(description="supervisor steps when a person last gave the case fresh ones")
    ]
    timings: Annotated[dict[str, int], Field(description="milliseconds per worker, last run"), merged]
    failures: Annotated[
        dict[str, Unfinished | str],
        Field(description="workers that could not finish, why; a text in threads of older versions"),
        merged,
    ]
    trails: Annotated[
        dict[str, dict[str, Any]],
        Field(description="per worker: the rungs of its ladder that were tried"),
        merged,
    ]


# Every class a checkpoint may hold; anything else comes back as plain data, never as code.
STATE_TYPES: tuple[type, ...] = (
    InboundMessage, InboundAttachment, MessageFacts, Replies, PersonsEdit, OrderDraft, MatchResult, PricingResult,
    SupplyResult, RiskResult, Proposal, GateDecision, Unfinished,
)  # fmt: skip


def unfinished(state: DeskState) -> dict[str, Unfinished]:
    """The workers that could not finish, by name."""
    failures = state.get("failures") or {}
    return {n: Unfinished(why=f, fault=True) if isinstance(f, str) else f for n, f in failures.items()}


def started_over(state: DeskState) -> dict[str, Any]:
    """What is written for a case to be worked through anew, because a person says so: with fresh steps, too.

    What people said stays (corrections, answers), and so does the count of steps, which ids are made from.
    """
    results = ("draft", "match", "pricing", "supply", "risk", "proposal", "replies", "decision", "action")
    hops = {"hops_from": state.get("hops", 0)}
    return {**dict.fromkeys(results), "failures": None, "trails": None, "question": "", "attempt": 0, **hops}


def all_findings(state: DeskState) -> tuple[Finding, ...]:
    """The findings of the message and of every worker, in reading order; of repeats the gravest."""
    found: list[Finding] = list(state["facts"].findings) if "facts" in state else []
    for part in (
        state.get("draft"),
        state.get("match"),
        state.get("pricing"),
        state.get("supply"),
        state.get("risk"),
        state.get("proposal"),
    ):
        if part is not None:
            found += part.findings
    if replies := state.get("replies"):
        # That nobody can be told of a booking is said, and stops nothing: who may order is the matcher's question.
        found += [f.model_copy(update={"severity": "info"}) for f in replies.of("confirmation").findings]
    unique: dict[tuple[str, str, str], Finding] = {}
    for finding in found:
        key = (finding.code, finding.path, finding.message)
        if key not in unique or worst((finding, unique[key])) != unique[key].precedence:
            unique[key] = finding
    return tuple(unique.values())
