"""Header facts of a mail: order number, dates, currency, ship-to, terms, references."""
# ruff: noqa: E501 - word lists

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from agents.reader.rules.sites import named_site
from agents.reader.rules.wanted import labelled_date, requested_date, stated_date
from orderdesk.domain.base import Value
from orderdesk.domain.documents import Document
from orderdesk.domain.evidence import Evidence, Stated
from orderdesk.domain.findings import Finding
from orderdesk.domain.orders import PartyRef
from tools.documents.order_address import read_addresses
from tools.documents.order_labels import Labelled, find_labelled, normal_number
from tools.documents.signals import share
from tools.documents.written_dates import FoundDate
from tools.documents.written_prices import currency_code

_COMPLETE = re.compile(
    r"\b(?:ship complete|complete (?:delivery|shipment)s? only|(?:no|not accept(?:ed)?) partial (?:deliver|ship)\w*|partial (?:deliver|ship)\w*(?: (?:are|is|will))? (?:not|un)[\w ]{0,12}(?:accept|allow|permit)\w*|do not (?:ship|send) partial\w*|in one (?:delivery|shipment)|"
    r"keine teillieferung(?:en)?|nur (?:komplett|vollständig)\w*|komplettlieferung|teillieferung(?:en)? (?:sind |ist )?(?:nicht|unzulässig)|"
    r"(?:no|sin) (?:se aceptan )?(?:entregas?|envíos?) parcial(?:es)?|entrega(?:r)? complet[ao]|envío completo|una sola entrega|"
    r"(?:pas de|aucune) livraisons? partielles?|livraison complète|en une seule livraison)\b",
    re.IGNORECASE,
)
_PARTIAL = re.compile(
    r"\b(?:partial (?:deliver|ship)\w*(?: (?:are|is))? (?:ok|okay|fine|accept\w*|allow\w*|possible|welcome)|split (?:deliver|ship)\w* (?:ok|fine|accept\w*)|"
    r"teillieferung(?:en)?(?: (?:sind|ist))? (?:ok|möglich|erlaubt|zulässig|in ordnung|akzeptiert)|(?:se aceptan|aceptamos) (?:entregas|envíos) parciales|livraisons? partielles? (?:acceptées?|possibles?|autorisées?))\b",
    re.IGNORECASE,
)
_ASAP = re.compile(
    r"\b(?:asap|a\.s\.a\.p|as soon as possible|urgent(?:ly)?|immediately|right away|so schnell wie möglich|schnellstmöglich|baldmöglichst|umgehend|dringend|eilig|sofort|"
    r"lo antes posible|cuanto antes|urgente|dès que possible|au plus vite|au plus tôt|en urgence)\b",
    re.IGNORECASE,
)


class Header(Value):
    """The header facts of a text; None and '' = not stated."""

    po_number: Stated[str] | None = None
    po_date: Stated[date] | None = None
    requested_date: Stated[date] | None = None
    currency: Stated[str] | None = None
    ship_to: PartyRef | None = None
    bill_to: PartyRef | None = None
    customer_number: str = ""
    payment_terms: str = ""
    freight_terms: str = ""
    contract: str = ""
    ship_complete: bool | None = None
    findings: tuple[Finding, ...] = ()


def read_header(
    document: Document,
    subject: str,
    *,
    today: date,
    day_first: bool | None,
    owned: Sequence[tuple[int, int]] = (),
    shared_date: FoundDate | None = None,
) -> Header:
    """The header facts of a mail's body and subject; the body's order number wins over the subject's.

    `owned` are the places of dates that belong to single lines, `shared_date` the day all lines ask for.
    """
    text, document_id = document.text, document.document_id
    findings: list[Finding] = []
    labelled = find_labelled(text)
    po_number = _po_number(labelled, find_labelled(subject, ("po_number",)), text, document_id, findings)
    po_date = labelled_date(labelled, "po_date", text, document_id, today, day_first, findings)
    wanted = labelled_date(labelled, "requested_date", text, document_id, today, day_first, findings, owned)
    if wanted is None and shared_date is not None:
        wanted = stated_date(shared_date, text, document_id, "requested_date", True, findings)
    if wanted is None and not any(f.code == "date_unreadable" for f in findings):
        wanted = requested_date(text, document_id, today, day_first, findings, owned)
    if wanted is None and _ASAP.search(text):
        findings.append(Finding(
            code="date_asap", severity="info", path="requested_date",
            message="The customer wants it as soon as possible; no day is stated.",
        ))  # fmt: skip
    ship_to, bill_to, doubts = _addresses(text)
    findings += doubts
    code = _first(labelled, "ship_to_code")
    if code:
        ship_to = (ship_to or PartyRef()).model_copy(update={"code": code})
    currency = next((f for f in labelled if f.role == "currency" and currency_code(f.value)), None)
    complete = True if _COMPLETE.search(text) else False if _PARTIAL.search(text) else None
    return Header(
        po_number=po_number, po_date=po_date, requested_date=wanted,
        currency=Stated(
            value=currency_code(currency.value), method="rules", confidence=share(named=True, exact=True),
            evidence=_evidence(text, document_id, currency.start, currency.end),
        ) if currency else None,
        ship_to=ship_to, bill_to=bill_to, customer_number=_first(labelled, "customer_number"),
        payment_terms=_first(labelled, "payment_terms"), freight_terms=_first(labelled, "freight_terms"),
        contract=_first(labelled, "contract"), ship_complete=complete, findings=tuple(findings),
    )  # fmt: skip


def _po_number(
    labelled: Sequence[Labelled],
    in_subject: Sequence[Labelled],
    text: str,
    document_id: str,
    findings: list[Finding],
) -> Stated[str] | None:
    body = [f for f in labelled if f.role == "po_number"]
    strong = [f for f in body if f.strong] or body
    distinct = list(dict.fromkeys(normal_number(f.value) for f in strong))
    if strong:
        first = strong[0]
        subject_numbers = {normal_number(f.value) for f in in_subject}
        options = list(dict.fromkeys(f.value for f in strong))
        if in_subject and not subject_numbers & set(distinct):
            options.append(in_subject[0].value)
        if len(options) > 1 and (len(distinct) > 1 or not subject_numbers & set(distinct)):
            findings.append(Finding(
                code="po_number_conflict", severity="clarify", path="po_number", question="po_number_conflict",
                message=f"The message states several order numbers: {', '.join(options)}.", options=tuple(options),
            ))  # fmt: skip
        # in a subject a number stands as the title of what follows; the same number there names it, too
        return Stated(
            value=first.value, method="rules",
            confidence=share(
                named=first.named or normal_number(first.value) in subject_numbers, exact=True,
                one_reading=len(options) == 1,
            ),
            evidence=_evidence(text, document_id, first.start, first.end),
        )  # fmt: skip
    if not in_subject:
        return None
    found = in_subject[0]
    return Stated(
        value=found.value, method="rules",
        confidence=share(
            named=True, one_reading=len({normal_number(f.value) for f in in_subject}) == 1, exact=True
        ),
        evidence=Evidence(document_id=document_id, quote=found.value, locator="subject"),
    )  # fmt: skip


def _addresses(text: str) -> tuple[PartyRef | None, PartyRef | None, tuple[Finding, ...]]:
    ship_to, bill_to, findings = read_addresses(text)
    if ship_to is None:
        ship_to = named_site(text)
        if ship_to is not None:
            findings = tuple(f for f in findings if f.code != "ship_to_unreadable")
    return ship_to, bill_to, findings


def _first(labelled: Sequence[Labelled], role: str) -> str:
    return next((f.value for f in labelled if f.role == role), "")


def _evidence(text: str, document_id: str, start: int, end: int) -> Evidence:
    return Evidence(document_id=document_id, start=start, end=end, quote=text[start:end])
