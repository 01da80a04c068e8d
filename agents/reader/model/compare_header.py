"""The header of the rules beside that of the model, field by field (docs/decisions/0009)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from agents.reader.model import differences as say
from agents.reader.model import follows
from agents.reader.model.compare_lines import MOST_ALONE, Lines, agreed, disputed
from agents.reader.model.evidence import Checked, Claim, Sources
from agents.reader.model.pairs import compact, parts_of
from agents.reader.rules.circumstances import Circumstances
from agents.reader.rules.regions import regions_of
from agents.reader.rules.wanted import delivery_dates
from orderdesk.domain.evidence import Stated
from orderdesk.domain.findings import Finding
from orderdesk.domain.orders import Intent, OrderDraft, PartyRef
from tools.documents.order_labels import find_labelled, normal_number

# What may stand in front of an order number and is no part of it.
_LABELS = frozenset(
    ("PO", "PONO", "PONR", "NO", "NR", "ORDER", "ORDERNO", "PURCHASEORDER", "BESTELLUNG", "BESTELLNR", "BESTELLNUMMER",
     "AUFTRAG", "OC", "PEDIDO", "ORDENDECOMPRA", "COMMANDE", "BONDECOMMANDE", "NUMBER")
)  # fmt: skip
# Words that say that a place is one, not which.
_PLACE_WORD_LIST = """
to our the at in an is das der die werk plant warehouse site depot lager zu nach für a al el la en de del le les
nuestra nuestro notre usine unser unsere unserem ship deliver delivery address location facility service
"""
_PLACE_WORDS = frozenset(_PLACE_WORD_LIST.split())
# What is wrong to book by itself, gravest first: where the model reads one of these, a person sees that.
_CAREFUL: tuple[Intent, ...] = ("cancel_order", "change_order", "quote_request")


def compare_intent(draft: OrderDraft, checked: Sequence[Checked]) -> tuple[OrderDraft, list[Finding]]:
    """Both agree, or the more careful intent stays and a person decides; what the rules file is never an order.

    Where the rules cannot tell what it is, the model's word stands, for a person.
    """
    said: list[Intent] = [c.intent for c in checked if c.intent != "other"]
    model: Intent = said[0] if said else "other"
    own = draft.intent.value
    if model == own == "other":
        return draft, []  # nothing is filed because a model agrees
    if model == own:
        proven = not any(name == "intent" for c in checked for name, _ in c.missing)
        return (draft.model_copy(update={"intent": agreed(draft.intent)}) if proven else draft), []
    if own == "other" and any(f.code == "intent_unclear" for f in draft.findings):
        # the rules do not know what it is, and a person has it: the model's word is where they begin
        read = Stated[Intent](value=model, method="model", confidence=MOST_ALONE)
        told = say.by_model_only("intent", model.replace("_", " "), "approve", "the rules could not tell.")
        return draft.model_copy(update={"intent": read}), [told]
    careful = model in _CAREFUL and (own == "new_order" or own in _CAREFUL[_CAREFUL.index(model) + 1 :])
    kept = disputed(draft.intent).model_copy(update={"value": model if careful else own})
    lines = [line for c in checked for line in c.lines]
    words = model.replace("_", " ") + (f" of {len(lines)} lines" if lines and not draft.lines else "")
    return draft.model_copy(update={"intent": kept}), [
        say.readings_differ("intent", own.replace("_", " "), words)
    ]


def compare_header(
    draft: OrderDraft, checked: Checked, compared: Lines, sources: Sources, at: Circumstances,
    doubted: frozenset[str],
) -> tuple[dict[str, Any], list[Finding]]:  # fmt: skip
    """What changes in the draft's header, and what is said about it. No value of the model alone enters it."""
    changed: dict[str, Any] = {}
    findings: list[Finding] = []
    for name in ("po_number", "po_date", "requested_date", "currency", "ship_to"):
        claim: Claim[Any] | None = getattr(checked, name)
        if claim is None or name in doubted:
            continue
        own: Any = getattr(draft, name)
        if name == "requested_date" and own is None and (days := _line_days(draft)):
            # the rules gave the day to the lines: another one for all of them is a difference
            if claim.founded and claim.value not in days:
                findings.append(
                    say.readings_differ(name, ", ".join(sorted(map(str, days))), str(claim.value))
                )
            continue
        words = _words(claim.value)
        if own is None:
            alone = (
                _alone(name, claim, draft, sources, at)
                if claim.founded
                else say.unfounded(name, words, "info")
            )
            findings.append(alone)
            continue
        same = _same(name, own, claim, at)
        if not claim.founded:
            findings.append(say.unfounded(name, words, "info" if same else "approve"))
        elif not same:
            findings.append(say.readings_differ(name, _words(own), words))
        if name != "ship_to" and (claim.founded or not same):
            changed[name] = agreed(own) if same else disputed(own)
    if draft.requested_date and checked.requested_date is None and "requested_date" not in doubted:
        days = [c.value for c in compared.dates.values()]
        if len(days) == len(draft.lines) and days and set(days) == {draft.requested_date.value}:
            changed["requested_date"] = agreed(draft.requested_date)
    findings += [
        say.evidence_missing(name, value, "info") for name, value in checked.missing if name != "intent"
    ]
    return changed, findings


def same_order_number(left: str, right: str) -> bool:
    """Whether two written order numbers are the same but for case, joints and the label in front."""
    if normal_number(left) == normal_number(right):
        return True
    shorter, longer = sorted((compact(left), compact(right)), key=len)
    return bool(shorter) and longer.endswith(shorter) and longer[: -len(shorter)] in _LABELS


def same_place(stated: PartyRef, words: str) -> bool:
    """Whether a model's wording names the place the rules read: one of the two says no more than the other, and
    no figure (house number, postal code) of one contradicts the other."""
    theirs = _tokens(words)
    every = _tokens(" ".join(str(v) for v in stated.model_dump(exclude={"ids"}).values()))
    core = _tokens(
        f"{stated.street} {stated.postal_code} {stated.city}" if stated.street or stated.postal_code
        else f"{stated.name} {stated.city} {stated.code}"
    )  # fmt: skip
    figures, own = {t for t in theirs if t.isdigit()}, {t for t in every if t.isdigit()}
    if figures and own and not (figures <= own or own <= figures):
        return False
    return not theirs or theirs <= every or (bool(core) and core <= theirs)


def _same(name: str, own: Any, claim: Claim[Any], at: Circumstances) -> bool:
    match name:
        case "po_number":
            return same_order_number(own.value, claim.value)
        case "ship_to":
            return same_place(own, claim.value)
        case "requested_date" | "po_date":
            return follows.same_day(own.value, claim.value, claim.evidence.quote, at)
        case _:
            return own.value == claim.value


def _alone(name: str, claim: Claim[Any], draft: OrderDraft, sources: Sources, at: Circumstances) -> Finding:
    """What is said of a value that only the model read: a person decides where ignoring it could do harm and the
    rules do not know it for something else; else it is noted."""
    words = _words(claim.value)
    if name in ("po_date", "currency"):
        return say.by_model_only(name, words, "info", "no rule reads it, and nothing depends on it.")
    known = {"po_number": _known_number, "requested_date": _other_day, "ship_to": _other_place}[name]
    if known(claim, draft, sources, at):
        return say.by_model_only(name, words, "info", "the rules know it for something else.")
    return say.by_model_only(name, words, "approve")


def _known_number(claim: Claim[str], draft: OrderDraft, sources: Sources, at: Circumstances) -> bool:
    """A part number, a customer or contract number, or one that a label names as something else."""
    number = compact(claim.value)
    known = {compact(n) for n in (draft.contract, draft.buyer.customer_number, *draft.buyer.ids) if n}
    for line in draft.lines:
        known |= parts_of(line.article.value)
    if number in known:
        return True
    around, _, _ = _around(claim, sources)
    return any(f.role != "po_number" and compact(f.value) == number for f in find_labelled(around))


def _other_day(claim: Claim[date], draft: OrderDraft, sources: Sources, at: Circumstances) -> bool:
    """A day the rules have seen and taken for no day of delivery: of an answer, a call, a paper, the past."""
    text, start, end = _around(claim, sources)
    inside = [
        f.value for f in delivery_dates(text, today=at.today, day_first=at.day_first) if f.end > start and f.start < end
    ]  # fmt: skip
    return claim.value not in inside


def _other_place(claim: Claim[str], draft: OrderDraft, sources: Sources, at: Circumstances) -> bool:
    """The invoice address, or words of a signature or of older correspondence."""
    if draft.bill_to is not None and same_place(draft.bill_to, claim.value):
        return True
    paper = next((p for p in sources.shown.values() if p.document_id == claim.evidence.document_id), None)
    if paper is None or paper.role == "quoted":
        return True
    if not _tokens(claim.value):
        return True
    place = claim.evidence.start
    regions = regions_of(paper.text)
    return any(r.kind in ("signature", "quoted") and r.start <= place < r.end for r in regions)


def _around(claim: Claim[Any], sources: Sources) -> tuple[str, int, int]:
    """The lines a claim's words stand in and the one before, and where the words begin and end in them."""
    evidence = claim.evidence
    paper = next(
        (p for p in sources.shown.values()
         if (p.number == 0) == (evidence.locator == "subject") and p.document_id == evidence.document_id), None,
    )  # fmt: skip
    if paper is None or evidence.start < 0:
        return evidence.quote, 0, len(evidence.quote)
    first = paper.text.rfind("\n", 0, max(0, paper.text.rfind("\n", 0, evidence.start))) + 1
    last = paper.text.find("\n", evidence.end)
    text = paper.text[max(first, evidence.start - 400) : last if last >= 0 else len(paper.text)]
    start = evidence.start - max(first, evidence.start - 400)
    return text[:1000], start, start + evidence.end - evidence.start


def _line_days(draft: OrderDraft) -> set[date]:
    days = {line.requested_date.value for line in draft.lines if line.requested_date}
    parts = {p.requested_date for line in draft.lines for p in line.schedule if p.requested_date}
    return days | parts


def _tokens(text: str) -> set[str]:
    return {w for w in follows.words_of(text) if w not in _PLACE_WORDS}


def _words(value: Any) -> str:
    if isinstance(value, PartyRef):
        return " ".join(p for p in (value.name, value.street, value.postal_code, value.city, value.code) if p)
    return str(getattr(value, "value", value))
