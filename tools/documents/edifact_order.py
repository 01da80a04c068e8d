"""One EDIFACT order (ORDERS) or order change (ORDCHG) as a draft."""

from __future__ import annotations

from decimal import Decimal

from orderdesk.domain.evidence import Stated
from orderdesk.domain.orders import Intent, OrderDraft, PartyRef
from tools.documents.edi_segments import Segment
from tools.documents.edifact_line import (
    REQUESTED_DATES,
    EdifactLine,
    charges,
    date_notes,
    free_text,
    ordered_sum,
    read_day,
)
from tools.documents.edifact_parties import BILL_TO, BUYER, SHIP_TO, SUPPLIER, EdifactParty, chosen
from tools.documents.stated import Notebook, exact, joined

# 1225 message function. An order that says nothing is an original.
_FUNCTIONS: dict[str, Intent] = {
    "": "new_order",
    "9": "new_order",
    "6": "new_order",
    "7": "new_order",
    "31": "new_order",
    "46": "new_order",
    "1": "cancel_order",
    "3": "cancel_order",
    "2": "change_order",
    "4": "change_order",
    "5": "change_order",
    "20": "change_order",
    "36": "change_order",
}
_UNUSUAL = {"6": "a confirmation", "7": "a duplicate", "31": "a copy", "46": "provisional"}
_LANGUAGES = {"DE": "de", "EN": "en", "ES": "es", "FR": "fr", "IT": "it", "NL": "nl"}


def read_order(segments: list[Segment], sender: tuple[str, ...], document_id: str) -> OrderDraft:
    """The order between UNH and UNT (both included). Never fails: what is wrong becomes a finding."""
    notes = Notebook(document_id, comma_is_point=True)
    change = segments[0].get(2).upper() == "ORDCHG"
    heading, lines, summary = _sections(segments)
    parties = _parties(heading)
    bgm = next((s for s in heading if s.tag == "BGM"), None)
    intent = _intent(bgm, notes, change=change)
    # In reverse, so that the first of several wins.
    dates = {s.get(1): s for s in reversed(heading) if s.tag == "DTM"}
    requested = next((d for d in REQUESTED_DATES if d in dates), "")
    drafted = tuple(line.value(n, notes, change=change) for n, line in enumerate(lines))
    _check_counts(summary, lines, notes)
    if not drafted and intent.value == "new_order":
        _missing(notes, "LIN", "the order has no lines", "lines")
    number = notes.text(bgm.at(2)) if bgm else None
    if bgm is not None and number is None:
        _missing(notes, "BGM", "the order has no number (element 1004)", "po_number")
    return OrderDraft(
        intent=intent,
        po_number=number,
        po_date=read_day(dates.get("137") or dates.get("4"), notes, "po_date", "order date"),
        requested_date=read_day(dates.get(requested), notes, "requested_date", "requested date"),
        currency=_currency(heading, notes),
        buyer=_known_as(chosen(parties, BUYER) or PartyRef(), sender, heading),
        ship_to=chosen(parties, SHIP_TO),
        bill_to=chosen(parties, BILL_TO),
        supplier=chosen(parties, SUPPLIER),
        payment_terms=_payment(heading),
        freight_terms=_freight(heading),
        contract=_reference(heading, ("CT", "BO", "AAG", "AAL", "PL")),
        is_revision=intent.value != "new_order",
        lines=drafted,
        stated_net_total=_total(
            summary or heading, ("79", "86", "128", "125", "139"), notes, "stated_net_total"
        ),
        charges_total=_charges(heading, summary, notes),
        stated_tax_total=_tax(summary, notes),
        note=joined([free_text(s) for s in heading if s.tag == "FTX"] + date_notes(dates, requested)),
        language=_language(heading),
        findings=tuple(notes.findings),
        source_document_id=document_id,
        reply_format="edifact",
    )


def _sections(segments: list[Segment]) -> tuple[list[Segment], list[EdifactLine], list[Segment]]:
    """Heading up to the first LIN, lines, summary from UNS+S."""
    heading: list[Segment] = []
    lines: list[EdifactLine] = []
    summary: list[Segment] = []
    in_summary = False
    for segment in segments[1:]:
        if segment.tag == "UNS":
            # UNS+D opens the details of a few message types; anything else closes them.
            in_summary = segment.get(1).upper() != "D"
        elif in_summary or segment.tag in ("CNT", "UNT"):
            summary.append(segment)
        elif segment.tag == "LIN":
            lines.append(EdifactLine(segment))
        elif lines:
            lines[-1].take(segment)
        else:
            heading.append(segment)
    return heading, lines, summary


def _parties(heading: list[Segment]) -> list[EdifactParty]:
    parties: list[EdifactParty] = []
    current: EdifactParty | None = None
    for segment in heading:
        if segment.tag == "NAD":
            current = EdifactParty(segment)
            parties.append(current)
        elif current is not None and not current.take(segment):
            current = None
    return parties


def _intent(bgm: Segment | None, notes: Notebook, *, change: bool) -> Stated[Intent]:
    # The function is 1225; D.96A writes it in the third element, syntax 4 directories too.
    code = bgm.get(3) if bgm else ""
    place = bgm.at(3) if bgm else None
    intent = _FUNCTIONS.get(code, "new_order")
    if change and intent == "new_order":
        intent = "change_order"
    elif code in _UNUSUAL or code not in _FUNCTIONS:
        what = f"it is {_UNUSUAL[code]}" if code in _UNUSUAL else f"its function is '{code}'"
        notes.note(
            "order_purpose_unusual",
            "approve",
            f"The order says {what}: check what is meant and whether it was booked before.",
            path="intent",
            purpose=code,
        )
    return notes.stated(intent, place)


def _currency(heading: list[Segment], notes: Notebook) -> Stated[str] | None:
    for cux in (s for s in heading if s.tag == "CUX"):
        for element in range(1, len(cux)):
            if cux.get(element) == "2" or len(cux) == 2:
                return notes.text(cux.at(element, 1))
    return None


def _known_as(buyer: PartyRef, sender: tuple[str, ...], heading: list[Segment]) -> PartyRef:
    """The buyer with the interchange sender's ids, by which a trading partner is known."""
    # After the first NAD a reference belongs to the party above it.
    own = heading[: next((n for n, s in enumerate(heading) if s.tag == "NAD"), len(heading))]
    account = buyer.customer_number or _reference(own, ("API", "IT", "ADE"))
    ids = tuple(dict.fromkeys((*buyer.ids, *sender)))
    return buyer.model_copy(update={"ids": ids, "customer_number": account})


def _reference(heading: list[Segment], codes: tuple[str, ...]) -> str:
    found = (s.get(1, 1) for code in codes for s in heading if s.tag == "RFF" and s.get(1) == code)
    return next((value for value in found if value), "")


def _payment(heading: list[Segment]) -> str:
    words: list[str] = []
    for pat in (s for s in heading if s.tag == "PAT"):
        days = f"{pat.get(3, 3)} days" if pat.get(3, 3) else ""
        words.append(joined([pat.get(2, 3), pat.get(2, 4), days, pat.get(2)], " "))
    return joined(words, "; ")


def _freight(heading: list[Segment]) -> str:
    tod = next((s for s in heading if s.tag == "TOD"), None)
    return joined([tod.get(3), tod.get(3, 3), tod.get(3, 4)], " ") if tod else ""


def _total(
    segments: list[Segment], codes: tuple[str, ...], notes: Notebook, path: str
) -> Stated[Decimal] | None:
    found = next((s for c in codes for s in segments if s.tag == "MOA" and s.get(1) == c), None)
    return notes.number(found.at(1, 1) if found else None, path, "order total")


def _charges(heading: list[Segment], summary: list[Segment], notes: Notebook) -> Decimal | None:
    stated = charges(heading, notes, "charges_total")
    return stated if stated is not None else charges(summary, notes, "charges_total")


def _tax(summary: list[Segment], notes: Notebook) -> Decimal | None:
    stated = _total(summary, ("176", "124"), notes, "stated_tax_total")
    return stated.value if stated else None


def _language(heading: list[Segment]) -> str:
    for segment in heading:
        code = segment.get(5).upper() if segment.tag == "FTX" else ""
        if code in _LANGUAGES:
            return _LANGUAGES[code]
    return "en"


def _check_counts(summary: list[Segment], lines: list[EdifactLine], notes: Notebook) -> None:
    for cnt in (s for s in summary if s.tag == "CNT"):
        said = exact(cnt.get(1, 1), comma=True)
        if said is None:
            continue
        if cnt.get(1) == "2" and said != len(lines):
            notes.count("CNT 2", said, len(lines), "order lines")
        elif cnt.get(1) == "1" and said != ordered_sum(lines):
            notes.count("CNT 1", said, ordered_sum(lines), "sum of the ordered quantities")


def _missing(notes: Notebook, tag: str, why: str, path: str) -> None:
    notes.note(
        "edi_segment_missing",
        "reject",
        f"Mandatory segment {tag}: {why}; the partner has to send the order again.",
        path=path,
        segment=tag,
    )
