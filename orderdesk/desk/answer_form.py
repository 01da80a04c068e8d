"""A decision from the page's forms: an approval with changed fields is an edit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orderdesk.review.answers import InvalidAnswer

# Reasons a clerk picks from; the note says the rest. The keys stand in the form, the sentence in the log.
REASONS = {
    "duplicate": "Duplicate order",
    "not_an_order": "Not an order",
    "credit": "Customer blocked or over the credit limit",
    "wrong_customer": "Wrong customer",
    "cannot_supply": "We cannot supply this",
    "other": "Other",
}
FIELD = "field:"  # before a field's path in the form, so that no path can pass for another input


def answer_from(form: Mapping[str, str], payload: Mapping[str, Any]) -> dict[str, Any]:
    """The form's decision in the wire format of orderdesk.review/1. Raises InvalidAnswer."""
    match form.get("decision"):
        case "approve":
            decision = _approve_or_edit(form, payload)
        case "reject":
            decision = {"type": "reject", "message": _reason(form)}
        case "respond":
            decision = {"type": "respond", "message": form.get("question", "")}
        case _:
            raise InvalidAnswer("Choose what to do: approve, reject or ask the customer.")
    return {"decisions": [decision]}


def edits_in(form: Mapping[str, str], payload: Mapping[str, Any]) -> dict[str, str]:
    """What a person changed: the fields whose value is no longer the one shown."""
    shown = {field["path"]: field["value"] for field in payload["review"]["fields"]}
    entered = {
        name.removeprefix(FIELD): value.strip() for name, value in form.items() if name.startswith(FIELD)
    }
    return {path: value for path, value in entered.items() if value != shown.get(path)}


def _approve_or_edit(form: Mapping[str, str], payload: Mapping[str, Any]) -> dict[str, Any]:
    edits = edits_in(form, payload)
    if not edits:
        return {"type": "approve"}
    name = payload["action_requests"][0]["name"]
    return {"type": "edit", "edited_action": {"name": name, "args": edits}}


def _reason(form: Mapping[str, str]) -> str:
    reason, note = form.get("reason", ""), form.get("note", "").strip()
    if reason not in REASONS:
        raise InvalidAnswer("Give a reason with every rejection.")
    if reason == "other":
        if not note:
            raise InvalidAnswer("Write in the note why it is rejected.")
        return note
    return f"{REASONS[reason]}: {note}" if note else REASONS[reason]
