"""Asks one model: the one place that knows the client library, which it loads at the first question."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from orderdesk.domain.base import Value
from tools.models.errors import ModelRefused
from tools.models.exchange import Exchange, watch
from tools.models.rung import Rung
from tools.models.switch import check_allowed

if TYPE_CHECKING:
    from langchain_openai import ChatOpenAI

    from tools.models.wire import CappedClient

# Servers that want no key get this one, as the client library insists on some.
NO_KEY = "none"
PROBE_S = 5.0


class Probe(Value):
    """What a look at a rung's server found."""

    reachable: bool
    how: str
    ms: int


@dataclass(frozen=True)
class _Parts:
    chat: ChatOpenAI
    http: CappedClient


class ModelClient:
    """The client of one rung; it belongs to the event loop of its first use."""

    def __init__(self, rung: Rung) -> None:
        self.rung = rung
        self._parts: _Parts | None = None
        self._loading = asyncio.Lock()

    async def load(self) -> None:
        """Load the client library, which takes a second or two: done before a deadline runs, off the loop."""
        await self._ready()

    async def send(
        self, system: str, user: str, response_format: dict[str, Any], exchange: Exchange
    ) -> object:
        """One request, never streamed and never repeated here; the content of the answer, unchecked.

        What went over the wire is in `exchange`, also when this raises. Raises ModelRefused, RequestsForbidden,
        and whatever the client library raises.
        """
        check_allowed()
        parts = await self._ready()
        watch(exchange)
        message = await parts.chat.ainvoke(
            [("system", system), ("user", user)], response_format=response_format
        )
        if message.additional_kwargs.get("refusal"):
            raise ModelRefused("The model refused to answer.")
        return message.content

    async def probe(self) -> Probe:
        """Whether the server answers, by its list of models: costs nothing. Raises RequestsForbidden only."""
        check_allowed()
        started = time.monotonic()
        reachable, how = await self._look()
        return Probe(reachable=reachable, how=how, ms=round((time.monotonic() - started) * 1000))

    async def aclose(self) -> None:
        """Let go of the connections; nothing to do where nothing was asked."""
        if self._parts is not None:
            await self._parts.http.aclose()

    async def _look(self) -> tuple[bool, str]:
        address = self.rung.where.rstrip("/") + "/models"
        headers = {"Authorization": f"Bearer {self._key()}"}
        try:
            parts = await self._ready()
            async with asyncio.timeout(PROBE_S):
                response = await parts.http.get(address, headers=headers, params=self._query())
        except TimeoutError:
            return False, f"no answer within {PROBE_S:g} seconds"
        except Exception as error:
            # The kind alone: the text of such errors can quote the address or the key.
            return False, f"cannot be reached ({type(error).__name__})"
        if response.status_code in (401, 403):
            return False, f"refuses the key ({response.status_code})"
        if response.status_code >= 500 or response.status_code == 429:
            return False, f"answers with an error ({response.status_code})"
        if response.status_code != 200:
            return True, f"answers, but not to /models ({response.status_code})"
        names = _names(response.content)
        if names is None:
            return True, "answers, but /models is no list of models"
        listed = not names or self.rung.model in names or f"{self.rung.model}:latest" in names
        return True, "reachable" if listed else "reachable, but does not list this model"

    def _query(self) -> dict[str, str]:
        """What stands behind the `?` of the address, sent with each request (api-version, or a key)."""
        return dict(parse_qsl(urlsplit(self.rung.base_url).query))

    def _key(self) -> str:
        return self.rung.api_key.get_secret_value() if self.rung.api_key else NO_KEY

    async def _ready(self) -> _Parts:
        if self._parts is None:
            async with self._loading:
                if self._parts is None:
                    self._parts = await asyncio.to_thread(self._build)
        return self._parts

    def _build(self) -> _Parts:
        from langchain_openai import ChatOpenAI

        from tools.models.wire import CappedClient

        async def key() -> str:
            return self._key()

        http = CappedClient(self.rung.base_url)
        chat = ChatOpenAI(
            model=self.rung.model,
            base_url=self.rung.where,
            default_query=self._query() or None,
            # As a function it is taken as it is: a key of a certain look would be sent through a gateway instead.
            api_key=key,
            http_async_client=http,
            max_completion_tokens=self.rung.max_output_tokens,
            # Temperature is left as the model has it: the newer ones refuse any other.
            timeout=None,
            max_retries=0,
            disable_streaming=True,
            use_responses_api=False,
            cache=False,
            openai_proxy="",
        )
        return _Parts(chat, http)


def _names(body: bytes) -> set[str] | None:
    """The names in a list of models; None where it is none."""
    try:
        return {str(entry["id"]) for entry in json.loads(body)["data"]}
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
