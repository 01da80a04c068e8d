"""The review: one interrupt, nothing else; what counts afterwards is the decision in the database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from langchain_core.runnables import RunnableConfig
from langgraph.types import Command, Interrupt, interrupt

from checkpoints.pools import Connection
from graphs.corrections import accepted_corrections
from graphs.nodes import ConfiguredNode
from graphs.services import Services
from graphs.state import DeskState, PersonsEdit, started_over
from orderdesk.domain.errors import CaseIncident, NotAllowed, OrderDeskError, StaleDecision
from orderdesk.review.actors import Actor
from orderdesk.review.answers import Answer, InvalidAnswer, flatten, parse_answer
from orderdesk.review.reviews import SQL, decide

Next = Literal["review", "perform", "supervisor"]

# Advisory for Studio and other clients; the node itself checks every answer.
RESPONSE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "decisions": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1,
            "items": {
                "type": "object",
                "properties": {
                    "type": {"enum": ["approve", "edit", "reject", "respond"]},
                    "edited_action": {"type": "object"},
                    "message": {"type": "string"},
                },
                "required": ["type"],
            },
        }
    },
    "required": ["decisions"],
}


def make_review(services: Services) -> ConfiguredNode:
    """The review node over the given services."""

    async def review(state: DeskState, config: RunnableConfig) -> Command[Next]:
        """Wait for a person. Nothing happens here: the answer is recorded, then carried out by perform."""
        review_id = str(state.get("review_id"))
        interrupt_id = Interrupt.from_ns(None, str(_configurable(config)["checkpoint_ns"])).id
        async with services.pool.connection() as connection:
            payload = await _shown(connection, review_id, interrupt_id, state)
        raw = interrupt(payload, response_schema=RESPONSE_SCHEMA)
        async with services.pool.connection() as connection, connection.transaction():
            recorded = await _recorded(connection, interrupt_id)
            if recorded is None:
                problem = await _decide_from_client(connection, services, state, review_id, raw, config)
                recorded = await _recorded(connection, interrupt_id)
                if recorded is None:
                    return _ask_again(state, problem) if problem else Command(goto="review")
        return _continue(state, recorded, payload)

    return review


async def _shown(
    connection: Connection, review_id: str, interrupt_id: str, state: DeskState
) -> dict[str, Any]:
    """The payload as stored, tied to this interrupt; both writes are idempotent, so a replay changes nothing."""
    await connection.execute(SQL.link_interrupt, {"review_id": review_id, "interrupt_id": interrupt_id})
    row = await (await connection.execute(SQL.get_review, {"review_id": review_id})).fetchone()
    if row is None:
        raise CaseIncident(
            f"The review {review_id} of case {state.get('case_id')} is missing: retry the case."
        )
    payload = row["payload"]
    if state.get("attempt"):
        return {**payload, "attempt": state.get("attempt"), "errors": [state.get("problem", "")]}
    return payload


async def _recorded(connection: Connection, interrupt_id: str) -> dict[str, Any] | None:
    return await (
        await connection.execute(SQL.decision_of_interrupt, {"interrupt_id": interrupt_id})
    ).fetchone()


async def _decide_from_client(
    connection: Connection,
    services: Services,
    state: DeskState,
    review_id: str,
    raw: Any,
    config: RunnableConfig,
) -> str:
    """Treat a resume value as a request to decide; returns why it could not be used.

    Nothing is returned for a decision that is recorded, and for one to leave the review as it is.
    """
    actor = _authenticated(config, services)
    if actor is None:
        return "Sign in to decide: an answer without a known person changes nothing."
    row = await (await connection.execute(SQL.get_review, {"review_id": review_id})).fetchone()
    if row is None:
        return "The review is gone: look at the case."
    try:
        answer = parse_answer(raw)
        if answer is None:
            return ""
        answer = checked_answer(answer, row["payload"])
        decided = await decide(
            connection,
            review_id=review_id,
            payload_hash=row["payload_hash"],
            answer=answer,
            actor=actor,
            limits=services.role_limits,
            now=services.clock.now(),
        )
    except (InvalidAnswer, NotAllowed, StaleDecision) as problem:
        return str(problem)
    except OrderDeskError as problem:
        return f"Not recorded: {problem}"
    return "" if decided.decision_id else f"Recorded; {decided.approvals_missing} more approval needed."


def checked_answer(answer: Answer, payload: Mapping[str, Any]) -> Answer:
    """An answer whose edits are checked against what was shown and reduced to what changed."""
    if answer.type != "edit":
        return answer
    args = payload["action_requests"][0]["args"]
    shown = flatten(args)
    return answer.model_copy(
        update={"args": accepted_corrections(shown, answer.args, lines=len(args.get("lines") or []))}
    )


def _authenticated(config: RunnableConfig, services: Services) -> Actor | None:
    """Who is calling, as the server's authentication says; on a developer's machine, the developer."""
    user = _configurable(config).get("langgraph_auth_user")
    identity = user.get("identity") if isinstance(user, Mapping) else getattr(user, "identity", None)
    role = user.get("role") if isinstance(user, Mapping) else getattr(user, "role", None)
    if identity and role in ("clerk", "manager", "admin"):
        return Actor(name=str(identity), role=role)
    if services.allow_studio_developer:
        return Actor(name="studio-developer", role="admin")
    return None


def _configurable(config: RunnableConfig) -> Mapping[str, Any]:
    return config.get("configurable") or {}


def _ask_again(state: DeskState, problem: str) -> Command[Next]:
    """Interrupt anew; the review itself stays as it was shown."""
    return Command(goto="review", update={"attempt": state.get("attempt", 0) + 1, "problem": problem})


def _continue(state: DeskState, recorded: dict[str, Any], payload: Mapping[str, Any]) -> Command[Next]:
    body, decision_id = recorded["body"], recorded["decision_id"]
    match recorded["type"]:
        case "approve":
            return Command(goto="perform", update={"approval": decision_id, "question": ""})
        case "reject":
            return Command(
                goto="perform",
                update={"approval": decision_id, "action": "reject", "question": body["message"]},
            )
        case "respond":
            return Command(
                goto="perform", update={"approval": decision_id, "action": "ask", "question": body["message"]}
            )
        case _:
            return Command(goto="supervisor", update=_edited(state, recorded, payload))


def _edited(state: DeskState, recorded: dict[str, Any], payload: Mapping[str, Any]) -> dict[str, Any]:
    """Start the checks over with a person's values; the edit counts as approval if nothing new comes up."""
    seen = tuple(f"{f['code']}@{f['path']}" for f in payload["review"]["findings"])
    edit = PersonsEdit(
        decision_id=recorded["decision_id"], actor=recorded["actor"], role=recorded["role"], seen=seen
    )
    return {
        **started_over(state),
        "corrections": {**(state.get("corrections") or {}), **recorded["body"]["args"]},
        "edit": edit,
    }
