"""A house with one model, played by the double; its answers are told apart by the form that is asked for."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from orderdesk.bootstrap import House, build_house
from orderdesk.policy.loader import load_policy
from orderdesk.settings import load_settings
from tests.support.chat_double import Call, ChatDouble

MODEL = "primary"
# A field that only this agent's form has.
_FORMS = {"reader": "intent", "supervisor": "route", "correspondent": "subject", "matcher": "lines"}


@asynccontextmanager
async def house_with_model(
    double: ChatDouble, url: str, home: Path, policy: str = ""
) -> AsyncGenerator[House]:
    """The demo company's house with one model, which is the double; `policy`: TOML over the default."""
    rung = {"model": MODEL, "base_url": double.base_url, "api_key_env": "DOUBLE_KEY", "timeout_s": 20}
    own = home / "policy.toml"
    own.write_text(policy, "utf-8")
    settings = load_settings(DATABASE_URL=url, ORDERDESK_HOME=home, ORDERDESK_MODELS=json.dumps([rung]))
    house = build_house(settings, url, policy=load_policy(own))
    try:
        yield house
    finally:
        await house.close()


def agent_of(body: Mapping[str, Any]) -> str:
    """Which agent asks, told by the form it asks for."""
    fields = body["response_format"]["json_schema"]["schema"]["properties"]
    return next(agent for agent, field in _FORMS.items() if field in fields)


def asked(double: ChatDouble, agent: str) -> list[Call]:
    """The requests of one agent, in order."""
    return [call for call in double.calls if agent_of(call.body) == agent]


def answers(double: ChatDouble, **by_agent: Any) -> None:
    """What the model says to each agent; text is sent as it is, anything else as JSON."""
    double.responder = lambda body: by_agent.get(agent_of(body))


def line_read(quote: str, quantity: str, unit: str, *, part: str | None, words: str | None) -> dict[str, Any]:
    """A line as a good reader's model reads it."""
    return {
        "quote": quote, "document": 1, "part_number": part, "description": words, "quantity": quantity, "unit": unit,
        "unit_price": None, "requested_date": None,
    }  # fmt: skip


def reading(*lines: Mapping[str, Any], intent: str = "new_order", **more: Any) -> dict[str, Any]:
    """A whole reading; what is not given is not stated."""
    nothing = dict.fromkeys(("po_number", "po_date", "requested_date", "currency", "ship_to"))
    return {"intent": intent, "intent_quote": "", **nothing, "lines": list(lines), **more}


def quoted(value: str, quote: str) -> dict[str, Any]:
    """A header value and the words it stands in."""
    return {"value": value, "quote": quote, "document": 1}
