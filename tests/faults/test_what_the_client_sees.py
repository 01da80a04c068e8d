"""What each fault looks like to the pinned client library, unchanged, before any of our own code.

`SEEN` is the truth about openai 3.54 and langchain-openai 1.7.3: the error a fault comes out as, or what comes back
as if nothing had happened. One question is one request here.
"""

from __future__ import annotations

import asyncio
import json

import httpx2
import openai
import pytest
from langchain_core.exceptions import ContextOverflowError
from langchain_core.messages import AIMessage
from pydantic import ValidationError

from agents.reader.model.answer import OrderReading
from tests.faults.chat_client import DEADLINE_S, LONG, SCHEMA, ask, chat
from tests.support.chat_double import (
    FAULTS,
    REFUSED,
    Behaviour,
    ChatDouble,
    ok,
    rate_limit,
    sample_from_schema,
)

# The error that surfaces, or what stands in the message that comes back as if nothing had happened.
SEEN: dict[str, type[BaseException] | str] = {
    "429": openai.RateLimitError,
    "429, Retry-After that fits": openai.RateLimitError,
    "429, Retry-After too long": openai.RateLimitError,
    "429 insufficient_quota": openai.RateLimitError,
    "500": openai.InternalServerError,
    "502": openai.InternalServerError,
    "503": openai.InternalServerError,
    "504": openai.InternalServerError,
    "400": openai.BadRequestError,
    "401": openai.AuthenticationError,
    "403": openai.PermissionDeniedError,
    "404": openai.NotFoundError,
    "408": openai.APIStatusError,
    "409": openai.ConflictError,
    "413": openai.APIStatusError,
    "422": openai.UnprocessableEntityError,
    # langchain-core has an error of its own for it and looks for the code in the text of the error, where
    # openai 3.54 no longer puts it: only the code on the error says what it is.
    "context overflow": openai.BadRequestError,
    "context overflow, other words": openai.BadRequestError,
    "reset before the body": openai.APIConnectionError,
    "reset in the body": openai.APIConnectionError,
    "closed in the body": openai.APIConnectionError,
    "slow first byte": TimeoutError,
    "stall in the body": TimeoutError,
    "endless drip": TimeoutError,
    REFUSED: openai.APIConnectionError,
    "HTML with 200": AttributeError,
    "error object with 200": TypeError,
    "truncated envelope": json.JSONDecodeError,
    "empty body": json.JSONDecodeError,
    "garbage bytes": UnicodeDecodeError,
    "empty choices": IndexError,
    "null choices": TypeError,
    "truncated JSON": "unfinished",
    "wrong schema": "other form",
    "empty content": "nothing",
    "null content": "nothing",
    "refusal": "refusal",
    "content filter, 400": openai.BadRequestError,
    "content filter, finish reason": openai.ContentFilterFinishReasonError,
    "length stop": openai.LengthFinishReasonError,
    "5 MB of output": "huge",
}


def test_every_fault_has_its_truth() -> None:
    assert set(SEEN) == {*FAULTS, REFUSED}


@pytest.mark.parametrize("fault", SEEN)
async def test_what_a_fault_looks_like_to_the_client(
    double: ChatDouble, http: httpx2.AsyncClient, fault: str
) -> None:
    door = double.door("primary")
    llm = chat(http, door.base_url, disable_streaming=True)
    double.responder = lambda _: {**sample_from_schema(SCHEMA), "intent_quote": "x" * 200}
    if fault == REFUSED:
        door.close()
    else:
        double.script("primary", FAULTS[fault])
    seen = SEEN[fault]
    if isinstance(seen, str):
        assert seen == _state_of(await ask(llm))
    else:
        with pytest.raises(seen):
            async with asyncio.timeout(DEADLINE_S if seen is TimeoutError else LONG):
                await ask(llm)
    calls = (await double.settled()).calls
    assert [call.behaviour for call in calls] == ([] if fault == REFUSED else [FAULTS[fault].name])
    assert all(call.sdk_retry == 0 for call in calls)
    assert [call.disconnected for call in calls] == [True] * (seen is TimeoutError) + [False] * (
        seen is not TimeoutError and fault != REFUSED
    )
    if fault == REFUSED:
        door.open()
    answer = await ask(llm)  # what stood in the script is used up: the next one is answered
    assert OrderReading.model_validate_json(str(answer.content)).lines == []


def _state_of(message: AIMessage) -> str:
    text = str(message.content)
    if message.additional_kwargs.get("refusal"):
        return "refusal"
    if not text:
        return "nothing"
    if len(text) >= 5_000_000:
        return "huge"
    try:
        OrderReading.model_validate_json(text)
    except ValidationError as error:
        return "unfinished" if error.errors()[0]["type"] == "json_invalid" else "other form"
    return "answered"


async def test_codes_and_wishes_reach_the_client(double: ChatDouble, http: httpx2.AsyncClient) -> None:
    double.script("primary", rate_limit("7"), FAULTS["429 insufficient_quota"], FAULTS["context overflow"])
    found: list[tuple[str | None, str | None]] = []
    for _ in range(3):
        with pytest.raises(openai.APIStatusError) as raised:
            await ask(chat(http, double.base_url))
        found.append((raised.value.code, raised.value.response.headers.get("retry-after")))
        # Only a message that holds the code's name would make it langchain's own error.
        assert not isinstance(raised.value, ContextOverflowError)
    assert found == [
        ("rate_limit_exceeded", "7"), ("insufficient_quota", None), ("context_length_exceeded", None),
    ]  # fmt: skip


async def test_usage_is_what_was_scripted(double: ChatDouble, http: httpx2.AsyncClient) -> None:
    double.script("primary", ok(usage=(120, 7)), Behaviour("length", usage=(10, 20)))
    message = await ask(chat(http, double.base_url))
    assert message.usage_metadata
    assert (message.usage_metadata["input_tokens"], message.usage_metadata["output_tokens"]) == (120, 7)
    with pytest.raises(openai.LengthFinishReasonError) as raised:
        await ask(chat(http, double.base_url))
    assert raised.value.completion.usage
    assert raised.value.completion.usage.total_tokens == 30  # paid, though nothing came of it
