"""The double speaks the protocol: scripts, answers, streams, doors and strict forms, asked by the real client."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any

import httpx2
import openai
import pytest

from agents.reader.model.answer import OrderReading
from tests.faults.chat_client import DEADLINE_S, FORM, LONG, SCHEMA, ask, chat
from tests.support.chat_double import (
    Behaviour,
    ChatDouble,
    breach_of_strict,
    http_error,
    ok,
    sample_from_schema,
)


async def test_scripts_are_per_model_then_for_any_then_the_default(
    double: ChatDouble, http: httpx2.AsyncClient
) -> None:
    double.script("*", http_error(502))
    double.script("primary", http_error(503), http_error(500))
    double.default("primary", http_error(504))
    behaviours: list[str] = []
    for model in ("primary", "alternative", "primary", "primary", "alternative"):
        with contextlib.suppress(openai.InternalServerError):
            await ask(chat(http, double.base_url, model))
        behaviours.append(double.calls[-1].behaviour)
    assert behaviours == ["http_503", "http_502", "http_500", "http_504", "ok"]
    assert double.counts() == {"primary": 3, "alternative": 2}


async def test_answers_are_a_function_of_the_request(double: ChatDouble, http: httpx2.AsyncClient) -> None:
    double.responder = lambda body: {"said": body["messages"][-1]["content"]}
    double.responders["alternative"] = lambda _: "as it is"
    llm = chat(http, double.base_url)
    assert json.loads(str((await ask(llm, "Stück")).content)) == {"said": "Stück"}
    assert (await ask(chat(http, double.base_url, "alternative"))).content == "as it is"
    assert [call.user for call in double.calls] == ["Stück", "an order"]
    assert double.calls[0].messages[0] == {"role": "system", "content": "read"}


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("ok", None),
        ("stall_mid", TimeoutError),
        ("reset_mid", openai.APIConnectionError),
        ("refusal", None),
        ("no_done", None),
    ],
)
async def test_answers_can_be_streamed(
    double: ChatDouble, http: httpx2.AsyncClient, fault: Any, error: type[BaseException] | None
) -> None:
    content = "I will not" if fault == "refusal" else {"lines": list(range(50))}
    double.script("primary", Behaviour(fault, content=content, usage=(3, 4)))
    llm = chat(http, double.base_url, streaming=True, stream_usage=True)
    if error is not None:
        with pytest.raises((error, httpx2.TransportError)):
            async with asyncio.timeout(DEADLINE_S):
                await ask(llm)
    else:
        message = await ask(llm)
        whole = message.content or message.additional_kwargs["refusal"]
        assert whole == (content if isinstance(content, str) else json.dumps(content))
        assert (message.usage_metadata is None) == (fault == "no_done")
    assert (await double.settled()).calls[0].body["stream"]


async def test_many_at_once_and_who_left(double: ChatDouble, http: httpx2.AsyncClient) -> None:
    double.default("primary", ok(latency_s=LONG))
    llm = chat(http, double.base_url)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(DEADLINE_S):
            await asyncio.gather(*(ask(llm) for _ in range(6)))
    assert [call.disconnected for call in (await double.settled()).calls] == [True] * 6
    assert double.most_at_once == 6


async def test_another_process_can_script_and_read_it(double: ChatDouble, http: httpx2.AsyncClient) -> None:
    root = double.base_url.removesuffix("/v1")
    wish = {"model": "primary", "behaviours": [{"kind": "http_error", "status": 503}, {"content": {"a": 1}}]}
    await http.post(f"{root}/__script", json=wish)
    await http.post(f"{root}/__default", json={"model": "*", "behaviour": {"kind": "ok", "content": "z"}})
    llm = chat(http, double.base_url)
    with pytest.raises(openai.InternalServerError):
        await ask(llm)
    assert [(await ask(llm)).content for _ in range(2)] == ['{"a": 1}', "z"]
    log = (await http.get(f"{root}/__calls")).json()
    assert log["counts"] == {"primary": 3}
    assert [call["behaviour"] for call in log["calls"]] == ["http_503", "ok", "ok"]
    await http.post(f"{root}/__reset")
    assert double.calls == []
    listed = (await http.get(f"{double.base_url}/models")).json()
    assert [row["id"] for row in listed["data"]] == ["primary", "alternative"]


@pytest.mark.filterwarnings("ignore:Invalid schema:UserWarning")  # the library's own advice
@pytest.mark.parametrize(
    "form",
    [
        {"type": "json_object"},
        {"type": "json_schema", "json_schema": {"name": "a b", "strict": True, "schema": SCHEMA}},
        {"type": "json_schema", "json_schema": {"name": "a", "strict": False, "schema": SCHEMA}},
        {"type": "json_schema", "json_schema": {"name": "a", "strict": True, "schema": {**SCHEMA, "required": []}}},
    ],
    ids=["no schema", "name", "not strict", "not all required"],
)  # fmt: skip
async def test_a_request_that_is_not_strict_is_refused(
    double: ChatDouble, http: httpx2.AsyncClient, form: dict[str, Any]
) -> None:
    with pytest.raises(openai.BadRequestError):
        await ask(chat(http, double.base_url), form=form)
    assert double.calls[0].status == 400


def test_without_a_key_and_without_messages_it_refuses(double: ChatDouble) -> None:
    url, body = f"{double.base_url}/chat/completions", {"model": "primary", "response_format": FORM}
    with httpx2.Client() as client:
        assert client.post(url, json=body).status_code == 401
        assert client.post(url, json=body, headers={"Authorization": "Bearer k"}).status_code == 400
        assert client.post(url, content=b"{", headers={"Authorization": "Bearer k"}).status_code == 400
        assert client.get(f"{double.base_url}/nowhere").status_code == 404


NAME = {"type": "string"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"type": "array", "items": NAME}, "schema must be"),
        ({"additionalProperties": True}, "additionalProperties"),
        ({"required": ["a"]}, "Missing 'b'"),
        ({"required": ["a", "b", "c"]}, "no property"),
        ({"properties": {"a": NAME, "b": {**NAME, "default": "x"}}}, "'default' is not permitted"),
        ({"properties": {"a": NAME, "b": {**NAME, "maxLength": 3}}}, "'maxLength' is not permitted"),
        ({"properties": {"a": NAME, "b": {"allOf": [NAME]}}}, "'allOf' is not permitted"),
        ({"properties": {"a": NAME, "b": {"$ref": "#/$defs/n", "title": "N"}}}, "$ref cannot have keywords"),
        ({"properties": {"a": NAME, "b": {"type": "array"}}}, "missing items"),
        ({"properties": {"a": NAME, "b": {}}}, "must have a 'type' key"),
    ],
)
def test_the_strict_rules(change: dict[str, Any], says: str) -> None:
    schema = {
        "type": "object", "properties": {"a": NAME, "b": NAME}, "required": ["a", "b"],
        "additionalProperties": False, "$defs": {"n": NAME},
    }  # fmt: skip
    assert breach_of_strict(schema) == ""
    assert says in breach_of_strict({**schema, **change})


def test_the_desks_own_form_keeps_the_strict_rules_and_has_a_sample() -> None:
    assert breach_of_strict(SCHEMA) == ""
    assert OrderReading.model_validate(sample_from_schema(SCHEMA)).po_number is None
