"""How values are written for people: money, numbers, times, and the words for our codes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

KINDS = {
    "fields": "Check fields",
    "value": "Approval",
    "email": "Outgoing e-mail",
    "purchase": "Purchase",
    "handoff": "Hand-off",
}
OUTCOMES = {
    "booked": "Booked",
    "changed": "Changed",
    "cancelled": "Cancelled",
    "answered": "Answered",
    "waiting_review": "Waits for a person",
    "waiting_customer": "Waits for the customer",
    "rejected": "Rejected",
    "duplicate": "Duplicate",
    "not_an_order": "Not an order",
    "split": "Split",
    "dead_letter": "Failed",
}
TONES = {
    "booked": "good",
    "changed": "good",
    "cancelled": "good",
    "answered": "good",
    "waiting_review": "warn",
    "waiting_customer": "warn",
    "rejected": "bad",
    "dead_letter": "bad",
}
# The states of an effect in which a person has to settle it: what it is called, and what it means.
EFFECT_STATES: dict[str, dict[str, str]] = {
    "ambiguous": {
        "label": "Unclear",
        "why": "It may have been sent and may not: look for its Message-ID or key on the other side.",
    },
    "failed": {"label": "Failed", "why": "It was not sent: it was refused, or tried too often."},
}
EFFECT_TONES = {"done": "good", "ambiguous": "bad", "failed": "bad", "dropped": ""}
INCIDENTS = {
    "effect_stuck": "not sent",
    "case_stuck": "case keeps breaking",
    "server_thread": "unknown thread",
}
SEVERITIES = {
    "reject": ("Refuse", "bad"),
    "approve": ("A person decides", "warn"),
    "clarify": ("Ask", "warn"),
    "info": ("Note", ""),
}
SOON_S = 30 * 60
_LINE = re.compile(r"lines\[(\d+)\](?:\.(\w+))?$")
_NAMES = {"sku": "article", "uom": "unit", "po_number": "order number", "ship_to_code": "ship to"}


def money(amount: Any, currency: str | None) -> str:
    """'1,678.60 EUR'; a dash where the amount is unknown."""
    value = _decimal(amount)
    if value is None:
        return "–"
    digits = 2 if value == round(value, 2) else -int(value.as_tuple().exponent)
    return f"{value:,.{digits}f} {currency or ''}".strip()


def cost(amount: Any) -> str:
    """'0.0012 USD', or that nobody knows: a price that is missing is never shown as nothing."""
    return "cost not known" if amount is None else money(amount, "USD")


def number(value: Any) -> str:
    """A decimal without needless zeros; whatever else it is, as it stands."""
    exact = _decimal(value)
    if exact is None:
        return "–" if value in (None, "") else str(value)
    text = f"{exact:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def day(value: Any) -> str:
    """'3 Mar 2026' of a date, a time or an ISO string."""
    found = _moment(value)
    if found is None:
        return "–" if value in (None, "") else str(value)
    return f"{found.day} {found:%b %Y}"


def moment(value: Any) -> str:
    """'3 Mar 2026, 09:02 UTC'; every time on a page is in UTC."""
    found = _moment(value)
    return f"{found.day} {found:%b %Y, %H:%M} UTC" if isinstance(found, datetime) else day(value)


def clock(value: datetime) -> str:
    """The time of day, to the second."""
    return f"{value:%H:%M:%S}"


def percent(value: float) -> str:
    """'61 %'."""
    return f"{value * 100:.0f} %"


def step_facts(entry: Mapping[str, Any]) -> str:
    """How sure a step was, how long it took and, where a model was asked, what that cost: 'gpt-4.1-mini · 95 ms'."""
    facts: list[str] = []
    asked = entry["cost_usd"] != 0 or entry["tokens_in"] > 0
    if asked and entry["actor"] != "rules":
        facts.append(str(entry["actor"]))
    if entry["confidence"] is not None:
        facts.append(f"confidence {percent(entry['confidence'])}")
    if entry["latency_ms"]:
        facts.append(f"{entry['latency_ms']} ms")
    if asked:
        facts += [f"{entry['tokens_in'] + entry['tokens_out']} tokens", cost(entry["cost_usd"])]
    return " · ".join(facts)


def words(code: str | None) -> str:
    """A code as words: 'not_an_order' as 'Not an order'."""
    return (code or "").replace("_", " ").capitalize()


def sentence(text: str) -> str:
    """A text that begins with a capital letter."""
    return text[:1].upper() + text[1:]


def initials(name: str) -> str:
    """Up to two letters for a round picture."""
    return "".join(part[0] for part in name.split()[:2]).upper()


def json_text(value: Any) -> str:
    """JSON, indented, for those who want to see everything."""
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)


def duration(seconds: float) -> str:
    """'25 min', '2 h 05', '3 days'; less than a minute is none."""
    minutes = int(seconds // 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60:02d}"
    return f"{minutes // (24 * 60)} days"


def due_text(due: datetime, now: datetime) -> str:
    """'in 25 min', '2 h 05 late', 'in 3 days'."""
    span = duration(abs((due - now).total_seconds()))
    return f"{span} late" if due < now else f"in {span}"


def due_tone(due: datetime, now: datetime) -> str:
    """Red when late, amber within half an hour."""
    left = (due - now).total_seconds()
    return "bad" if left < 0 else "warn" if left < SOON_S else ""


def path_words(path: str) -> str:
    """'lines[0].unit_price' as 'Line 1 unit price'."""
    line = _LINE.match(path)
    name = line[2] or "" if line else path
    text = _NAMES.get(name, name.replace("_", " "))
    return f"Line {int(line[1]) + 1} {text}".strip() if line else sentence(text)


def _decimal(value: Any) -> Decimal | None:
    try:
        return None if value is None or value == "" else Decimal(str(value))
    except InvalidOperation:
        return None


def _moment(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) and value else None
    except ValueError:
        return None
