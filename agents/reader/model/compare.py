"""Two witnesses of one order: the rules' draft, and what is left of the model's reading once it is checked."""

from __future__ import annotations

from typing import TypeVar

from pydantic import Field

from agents.reader.model import differences as say
from agents.reader.model import follows
from agents.reader.model.answer import OrderReading, ReadLine
from agents.reader.model.compare_header import compare_header, compare_intent
from agents.reader.model.compare_lines import MOST_ALONE, Lines, Reader, claimed, compare_lines
from agents.reader.model.evidence import Checked, CheckedLine, Shown, Sources, check
from agents.reader.rules.articles import is_gtin
from agents.reader.rules.circumstances import Circumstances
from orderdesk.domain.base import Value
from orderdesk.domain.evidence import Stated
from orderdesk.domain.findings import Finding
from orderdesk.domain.orders import ArticleRef, DraftLine, OrderDraft

T = TypeVar("T")

_ORDERING = ("new_order", "change_order", "quote_request")


class Comparison(Value):
    """What is compared: plain values, so that it can be done in a child process."""

    draft: OrderDraft
    circumstances: Circumstances
    unit_words: dict[str, str] = Field(default_factory=dict)
    shown: tuple[Shown, ...]
    readings: tuple[OrderReading, ...] = Field(description="one for each time the model was asked")


def compare(given: Comparison) -> OrderDraft:
    """The rules' draft with the confidence and the findings that the second witness gives it; pure.

    Values of the rules are never replaced (but for a more careful intent), their findings never removed. Lines of
    the model enter the draft only where the rules read none.
    """
    draft, at = given.draft, given.circumstances
    sources = Sources(given.shown)
    checked = [check(reading, sources, at) for reading in given.readings]
    if not checked:
        return draft
    doubted = frozenset(
        f.path for f in draft.findings if f.severity != "info" and f.path not in ("", "lines")
    )
    lines = [line for c in checked for line in c.lines]
    lost = [line for c in checked for line in c.lost_lines]
    both, findings = compare_intent(draft, checked)
    ordering = both.intent.value in _ORDERING
    if draft.lines and not lines and not lost and findings:
        compared = Lines(list(draft.lines))  # it reads no order at all: that is said once, with the intent
    elif draft.lines:
        header_date = draft.requested_date.value if draft.requested_date else None
        reader = Reader(at=at, unit_words=given.unit_words, doubted=doubted, header_date=header_date)
        compared = compare_lines(draft.lines, lines, lost, reader)
    else:
        compared = _alone(lines, lost, given) if ordering else Lines([])
    changed, told = compare_header(both, _header(checked), compared, sources, at, doubted)
    kept = [_for_a_person(f) if compared.lines and not draft.lines else f for f in draft.findings]
    every: list[Finding] = []
    for finding in (*kept, *findings, *compared.findings, *told):
        if finding not in every:
            every.append(finding)
    return both.model_copy(update={**changed, "lines": tuple(compared.lines), "findings": tuple(every)})


def _alone(lines: list[CheckedLine], lost: list[ReadLine], given: Comparison) -> Lines:
    """The model's lines where the rules read none: all of them, for a person to confirm, or none at all."""
    result = Lines([])
    if not lines and not lost:
        return result
    for line in lost:
        words = " ".join(p for p in (line.quantity, line.unit, line.part_number or line.description) if p)
        result.findings.append(say.evidence_missing("lines", words, "approve"))
    for line in lines:
        claims = (line.part, line.quantity, line.unit, line.unit_price, line.requested_date)
        named = line.part is not None or bool(line.description)
        if line.unreadable or not named or not all(claim is None or claim.founded for claim in claims):
            result.findings.append(say.unfounded("lines", claimed(line), "approve"))
    if result.findings:
        # A part of an order would look like the whole: what could be read is named, nothing is drafted.
        result.findings += [say.only_model(claimed(line)) for line in lines]
        return result
    result.lines = [_drafted(index, line, given) for index, line in enumerate(lines)]
    result.findings.append(say.lines_by_model_only(len(lines)))
    return result


def _drafted(index: int, line: CheckedLine, given: Comparison) -> DraftLine:
    part = line.part.value if line.part else ""
    gtin = part if is_gtin(part) else ""
    ref = ArticleRef(part="" if gtin else part, gtin=gtin, description=line.description)
    code = (
        follows.unit_code(line.unit.value, given.circumstances.language, given.unit_words)
        if line.unit
        else None
    )
    return DraftLine(
        line_number=index + 1,
        article=_stated(ref, line),
        quantity=_stated(line.quantity.value, line) if line.quantity else None,
        uom=_stated(code, line) if code else None,
        uom_stated=line.unit.value if line.unit else "",
        unit_price=_stated(line.unit_price.value, line) if line.unit_price else None,
        requested_date=_stated(line.requested_date.value, line) if line.requested_date else None,
    )


def _stated(value: T, line: CheckedLine) -> Stated[T]:
    return Stated(value=value, method="model", confidence=MOST_ALONE, evidence=line.evidence)


def _for_a_person(finding: Finding) -> Finding:
    """That no line was found is no longer for the customer to mend: a person confirms the lines the model read."""
    return finding.model_copy(update={"severity": "approve"}) if finding.code == "no_lines_found" else finding


def _header(checked: list[Checked]) -> Checked:
    """One header of all readings: what the first of them says about each field."""
    whole = Checked(intent=checked[0].intent)
    for one in checked:
        for name in ("po_number", "po_date", "requested_date", "currency", "ship_to"):
            if getattr(whole, name) is None:
                setattr(whole, name, getattr(one, name))
        whole.missing += one.missing
    return whole
