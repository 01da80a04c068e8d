"""Answers to a review: our own form and Agent Inbox's dialect, parsed into one closed type."""

from __future__ import annotations

import json
import unicodedata
from typing import Any, Literal

from pydantic import Field, ValidationError

from orderdesk.domain.base import Value
from orderdesk.domain.errors import OrderDeskError

# Characters of a reason or a question; and what a database or a mail cannot hold.
LONGEST_TEXT = 10_000
_UNSTORABLE = ("Cc", "Cs")

DecisionType = Literal["approve", "edit", "reject", "respond"]


class InvalidAnswer(OrderDeskError):
    """An answer to a review that cannot be understood; the review stays open and says why."""


class Answer(Value):
    """What a person decided. `args` are the edited values by path; `message` a reason or a question."""

    type: DecisionType
    args: dict[str, str] = Field(default_factory=dict)
    message: str = ""


def parse_answer(raw: Any) -> Answer | None:
    """An answer in either dialect; None for Agent Inbox's 'ignore' (leave it pending).

    Raises InvalidAnswer with what was expected.
    """
    item = raw
    if isinstance(item, dict) and "decisions" in item:
        item = item["decisions"]
    if isinstance(item, list):
        if len(item) != 1:
            raise InvalidAnswer("Answer with exactly one decision.")
        item = item[0]
    if not isinstance(item, dict) or "type" not in item:
        raise InvalidAnswer(
            'Answer with {"decisions": [{"type": "approve" | "edit" | "reject" | "respond"}]}.'
        )
    kind = item["type"]
    if kind == "ignore":
        return None
    try:
        match kind:
            case "approve" | "accept":
                return Answer(type="approve")
            case "edit":
                return Answer(type="edit", args=_edits(item))
            case "reject" | "response":
                reason = item.get("message") or item.get("args") or ""
                if not isinstance(reason, str) or not reason.strip():
                    raise InvalidAnswer("Give a reason with every rejection.")
                return Answer(type="reject", message=_text(reason))
            case "respond":
                text = _text(str(item.get("message") or ""))
                if not text:
                    raise InvalidAnswer("Write what to ask the customer.")
                return Answer(type="respond", message=text)
            case _:
                raise InvalidAnswer(f"{kind!r} is not a decision: approve, edit, reject or respond.")
    except ValidationError as error:
        raise InvalidAnswer(f"The answer is not well formed: {error.errors()[0]['msg']}.") from None


def _text(text: str) -> str:
    """A person's words as they can be stored and mailed. Raises InvalidAnswer."""
    text = text.strip()
    if len(text) > LONGEST_TEXT or any(
        unicodedata.category(c) in _UNSTORABLE and c not in "\n\r\t" for c in text
    ):
        raise InvalidAnswer(f"Write at most {LONGEST_TEXT} characters, and no control characters.")
    return text


def _edits(item: dict[str, Any]) -> dict[str, str]:
    """Edited values by path, from `edited_action.args` (ours) or `args.args` (Agent Inbox)."""
    action = item.get("edited_action") or item.get("args")
    args = action.get("args") if isinstance(action, dict) else None
    if not isinstance(args, dict) or not args:
        raise InvalidAnswer("An edit needs the edited values: edited_action.args, by path or whole.")
    return flatten(args)


def flatten(value: Any, path: str = "") -> dict[str, str]:
    """Nested values as path -> text, the way findings write paths: 'lines[0].quantity'."""
    if isinstance(value, str) and path and value.startswith(("[", "{")):
        try:
            value = json.loads(value)  # Agent Inbox sends every value as a string
        except (ValueError, RecursionError):  # no JSON, or none that a person wrote
            return {path: value}
    if isinstance(value, dict):
        found: dict[str, str] = {}
        for key, inner in value.items():
            found |= flatten(inner, f"{path}.{key}" if path else str(key))
        return found
    if isinstance(value, list):
        found = {}
        for index, inner in enumerate(value):
            found |= flatten(inner, f"{path}[{index}]")
        return found
    if isinstance(value, bool):
        return {path: "true" if value else "false"}
    return {path: "" if value is None else str(value)}
