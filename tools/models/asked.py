"""A question as it is sent: messages, the strict schema of the answer, and the hash it is kept under."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from tools.models.contract import Closed, Question, T
from tools.models.prompts import load_prompt


@dataclass(frozen=True)
class Asked:
    """One question, ready to be sent."""

    system: str
    user: str
    response_format: dict[str, Any]
    # Of all that decides the answer: prompt, messages, form of the answer.
    input_hash: str


def asked(question: Question[T]) -> Asked:
    """The question with its values filled in. Raises ConfigurationError where they are not what the prompt takes."""
    system, user = question.prompt.system, _sendable(question.prompt.fill(question.values))
    schema = strict_schema(question.answer)
    whole = json.dumps([question.prompt.stamp, system, user, schema], sort_keys=True)
    return Asked(
        system=system,
        user=user,
        response_format={
            "type": "json_schema",
            "json_schema": {"name": question.answer.__name__, "strict": True, "schema": schema},
        },
        input_hash=hashlib.sha256(whole.encode()).hexdigest(),
    )


def ask_again(first: Asked, fault: str) -> Asked:
    """The same question with what was wrong about the answer, in one message: some servers take only one."""
    again = load_prompt("tools.models", "reask.md")
    return replace(first, user=again.fill({"question": first.user, "fault": fault}))


@cache
def strict_schema(answer: type[Closed]) -> dict[str, Any]:
    """The JSON schema of an answer; `Closed` makes it one that providers take as strict."""
    return answer.model_json_schema()


def _sendable(text: str) -> str:
    """Text as UTF-8 can carry it: half characters, which some mail programs leave, become question marks."""
    return text.encode("utf-8", "replace").decode()
