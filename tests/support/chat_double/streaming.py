"""The streamed form of an answer, for clients that ask for one."""

from __future__ import annotations

import json
from typing import Any

from tests.support.chat_double.behaviours import Behaviour
from tests.support.chat_double.double import Call
from tests.support.chat_double.envelope import Answer, chunk
from tests.support.chat_double.wire import Wire

PIECES = 20


async def stream(call: Call, behaviour: Behaviour, answer: Answer, wire: Wire) -> None:
    """Send an answer as server-sent events; a behaviour that cuts does so in the middle."""
    from tests.support.chat_double.playing import CUTS, cut

    events = _events(call, behaviour, answer)
    await wire.start(200, "text/event-stream; charset=utf-8")
    for number, event in enumerate(events):
        if behaviour.kind in CUTS and number == len(events) // 2:
            await cut(call, behaviour, wire)
            return
        await wire.part(b"data: " + event + b"\n\n")
    await wire.part(b"", last=True)


def _events(call: Call, behaviour: Behaviour, answer: Answer) -> list[bytes]:
    model = str(call.body["model"])
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": "", "refusal": None}]
    if answer.refusal is not None:
        deltas.append({"refusal": answer.refusal})
    text = answer.text or ""
    step = max(1, len(text) // PIECES)
    deltas += [{"content": text[at : at + step]} for at in range(0, len(text), step)]
    parts = [chunk(call.n, model, delta) for delta in deltas]
    if behaviour.kind == "no_done":
        return [json.dumps(part).encode() for part in parts]
    parts.append(chunk(call.n, model, {}, answer.finish))
    if (call.body.get("stream_options") or {}).get("include_usage"):
        parts.append({**chunk(call.n, model, {}), "choices": [], "usage": answer.usage})
    return [*(json.dumps(part).encode() for part in parts), b"[DONE]"]
