"""A house whose ladder has models: those of a double, each with a price of its own."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from orderdesk.bootstrap import House, build_house
from orderdesk.settings import load_settings
from tests.support.chat_double import ChatDouble

# US dollars for a million tokens, in and out: a call of 1000 and 100 tokens costs 0.0012.
PRICED = {"input_usd_per_mtok": "1", "output_usd_per_mtok": "2"}
USAGE = (1000, 100)
COST = "0.0012"


def rung(double: ChatDouble, name: str, **more: Any) -> dict[str, Any]:
    """A rung of ORDERDESK_MODELS that asks a model of the double."""
    return {"model": name, "base_url": double.base_url, "api_key_env": "", **more}


@asynccontextmanager
async def house_with(url: str, home: Path, *rungs: dict[str, Any], **settings: Any) -> AsyncGenerator[House]:
    """A house over the demo company (fixture `demo_url`) with these rungs."""
    settings = {"ORDERDESK_MODELS": json.dumps(rungs), **settings}
    house = build_house(load_settings(DATABASE_URL=url, ORDERDESK_HOME=home, **settings), url)
    try:
        yield house
    finally:
        await house.close()


def reading(po: str, quantity: int = 400) -> dict[str, Any]:
    """What a model reads in `clean_order`: the same as the rules."""
    nuts = f"- {quantity} ea FST-10310 hex nut 1/2-13 zinc"
    rolls = "- 10 rolls CLN-80210 industrial wiping paper"
    return {
        "intent": "new_order", "intent_quote": "Please enter the following order",
        "po_number": {"value": po, "quote": f"PO number {po}", "document": 1},
        "po_date": None,
        "requested_date": {"value": "2026-03-13", "quote": "Deliver by March 13, 2026", "document": 1},
        "currency": None, "ship_to": None,
        "lines": [
            {"quote": nuts, "document": 1, "part_number": "FST-10310", "description": "hex nut 1/2-13 zinc",
             "quantity": str(quantity), "unit": "ea", "unit_price": None, "requested_date": None},
            {"quote": rolls, "document": 1, "part_number": "CLN-80210", "description": "industrial wiping paper",
             "quantity": "10", "unit": "rolls", "unit_price": None, "requested_date": None},
        ],
    }  # fmt: skip
