"""Waiting for the customer: one interrupt, nothing else; the answer itself is a stored message."""

from __future__ import annotations

from typing import Literal

from langgraph.types import Command, interrupt

from graphs.nodes import Node
from graphs.services import Services
from graphs.state import DeskState, MessageFacts
from orderdesk.domain.findings import Finding
from orderdesk.intake.case_rows import SQL as CASES
from orderdesk.intake.case_rows import load_answers

Next = Literal["await_customer", "supervisor"]

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
        async with services.pool.connection() as connection:
            answers = await load_answers(connection, str(state.get("case_id")))
            read = {"case_id": state.get("case_id"), "answers": len(answers)}
            await connection.execute(CASES.answers_were_read, read)
        if len(answers) <= state.get("answers", 0):
            return Command(goto="await_customer")
        facts = state.get("facts") or MessageFacts()
        text = next((d.text for d in answers[-1].documents if d.role == "body"), "")
        answered = Finding(
            code="customer_answered",
            severity="approve",
            message=f"The customer answered our question: “{' '.join(text.split())[:SHOWN_CHARACTERS]}”",
        )
        arrived = [f for d in answers[-1].documents for f in d.findings]
        return Command(
            goto="supervisor",
            update={
                "answers": len(answers),
                "facts": facts.model_copy(update={"findings": (*facts.findings, *arrived, answered)}),
                "proposal": None,
                "replies": None,
                "decision": None,
                "action": None,
                "approval": "",
            },
        )

    return await_customer
