"""Rows and text lines that are totals, taxes or charges, not order lines."""
# ruff: noqa: E501 - word lists, one kind a line

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from orderdesk.domain.base import DecimalString, Value
from tools.documents.order_headers import fold_label
from tools.documents.written_numbers import Convention, parse_number
from tools.documents.written_prices import CURRENCY, currency_code

TotalKind = Literal["net", "gross", "tax", "charge", "discount"]

_KINDS: tuple[tuple[TotalKind, str], ...] = (
    ("net", r"sub ?total|net total|total net|net amount|net value|total net value|nettosumme|summe netto|netto ?betrag|netto|gesamt netto|gesamtnetto|zwischensumme|warenwert|total ht|montant ht|sous total|total hors taxe|base imponible|suma|total neto|importe neto|subtotale|imponibile|subtotaal|total excl(?:uding)? (?:vat|tax)|total before tax|merchandise total|lines? total|goods total|total goods"),
    ("tax", r"(?:sales |plus |zzgl |incl |less |inkl )?(?:tax|vat|gst|hst|mwst|mw st|ust|umsatzsteuer|mehrwertsteuer|iva|tva|btw)(?: (?:amount|total|rate|due|betrag))?|total (?:tax|vat|iva|tva)|taxes"),
    ("charge", r"(?:shipping|freight|handling|delivery|insurance|carriage|postage|versand|fracht|porto|transport|verpackung|portes|envio|gastos de envio|transporte|flete|frais|frais de port|port|livraison|spedizione|verzendkosten|ship ins|s h)(?: (?:and|und|y|et|kosten|charges?|costs?|cost|fee|handling|insurance|pauschale))*|versandkosten|frachtkosten|surcharge|misc(?:ellaneous)?|other(?: charges| costs)?|fuel surcharge|mindermengenzuschlag"),
    ("discount", r"(?:total |order )?(?:discount|rabatt|skonto|descuento|dto|remise|sconto|korting)"),
    ("gross", r"(?:grand |order |po |overall |final |gross |invoice |estimated )?(?:total|totals|totale|totaal)(?: (?:amount|due|order|order value|value|price|general|ttc|a pagar|amount due|general|pedido|commande|eur|usd|gbp|chf|price|cost|qty|quantity|brutto|incl vat|net))*|gesamt(?:summe|betrag|preis|wert)?(?: (?:eur|brutto))?|summe|endbetrag|endsumme|bruttosumme|importe total|order value|bestellwert|auftragswert|amount due|balance due|total de la commande|total del pedido"),
)  # fmt: skip
_COMPILED: tuple[tuple[TotalKind, re.Pattern[str]], ...] = tuple((kind, re.compile(p)) for kind, p in _KINDS)
_AMOUNT = r"[-(]?(?:US\$|[$€£])?[ ]?\d[\d.,'’ \u00a0]*(?:[.,]-)?\)?(?: ?(?:€|EUR|USD|GBP|\$|£|CHF))?"
_TEXT_LINE = re.compile(
    rf"(?m)^[ \t]*(?P<label>[^\d\n:]{{3,40}}?(?:\d{{1,2}}(?:[.,]\d{{1,2}})? ?%)?)[ \t]*:?[ \t]*(?P<cur>EUR|USD|GBP|CHF)?[ \t]*(?P<amount>{_AMOUNT})[ \t]*$"
)


class Totals(Value):
    """What an order says about its sums; None = not stated."""

    net: DecimalString | None = None
    gross: DecimalString | None = None
    tax: DecimalString | None = None
    charges: DecimalString | None = None
    quote: str = ""
    start: int = -1
    end: int = -1


def total_kind(label: str) -> TotalKind | None:
    """Which total a label names; None where it names none. '20 %' and currencies in it do not count."""
    folded = re.sub(r"\b(?:\d+|eur|usd|gbp|chf)\b", " ", fold_label(label.replace("%", " ")))
    folded = " ".join(folded.split())
    if not folded:
        return None
    return next((kind for kind, pattern in _COMPILED if pattern.fullmatch(folded)), None)


def row_total(cells: Sequence[str], convention: Convention | None) -> tuple[TotalKind, Decimal | None] | None:
    """(kind, amount) of a totals row, None where the row is not one."""
    texts = [" ".join(c.split()) for c in cells if c.strip()]
    for position, text in enumerate(texts):
        label, _, inside = text.partition(":")
        kind = total_kind(label) or total_kind(re.sub(rf"{_AMOUNT}$", "", text))
        if kind is None or any(re.search(r"[A-Za-z]{3}", t) and not total_kind(t) for t in texts[:position]):
            continue
        for candidate in reversed([*texts[position + 1 :], inside, re.sub(r"^[^\d-]*", "", text)]):
            amount = (
                parse_number(candidate, convention) if candidate.strip() and "%" not in candidate else None
            )
            if amount is not None:
                return kind, amount
        return kind, None
    return None


def add_total(totals: Totals, kind: TotalKind, amount: Decimal | None) -> Totals:
    """The totals with one more stated sum; several charges add up, the first of any other kind stays."""
    if amount is None:
        return totals
    if kind in ("charge", "discount"):
        signed = -abs(amount) if kind == "discount" else amount
        return totals.model_copy(update={"charges": (totals.charges or Decimal(0)) + signed})
    name = {"net": "net", "gross": "gross", "tax": "tax"}[kind]
    return totals if getattr(totals, name) is not None else totals.model_copy(update={name: amount})


def total_currency(text: str) -> tuple[str, int, int] | None:
    """The currency that the totals name ('Nettosumme EUR 273,75', 'TOTAL 10,00 €') and its place; None for
    none, or for several."""
    found: dict[str, tuple[int, int]] = {}
    for match in _TEXT_LINE.finditer(text):
        mark = CURRENCY.search(match.group()) if total_kind(match["label"]) else None
        code = currency_code(mark.group()) if mark else ""
        if mark and code:
            found.setdefault(code, (match.start() + mark.start(), match.start() + mark.end()))
    if len(found) != 1:
        return None
    ((code, (start, end)),) = found.items()
    return code, start, end


def text_totals(text: str, convention: Convention | None) -> Totals:
    """Totals that stand on lines of their own in running text ('SUBTOTAL 5,760.00')."""
    totals = Totals()
    for match in _TEXT_LINE.finditer(text):
        kind = total_kind(match["label"])
        if kind is None:
            continue
        amount = parse_number(match["amount"], convention)
        before = totals
        totals = add_total(totals, kind, amount)
        if kind in ("net", "gross") and totals != before and (kind == "net" or totals.start < 0):
            start = match.start("amount")
            quote = match["amount"].rstrip()
            totals = totals.model_copy(update={"quote": quote, "start": start, "end": start + len(quote)})
    return totals
