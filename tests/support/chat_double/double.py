"""The double itself: scripts per model, the log of calls, and which behaviour a request meets."""

from __future__ import annotations

import asyncio
import json
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from tests.support.chat_double.behaviours import Behaviour, ok
from tests.support.chat_double.strict_schema import breach_of_request, sample_from_schema

if TYPE_CHECKING:
    from tests.support.chat_double.serving import Door

# What a request asks is answered by: gives the text of the answer, or an object that is sent as its JSON.
Responder = Callable[[dict[str, Any]], Any]
ANY = "*"
SETTLED_S = 10.0


@dataclass
class Call:
    """One request, as it came in and what became of it."""

    n: int
    model: str
    body: dict[str, Any]
    behaviour: str = ""
    status: int | None = None
    # The SDK's own count of its retries: 0 where it is told not to retry.
    sdk_retry: int = 0
    # The client hung up before the answer was whole.
    disconnected: bool = False
    finished: bool = False

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The conversation that was sent."""
        return self.body.get("messages", [])

    @property
    def user(self) -> str:
        """The text of the last message of the user."""
        return next((str(m["content"]) for m in reversed(self.messages) if m.get("role") == "user"), "")


class ChatDouble:
    """Scripts, defaults and responders are by model name; '*' stands for every model that has none of its own."""

    def __init__(self) -> None:
        self.base_url = ""
        self.calls: list[Call] = []
        self.doors: dict[str, Door] = {}
        # Names that /models lists.
        self.models: list[str] = ["primary", "alternative"]
        # A request without a strict schema is answered 400.
        self.strict = True
        self.responder: Responder | None = None
        self.responders: dict[str, Responder] = {}
        self.most_at_once = 0
        self._at_once = 0
        self._queues: dict[str, deque[Behaviour]] = defaultdict(deque)
        self._defaults: dict[str, Behaviour] = {}
        self._lock = threading.Lock()
        self._over = threading.Condition(self._lock)

    def script(self, model: str, *behaviours: Behaviour) -> None:
        """The next requests to a model meet these, in order; then its default."""
        with self._lock:
            self._queues[model].extend(behaviours)

    def default(self, model: str, behaviour: Behaviour) -> None:
        """What a request to a model meets when its script is empty."""
        self._defaults[model] = behaviour

    def door(self, model: str) -> Door:
        """A port of its own for a model, so that it can refuse connections while others take them."""
        return self.doors[model]

    def reset(self) -> None:
        """Forget all scripts, defaults and calls, and open every door; responders stay."""
        with self._lock:
            self.calls.clear()
            self._queues.clear()
            self._defaults.clear()
            self.most_at_once = 0
        for door in self.doors.values():
            door.open()

    def calls_of(self, model: str) -> list[Call]:
        """The requests that one model got, in order."""
        return [call for call in self.calls if call.model == model]

    def counts(self) -> dict[str, int]:
        """Requests per model; one that got none is not in it."""
        models = [call.model for call in self.calls]
        return {model: models.count(model) for model in dict.fromkeys(models)}

    def begin(self, body: dict[str, Any], headers: Mapping[str, str]) -> tuple[Call, Behaviour]:
        """Note a request and say what it meets."""
        model = str(body.get("model", ""))
        with self._lock:
            call = Call(
                len(self.calls), model, body, sdk_retry=int(headers.get("x-stainless-retry-count", 0))
            )
            self.calls.append(call)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            behaviour = self._complaint(body, headers) or self._next(model)
        call.behaviour = behaviour.name
        return call, behaviour

    def end(self, call: Call) -> None:
        """A request is over, however it ended."""
        with self._over:
            self._at_once -= 1
            call.finished = True
            self._over.notify_all()

    async def settled(self) -> ChatDouble:
        """Wait until no request is under way, so that the log says who hung up."""

        def wait() -> None:
            with self._over:
                assert self._over.wait_for(lambda: self._at_once == 0, SETTLED_S), "a request never ends"

        await asyncio.to_thread(wait)
        return self

    def content(self, behaviour: Behaviour, body: dict[str, Any]) -> str:
        """The text that answers a request: scripted, the responder's, or the smallest that fits the schema."""
        found = behaviour.content
        if found is None:
            respond = self.responders.get(str(body.get("model")), self.responder)
            found = respond(body) if respond else None
        if found is None:
            form = (body.get("response_format") or {}).get("json_schema")
            found = sample_from_schema(form["schema"]) if form else "ok"
        return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)

    def log(self) -> list[dict[str, Any]]:
        """The calls as data, for another process."""
        return [asdict(call) for call in self.calls]

    def _next(self, model: str) -> Behaviour:
        for name in (model, ANY):
            if queue := self._queues.get(name):
                return queue.popleft()
        return self._defaults.get(model) or self._defaults.get(ANY) or ok()

    def _complaint(self, body: dict[str, Any], headers: Mapping[str, str]) -> Behaviour | None:
        if not headers.get("authorization", "").startswith("Bearer "):
            return Behaviour("http_error", status=401, code="invalid_api_key", message="No API key provided.")
        fault = _fault_of(body) or (breach_of_request(body) if self.strict else "")
        return Behaviour("http_error", status=400, message=fault) if fault else None


def _fault_of(body: dict[str, Any]) -> str:
    if not body.get("model"):
        return "you must provide a model parameter"
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        return "Invalid type for 'messages': expected a non-empty array."
    for number, message in enumerate(messages):
        if message.get("role") not in ("system", "developer", "user", "assistant"):
            return f"Invalid value: '{message.get('role')}'. messages[{number}].role"
    return ""
