"""Delivery dates behind labels: those that can be read, those that contradict each other, those that cannot."""
# ruff: noqa: E501 - word lists

from __future__ import annotations

import re

from orderdesk.domain.findings import Finding
from tools.documents.order_headers import column_role

# What people write where no day is meant: nothing is lost by reading it as 'no date'.
_NO_DAY = re.compile(
    r"[\W_]*(?:(?:asap|a\.s\.a\.p\.?|as soon as possible|(?:as )?(?:usual|normal|standard|always|soonest|earliest|best(?: possible)?|immediate(?:ly)?|urgent|now|tbd|tba|n/?a|none|open|any|see (?:below|above|lines?|items?|table|attached)|per line|stock|ex stock|"
    r"wie (?:üblich|immer)|normal|standard|sofort|schnellstmöglich|baldmöglichst|umgehend|dringend|siehe (?:unten|oben|positionen?)|offen|keine|lo antes posible|cuanto antes|urgente|inmediat[oa]|habitual|normal|como siempre|según líneas|"
    r"dès que possible|au plus (?:vite|tôt)|urgent|immédiat[e]?|habituel(?:le)?|comme d'habitude|standard|voir (?:ci-dessous|lignes))\b[^\d]{0,60})[.! ]*)?[\W_]*",
    re.IGNORECASE,
)
# 'Delivery: to our plant', 'Livraison : 18 rue ...': the word also heads addresses and terms
_BARE_WORD = re.compile(
    r"(?:delivery|deliver|lieferung|anlieferung|liefern|entrega|suministro|livraison|termin|requested|required|needed|due|wanted|levering|consegna|plazo|délai|lieferzeit)[ \xa0]*(?:\([^()]*\))?[ \xa0]*[:|\t]",
    re.IGNORECASE,
)
_DATE_LIKE = re.compile(
    r"\d{1,4}\s?[./-]\s?\d{1,2}(?:\s?[./-]\s?\d{1,4})?|\b\d+(?:[-–]\d+)? ?(?:days?|weeks?|months?|tage?n?|wochen?|días?|semanas?|jours?|semaines?|mois)\b|\b(?:kw|week|wk)\b",
    re.IGNORECASE,
)


# 'TOTAL DUE 30,099.85', 'Amount due: $50.00': what is due there is money
_AMOUNT = re.compile(
    r"(?:[$€£]|[A-Z]{3})\s?\d[\d.,' ]*|\d{3,}[.,]\d{2}|\d{1,3}(?:[,.' ]\d{3})+[.,]\d{2}(?:\s?[€$£])?"
)


def unreadable_date(text: str, label_start: int, start: int, value: str) -> Finding | None:
    """The question about a labelled delivery date that is none we can read; None where no day is meant.

    `value` stands at `start` behind a label that begins at `label_start`.
    """
    between = text[label_start:start]
    if not re.search(r"[:|\t]", between):
        return None  # words of a sentence ('needed by the night shift'), no form field
    value = re.split(r"\t| {2,}", value)[0].strip()
    if (
        _NO_DAY.fullmatch(value)
        or _AMOUNT.fullmatch(value)
        or column_role(value) is not None
        or value.endswith(":")
    ):
        return None
    if _BARE_WORD.match(between) and not _DATE_LIKE.search(value):
        return None
    return Finding(
        code="date_unreadable", severity="clarify", path="requested_date", question="date_unreadable",
        message=f"The delivery date is given as '{value}', which cannot be read as a day.",
        facts={"value": value},
    )  # fmt: skip


def conflicting_dates(days: list[str]) -> Finding:
    """The question about several delivery dates for one order; `days` in ISO form."""
    options = tuple(sorted(dict.fromkeys(days)))
    return Finding(
        code="date_conflict", severity="clarify", path="requested_date", question="date_conflict",
        message=f"The message names several delivery dates: {', '.join(options)}.", options=options,
    )  # fmt: skip
