"""Waiting for the customer: one interrupt, nothing else; the answer itself is a stored message."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from langgraph.types import Command, interrupt

from graphs.nodes import Node
from graphs.services import Services
from graphs.state import DeskState, MessageFacts
from orderdesk.domain.documents import ReadMessage
from orderdesk.domain.findings import Finding
from orderdesk.intake.case_rows import SQL as CASES
from orderdesk.intake.case_rows import load_answers

Next = Literal["await_customer", "supervisor"]

# The finding of a question nobody answered in time; the gate then lets a person decide.
UNANSWERED = "question_unanswered"
# Enough of an answer for a person to see what it says; the whole mail is a document of the case.
SHOWN_CHARACTERS = 500


def make_await_customer(services: Services) -> Node:
    """The node that waits for a customer's answer, over the given services."""

    async def await_customer(state: DeskState) -> Command[Next]:
        """Wait until the customer's answer is stored with the case, then go on with it."""
        interrupt(
            {
                "schema": "orderdesk.question/1",
                "case_id": state.get("case_id"),
                "questions": state.get("questions") or [],
                "answered_by": "a mail in reply to the question, stored with the case",
            }
        )
        where = {"case_id": state.get("case_id")}
        async with services.pool.connection() as connection:
            answers = await load_answers(connection, str(state.get("case_id")))
            await connection.execute(CASES.answers_were_read, {**where, "answers": len(answers)})
            row = await (await connection.execute(CASES.question_expired, where)).fetchone()
        if len(answers) > state.get("answers", 0):
            found = answer_findings(answers[-1])
        elif row is not None:
            found = (_unanswered(row["question_expired_at"]),)
        else:
            return Command(goto="await_customer")
        facts = state.get("facts") or MessageFacts()
        return Command(
            goto="supervisor",
            update={
                "answers": len(answers),
                "facts": facts.model_copy(update={"findings": (*facts.findings, *found)}),
                "proposal": None,
                "replies": None,
                "trails": None,
                "decision": None,
                "action": None,
                "approval": "",
            },
        )

    return await_customer


def answer_findings(answer: ReadMessage) -> tuple[Finding, ...]:
    """What a customer's answer is to the case: a finding that a person has to look at."""
    text = next((d.text for d in answer.documents if d.role == "body"), "")
    said = Finding(
        code="customer_answered",
        severity="approve",
        message=f"The customer answered our question: “{' '.join(text.split())[:SHOWN_CHARACTERS]}”",
    )
    return (*(f for d in answer.documents for f in d.findings), said)


def _unanswered(expired_at: datetime) -> Finding:
    return Finding(
        code=UNANSWERED,
        severity="approve",
        message=f"The customer had not answered our question by {expired_at:%d %b %H:%M} UTC; "
        "call them, or settle it another way.",
    )
