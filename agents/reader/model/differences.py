"""What is said where the two readings of a message differ, in sentences a clerk understands."""

from __future__ import annotations

from orderdesk.domain.base import plain
from orderdesk.domain.findings import Finding, Severity
from orderdesk.domain.orders import ArticleRef, DraftLine

_LONGEST = 160  # characters of a stranger's words in a sentence

NAMES = {
    "intent": "what is asked for",
    "po_number": "the order number",
    "po_date": "the date of the order",
    "requested_date": "the delivery date",
    "currency": "the currency",
    "ship_to": "the delivery place",
    "quantity": "the quantity",
    "uom": "the unit",
    "unit_price": "the price",
    "article": "the article",
}


def readings_differ(path: str, rules: str, model: str) -> Finding:
    """Rules and model read a value in two ways; the rules' stays until a person has decided."""
    return Finding(
        code="readings_differ", severity="approve", path=path, options=(shown(rules), shown(model)),
        facts={"rules": shown(rules), "model": shown(model)},
        message=f"For {_name(path)} the rules read '{shown(rules)}' and the model '{shown(model)}': look at it.",
    )  # fmt: skip


def only_rules(index: int, line: str) -> Finding:
    """A line the model did not read."""
    return Finding(
        code="readings_differ", severity="approve", path=f"lines[{index}]", options=(shown(line),),
        facts={"rules": shown(line), "model": ""},
        message=f"The rules read the line '{shown(line)}', the model does not: is it ordered?",
    )  # fmt: skip


def only_model(line: str) -> Finding:
    """A line the rules did not read; it does not enter the order."""
    return Finding(
        code="readings_differ", severity="approve", path="lines", options=(shown(line),),
        facts={"rules": "", "model": shown(line)},
        message=f"The model reads a line '{shown(line)}' that the rules do not: is it ordered?",
    )  # fmt: skip


def by_model_only(path: str, value: str, severity: Severity, why: str = "") -> Finding:
    """A value the rules left open. It does not enter the order unasked."""
    rest = why or "no rule reads it, so it is not taken without a person."
    return Finding(
        code="read_by_model_only", severity=severity, path=path, options=(shown(value),),
        facts={"model": shown(value)},
        message=f"The model takes '{shown(value)}' for {_name(path)}; {rest}",
    )  # fmt: skip


def lines_by_model_only(count: int) -> Finding:
    """No rule read a line: a person confirms all of them."""
    return Finding(
        code="read_by_model_only", severity="approve", path="lines",
        message=f"Only the model could read lines ({count}): compare them with the message before they are booked.",
    )  # fmt: skip


def evidence_missing(path: str, value: str, severity: Severity) -> Finding:
    """The words a model says it read do not stand in the message."""
    return Finding(
        code="model_evidence_missing", severity=severity, path=path, facts={"model": shown(value)},
        message=f"The model says '{shown(value)}', but the words it quotes for that stand nowhere; it was left out.",
    )  # fmt: skip


def unfounded(path: str, value: str, severity: Severity) -> Finding:
    """A model's value that does not follow from the words it quotes."""
    return Finding(
        code="model_value_unfounded", severity=severity, path=path, facts={"model": shown(value)},
        message=f"The model's '{shown(value)}' for {_name(path)} does not follow from the words it quotes; "
        "it was left out.",
    )  # fmt: skip


def shown(words: str) -> str:
    """Words of a message or a model, on one line and not longer than a sentence can carry."""
    words = " ".join(words.split())
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"


def line_words(line: DraftLine) -> str:
    """A line in short: '40 RL TAP-70110'."""
    quantity = plain(line.quantity.value) if line.quantity else "?"
    unit = line.uom.value if line.uom else line.uom_stated
    return " ".join(part for part in (quantity, unit, name_of(line.article.value)) if part)


def name_of(ref: ArticleRef) -> str:
    """What a line calls its article."""
    numbers = (ref.part, ref.seller_part, ref.buyer_part, ref.gtin, ref.manufacturer_part)
    return next((n for n in numbers if n), ref.description)


def _name(path: str) -> str:
    head, dot, field = path.rpartition(".")
    name = NAMES.get(field if dot else path, path)
    return f"{name} of line {int(head[6:-1]) + 1}" if head.startswith("lines[") else name
