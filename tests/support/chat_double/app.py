"""The double's HTTP side: the routes of the protocol, and routes that let another process script it."""

from __future__ import annotations

import json
from typing import Any

from tests.support.chat_double.behaviours import Behaviour
from tests.support.chat_double.double import ChatDouble
from tests.support.chat_double.playing import play
from tests.support.chat_double.wire import Receive, Send, Wire


class App:
    """An ASGI application over one double."""

    def __init__(self, double: ChatDouble) -> None:
        self.double = double

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """One request."""
        wire = Wire(receive, send)
        body = await wire.read()
        path, method = str(scope["path"]), str(scope["method"])
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if path.startswith("/__"):
            await self._control(path, body, wire)
        elif path.endswith("/models") and method == "GET":
            rows = [
                {"id": name, "object": "model", "created": 0, "owned_by": "double"}
                for name in self.double.models
            ]
            await wire.json(200, {"object": "list", "data": rows})
        elif path.endswith("/chat/completions") and method == "POST":
            await self._chat(headers, body, wire)
        else:
            await wire.error(404, f"Unknown request URL: {method} {path}.", "unknown_url")

    async def _chat(self, headers: dict[str, str], raw: bytes, wire: Wire) -> None:
        try:
            body = json.loads(raw)
        except ValueError:
            await wire.error(400, "We could not parse the JSON body of your request.", None)
            return
        call, behaviour = self.double.begin(body, headers)
        try:
            await play(self.double, call, behaviour, wire)
        finally:
            self.double.end(call)

    async def _control(self, path: str, raw: bytes, wire: Wire) -> None:
        wish = json.loads(raw or b"{}")
        model = wish.get("model", "*")
        if path == "/__calls":
            await wire.json(200, {"calls": self.double.log(), "counts": self.double.counts()})
            return
        if path == "/__script":
            self.double.script(model, *(Behaviour(**behaviour) for behaviour in wish["behaviours"]))
        elif path == "/__default":
            self.double.default(model, Behaviour(**wish["behaviour"]))
        elif path == "/__reset":
            self.double.reset()
        else:
            await wire.error(404, f"No such control: {path}.", None)
            return
        await wire.json(200, {"done": True})
