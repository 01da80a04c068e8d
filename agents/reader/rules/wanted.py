"""The days an order asks for: behind labels, behind words of wanting, and those that belong to one line."""
# ruff: noqa: E501 - word lists

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from orderdesk.domain.evidence import Evidence, Stated
from orderdesk.domain.findings import Finding
from tools.documents.order_cells import date_finding
from tools.documents.order_dates import conflicting_dates, unreadable_date
from tools.documents.order_labels import Labelled
from tools.documents.signals import share
from tools.documents.written_dates import FoundDate, find_dates

_WANTED = re.compile(
    r"(?:\b(?:by|before|until|till|no later than|not later than|latest|deliver(?:y|ed)?|ship(?:ped|ping)?|need(?:ed)?|require[ds]?|arrive[sd]?|due|for|on|requested|want(?:ed)?|here|"
    r"bis(?: zum| spätestens)?|zum|spätestens|liefer\w*|am|termin|benötigt|brauchen|anlieferung|ab|für|"
    r"para|antes del?|entreg\w*|hasta|el|suministro|fecha|a más tardar|"
    r"pour|avant|livr\w*|d'ici|le|au plus tard|souhaité\w*)\b[^.\n]{0,24})$",
    re.IGNORECASE,
)
_ORDER_DATE = re.compile(
    r"(?:\b(?:dated|date|vom|datum|de fecha|fecha|du|en date du|order date|invoice|quote|quotation|offer|angebot|oferta|devis|last|sent|placed on|our order of)\b[^.\n\d]{0,14})$",
    re.IGNORECASE,
)
# days on which something else than a delivery is to happen, or has happened
_OTHER_DAY = re.compile(
    r"\b(?:confirm(?:ation)?|reply|replies|answer|respond|response|let (?:me|us) know|get back|call(?:ed)?|phone|email|e-mail|quot(?:e|ation)|meeting|meet|spoke|talked|discussed|agreed|valid(?:ity)?|prices?|payment|paid|invoiced?|closed|holiday|vacation|out of|back (?:in|on)|visit|received|arrived|ordered|sent|shut ?down|inventory|stock-?taking|"
    r"bestätig\w*|auftragsbestätigung|antwort\w*|rückmeldung|anruf\w*|telefonat|besprochen|vereinbart|gültig\w*|preise?|zahl\w*|rechnung|geschlossen|urlaub|betriebsferien|inventur|besuch|erhalten|geliefert wurde|bestellt am|"
    r"confirm\w*|respond\w*|respuesta|contest\w*|llam\w*|hablamos|reunión|válid\w*|vigente|precios?|pago|factura|cerrad\w*|vacaciones|recibid\w*|"
    r"répon\w*|appel\w*|réunion|valable|prix|paiement|facture|fermé\w*|congés|vacances|reçu\w*)\b",
    re.IGNORECASE,
)
_DELIVER = re.compile(
    r"\b(?:deliver\w*|ship\w*|need\w*|arriv\w*|send|require\w*|want\w*|here|liefer\w*|brauch\w*|benötig\w*|anliefer\w*|entreg\w*|necesit\w*|envi\w*|enví\w*|suministr\w*|livr\w*|besoin|faut|expédi\w*)\b",
    re.IGNORECASE,
)


def labelled_date(
    labelled: Sequence[Labelled], role: str, text: str, document_id: str, today: date, day_first: bool | None,
    findings: list[Finding], owned: Sequence[tuple[int, int]] = (),
) -> Stated[date] | None:  # fmt: skip
    """The date behind a label; one that contradicts it, or that cannot be read, is a question.

    `owned` are the places whose dates belong to single lines.
    """
    read: list[FoundDate] = []
    unreadable: list[Finding] = []
    for found in sorted((f for f in labelled if f.role == role), key=lambda f: f.start):
        # the words before belong to it: 'bis 27.03.' needs them to be a date
        dates = find_dates(f"date: {found.value}", today=today, day_first=day_first)
        if dates:
            shift = found.start - len("date: ")
            moved = dates[0].model_copy(update={"start": dates[0].start + shift, "end": dates[0].end + shift})
            if not any(a <= moved.start < b for a, b in owned):
                read.append(moved)
        elif role == "requested_date":
            doubt = unreadable_date(text, found.label_start, found.start, found.value)
            unreadable += [doubt] if doubt else []
    if not read:
        findings += unreadable[:1]
        return None
    days = list(dict.fromkeys(f.value.isoformat() for f in read))
    if role == "requested_date" and len(days) > 1:
        findings.append(conflicting_dates(days))
    return stated_date(read[0], text, document_id, role, len(days) == 1 or role == "po_date", findings)


def requested_date(
    text: str, document_id: str, today: date, day_first: bool | None, findings: list[Finding],
    owned: Sequence[tuple[int, int]],
) -> Stated[date] | None:  # fmt: skip
    """The one day the text asks for as a whole: behind a word of wanting."""
    wanted = [
        found
        for found in delivery_dates(text, today=today, day_first=day_first)
        if not any(a <= found.start < b for a, b in owned) and _is_wanted(text, found)
    ]
    if not wanted:
        return None
    days = list(dict.fromkeys(f.value.isoformat() for f in wanted))
    if len(days) > 1:
        findings.append(conflicting_dates(days))
    return stated_date(wanted[0], text, document_id, "requested_date", len(days) == 1, findings)


def delivery_dates(text: str, *, today: date, day_first: bool | None) -> tuple[FoundDate, ...]:
    """The dates of a text that can be days of delivery: not the date of a paper, of a call, or of an answer."""
    kept: list[FoundDate] = []
    for found in find_dates(text, today=today, day_first=day_first):
        before = text[max(0, found.start - 40) : found.start].rpartition("\n")[2]
        past = found.kind == "exact" and found.value < today and not _WANTED.search(before)
        if not (_ORDER_DATE.search(before) or past) and is_delivery_time(text, found.start):
            kept.append(found)
    return tuple(kept)


def is_delivery_time(text: str, place: int) -> bool:
    """Whether the sentence up to a place speaks of delivering rather than of an answer, a call or a holiday."""
    sentence = re.split(r"[.!?;][ \n]|\n[ \t]*\n", text[max(0, place - 160) : place])[-1]
    other = list(_OTHER_DAY.finditer(sentence))
    deliver = list(_DELIVER.finditer(sentence))
    return not other or (bool(deliver) and deliver[-1].start() > other[-1].start())


def _is_wanted(text: str, found: FoundDate) -> bool:
    before = text[max(0, found.start - 40) : found.start].rpartition("\n")[2]
    return bool(
        _WANTED.search(before) or _WANTED.search(text[max(0, found.start - 10) : found.start + 6].strip())
    )


def stated_date(
    found: FoundDate, text: str, document_id: str, path: str, single: bool, findings: list[Finding]
) -> Stated[date]:
    """A found date as a stated value; what it leaves open, and that it was counted, becomes a finding."""
    written = text[found.start : found.end]
    if found.ambiguous:
        findings.append(date_finding(found, written, path))
    elif found.kind in ("weekday", "week", "relative"):
        findings.append(Finding(
            code="date_counted", severity="info", path=path, facts={"written": written, "date": found.value.isoformat()},
            message=f"'{written}' was counted from the day of writing as {found.value.isoformat()}.",
        ))  # fmt: skip
    evidence = Evidence(document_id=document_id, start=found.start, end=found.end, quote=written)
    return Stated(
        value=found.value, method="rules", evidence=evidence,
        confidence=share(exact=True, one_reading=single, settled=not found.ambiguous),
    )  # fmt: skip
