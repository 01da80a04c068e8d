"""The pinned client library over a connection of the test's own, its own limits and retries off."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
from langchain_core.messages import AIMessage
from langchain_openai import ChatOpenAI

from agents.reader.model.answer import OrderReading
from tools.models.asked import strict_schema

SCHEMA = strict_schema(OrderReading)
FORM = {"type": "json_schema", "json_schema": {"name": "OrderReading", "strict": True, "schema": SCHEMA}}
DEADLINE_S = 0.3
LONG = 10.0


def chat(http: httpx2.AsyncClient, base_url: str, model: str = "primary", **options: Any) -> ChatOpenAI:
    return ChatOpenAI(
        model=model, base_url=base_url, api_key="test-key", max_retries=0, http_async_client=http, **options
    )  # type: ignore[arg-type]


async def ask(llm: ChatOpenAI, text: str = "an order", form: dict[str, Any] = FORM) -> AIMessage:
    async with asyncio.timeout(LONG):
        return await llm.ainvoke([("system", "read"), ("user", text)], response_format=form)
