"""What an answer looks like on the wire: the model's text, why it ended, and what it cost."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.support.chat_double.behaviours import Behaviour

CREATED = 1_700_000_000
CHARACTERS_A_TOKEN = 4


@dataclass(frozen=True)
class Answer:
    """What the model gives."""

    text: str | None
    refusal: str | None
    finish: str
    usage: dict[str, int]


def answer_of(behaviour: Behaviour, text: str, body: dict[str, Any]) -> Answer:
    """The answer under a behaviour; `text` is what a good model would say."""
    said: str | None = text
    finish, refused = "stop", None
    match behaviour.kind:
        case "refusal":
            said, refused = None, str(behaviour.content)
        case "content_filter":
            said, finish = text[:5], "content_filter"
        case "length":
            said, finish = text[: len(text) // 2], "length"
        case "truncated_content":
            said = text[: len(text) // 2]
        case "wrong_schema":
            said = '{"orders": [{"sku": "A", "qty": 1}]}'
        case "empty_content":
            said = ""
        case "null_content":
            said = None
        case "huge":
            said = "x" * behaviour.size
        case _:
            pass
    sent = behaviour.usage[0] if behaviour.usage else len(json.dumps(body)) // CHARACTERS_A_TOKEN
    given = behaviour.usage[1] if behaviour.usage else max(1, len(said or "") // CHARACTERS_A_TOKEN)
    usage = {"prompt_tokens": sent, "completion_tokens": given, "total_tokens": sent + given}
    return Answer(said, refused, finish, usage)


def completion(number: int, model: str, answer: Answer) -> dict[str, Any]:
    """The whole envelope of an answer."""
    message = {"role": "assistant", "content": answer.text, "refusal": answer.refusal, "annotations": []}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": answer.finish}
    return {
        "id": f"chatcmpl-double-{number}", "object": "chat.completion", "created": CREATED, "model": model,
        "choices": [choice], "usage": answer.usage, "system_fingerprint": "fp_double",
    }  # fmt: skip


def chunk(number: int, model: str, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    """One part of a streamed answer."""
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return {
        "id": f"chatcmpl-double-{number}", "object": "chat.completion.chunk", "created": CREATED, "model": model,
        "choices": [choice], "system_fingerprint": "fp_double",
    }  # fmt: skip
