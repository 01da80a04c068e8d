"""Plays one behaviour over the connection of a request."""

from __future__ import annotations

import json
from typing import Any

from tests.support.chat_double.behaviours import Behaviour
from tests.support.chat_double.double import Call, ChatDouble
from tests.support.chat_double.envelope import Answer, answer_of, completion
from tests.support.chat_double.streaming import stream
from tests.support.chat_double.wire import Wire, error_object

JSON = "application/json"
LOGIN_PAGE = b"<!doctype html><html><body><h1>Sign in to the proxy</h1></body></html>"
GARBAGE = bytes(range(128, 256)) * 16
CUTS = ("reset_mid", "close_mid", "stall_mid")


async def play(double: ChatDouble, call: Call, behaviour: Behaviour, wire: Wire) -> None:
    """Answer a request, or do not, as the behaviour says; what came of it is noted in the call."""
    if behaviour.latency_s and await wire.left_within(behaviour.latency_s):
        call.disconnected = True
        return
    match behaviour.kind:
        case "http_error":
            call.status = behaviour.status
            await wire.error(behaviour.status, behaviour.message, behaviour.code, behaviour.headers)
        case "error_200":
            await _whole(call, wire, json.dumps(error_object(behaviour.message, behaviour.code)).encode())
        case "html_200":
            await _whole(call, wire, LOGIN_PAGE, "text/html; charset=utf-8")
        case "garbage_200":
            await _whole(call, wire, GARBAGE)
        case "empty_body":
            await _whole(call, wire, b"")
        case "reset":
            wire.reset()
        case "stall_first":
            await _stall(call, behaviour, wire)
        case "drip":
            await _drip(call, behaviour, wire)
        case _:
            await _answer(double, call, behaviour, wire)


async def _answer(double: ChatDouble, call: Call, behaviour: Behaviour, wire: Wire) -> None:
    answer = answer_of(behaviour, double.content(behaviour, call.body), call.body)
    call.status = 200
    if call.body.get("stream"):
        await stream(call, behaviour, answer, wire)
        return
    body = json.dumps(_envelope(call, behaviour, answer), ensure_ascii=False).encode()
    if behaviour.kind == "truncated_envelope":
        await wire.whole(200, body[: len(body) // 2], JSON)
    elif behaviour.kind in CUTS:
        await wire.start(200, JSON, length=len(body))
        await wire.part(body[: len(body) // 2])
        await cut(call, behaviour, wire)
    else:
        await wire.whole(200, body, JSON, behaviour.headers)


def _envelope(call: Call, behaviour: Behaviour, answer: Answer) -> dict[str, Any]:
    envelope = completion(call.n, str(call.body["model"]), answer)
    if behaviour.kind == "empty_choices":
        envelope["choices"] = []
    elif behaviour.kind == "null_choices":
        envelope["choices"] = None
    return envelope


async def _whole(call: Call, wire: Wire, body: bytes, media_type: str = JSON) -> None:
    call.status = 200
    await wire.whole(200, body, media_type)


async def _stall(call: Call, behaviour: Behaviour, wire: Wire) -> None:
    call.disconnected = await wire.left_within(behaviour.stall_s)
    if not call.disconnected:
        wire.reset()


async def _drip(call: Call, behaviour: Behaviour, wire: Wire) -> None:
    """White space before the JSON, as gateways send it to keep a connection up; it never ends by itself."""
    call.status = 200
    await wire.start(200, JSON)
    while not await wire.left_within(behaviour.drip_s):
        await wire.part(b" ")
    call.disconnected = True


async def cut(call: Call, behaviour: Behaviour, wire: Wire) -> None:
    """End an answer in its middle."""
    if behaviour.kind == "stall_mid":
        await _stall(call, behaviour, wire)
    elif not await wire.left_within(0.02):  # what was sent is on its way before the connection goes
        wire.close() if behaviour.kind == "close_mid" else wire.reset()
