"""The lines of the rules beside those of the model: what both read is surer, what only one reads is a person's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from agents.reader.model import differences as say
from agents.reader.model import follows
from agents.reader.model.answer import ReadLine
from agents.reader.model.evidence import CheckedLine, Claim
from agents.reader.model.pairs import Pairs, compact, pair, parts_of
from agents.reader.rules.circumstances import Circumstances
from orderdesk.domain.base import plain
from orderdesk.domain.evidence import Stated
from orderdesk.domain.findings import Finding
from orderdesk.domain.orders import ArticleRef, DraftLine
from orderdesk.domain.units import fold_unit

T = TypeVar("T")

# What a value that no rule has read is worth at most: below every threshold, as a person decides.
MOST_ALONE = round(2 / 3, 4)
_DOZEN = Decimal(12)


@dataclass
class Lines:
    """The compared lines. `dates` are the model's own days of paired lines, by the rules' line."""

    lines: list[DraftLine]
    findings: list[Finding] = field(default_factory=list[Finding])
    dates: dict[int, Claim[date]] = field(default_factory=dict[int, Claim[date]])


@dataclass(frozen=True)
class Reader:
    """What both readings are held to."""

    at: Circumstances
    unit_words: Mapping[str, str]
    # Paths the rules already have a question or a doubt about: the model settles none of them.
    doubted: frozenset[str]
    header_date: date | None


def compare_lines(
    rules: Sequence[DraftLine], model: Sequence[CheckedLine], lost: Sequence[ReadLine], reader: Reader
) -> Lines:
    """The rules' lines with the confidence two witnesses give them, and what the two disagree on."""
    rest, partial = _without_parts(rules, model)
    pairs = pair(rules, rest)
    result = Lines(list(rules))
    for r, m in sorted(pairs.both.items()):
        _compare(r, rest[m], result, reader)
    for r in pairs.only_rules:
        if r not in partial:
            result.lines[r] = _doubted(rules[r])
            result.findings.append(say.only_rules(r, say.line_words(rules[r])))
    for m in pairs.only_model:
        if not _repeats(rest[m], rules, rest, pairs):
            result.findings.append(say.only_model(claimed(rest[m])))
    for line in lost:
        known = any(_says_the_same(line, own) for own in rules)
        words = " ".join(p for p in (line.quantity, line.unit, line.part_number or line.description) if p)
        result.findings.append(say.evidence_missing("lines", words, "info" if known else "approve"))
    return result


def agreed(stated: Stated[T]) -> Stated[T]:
    """A value that both witnesses read: the mean of both confidences, the model's checked one being 1."""
    return stated.model_copy(update={"confidence": round((stated.confidence + 1) / 2, 4)})


def disputed(stated: Stated[T]) -> Stated[T]:
    """A value that the other witness reads differently: the mean with 0."""
    return stated.model_copy(update={"confidence": round(stated.confidence / 2, 4)})


def claimed(line: CheckedLine) -> str:
    """A line of the model in short."""
    quantity = plain(line.quantity.value) if line.quantity else "?"
    name = line.part.value if line.part else line.description or line.evidence.quote
    return " ".join(p for p in (quantity, line.unit.value if line.unit else "", name) if p)


def _compare(index: int, model: CheckedLine, result: Lines, reader: Reader) -> None:
    line, path = result.lines[index], f"lines[{index}]"
    changed: dict[str, Any] = {}

    def judge(
        name: str,
        own: Stated[Any] | None,
        claim: Claim[Any] | None,
        same: bool,
        words: str,
        *,
        alone: bool = False,
    ) -> None:
        """One field of both: agreement, difference, or a value only the model has."""
        where = f"{path}.{name}"
        if claim is None or where in reader.doubted or (name == "quantity" and path in reader.doubted):
            return
        if not claim.founded:
            # what the rules left open and nothing bears out is simply not there
            result.findings.append(say.unfounded(where, words, "info" if same or own is None else "approve"))
        if same and claim.founded and own is not None:
            changed[name] = agreed(own)
        elif not same and own is not None:
            changed[name] = disputed(own)
            if claim.founded:
                result.findings.append(say.readings_differ(where, _words(own), words))
        elif not same and alone and claim.founded:
            result.findings.append(say.by_model_only(where, words, "approve"))

    article = _article(line.article.value, model)
    if article is not None:
        judge("article", line.article, model.part or Claim("", True, model.evidence), article, claimed(model))
    if (quantity := model.quantity) is not None:
        judge("quantity", line.quantity, quantity, _same_amount(line, model), plain(quantity.value))
    elif not any(name == "quantity" for name, _ in model.unreadable):
        # the model was told to give none where it is vague: 'forty or so' may be no forty
        judge("quantity", line.quantity, Claim("", True, model.evidence), False, "no exact figure")
    if (unit := model.unit) is not None:
        same = _same_unit(line, unit.value, reader) or ("quantity" in changed and _by_dozen(line, model))
        # 'TAP-70110 rolls': the rules have the word as well, as one of the description's
        in_words = line.uom is None and follows.unit_follows(unit.value, line.article.value.description)
        judge("uom", line.uom, unit, same, unit.value, alone=not in_words)
    if (price := model.unit_price) is not None:
        same = _same_price(line, price.value)
        judge("unit_price", line.unit_price, price, same, plain(price.value), alone=True)
    if model.requested_date is not None and not line.schedule:
        _compare_day(index, line, model.requested_date, changed, result, reader)
    for name, words in model.unreadable:
        result.findings.append(say.unfounded(f"{path}.{name}", words, "info"))
    result.lines[index] = line.model_copy(update=changed) if changed else line


def _compare_day(
    index: int, line: DraftLine, claim: Claim[date], changed: dict[str, Any], result: Lines, reader: Reader
) -> None:
    path = f"lines[{index}].requested_date"
    own = line.requested_date.value if line.requested_date else reader.header_date
    if path in reader.doubted or "requested_date" in reader.doubted:
        return
    same = own is not None and follows.same_day(own, claim.value, claim.evidence.quote, reader.at)
    if not claim.founded:
        harmless = same or own is None
        result.findings.append(
            say.unfounded(path, claim.value.isoformat(), "info" if harmless else "approve")
        )
        return
    result.dates[index] = claim
    if same:
        if line.requested_date:
            changed["requested_date"] = agreed(line.requested_date)
    elif own is not None:
        if line.requested_date:
            changed["requested_date"] = disputed(line.requested_date)
        result.findings.append(say.readings_differ(path, own.isoformat(), claim.value.isoformat()))
    else:
        result.findings.append(say.by_model_only(path, claim.value.isoformat(), "approve"))


def _article(ref: ArticleRef, model: CheckedLine) -> bool | None:
    """Whether both name the same article; None where the model says nothing that could be compared."""
    own = parts_of(ref)
    words = compact(f"{ref.description} {model.description}")
    if model.part is not None:
        theirs = compact(model.part.value)
        return theirs in own or (not own and theirs in compact(ref.description))
    if own:
        return any(number in words or number in compact(model.evidence.quote) for number in own)
    return None


def _same_amount(line: DraftLine, model: CheckedLine) -> bool:
    if line.quantity is None or model.quantity is None:
        return False
    return line.quantity.value == model.quantity.value or _by_dozen(line, model)


def _by_dozen(line: DraftLine, model: CheckedLine) -> bool:
    """'2 dozen' and 24 pieces are the same."""
    if line.quantity is None or model.quantity is None:
        return False
    unit = line.uom.value if line.uom else None
    theirs = follows.unit_code(model.unit.value, "", {}) if model.unit else None
    if unit == "DZ" and theirs in (None, "EA"):
        return line.quantity.value * _DOZEN == model.quantity.value
    return theirs == "DZ" and unit in (None, "EA") and model.quantity.value * _DOZEN == line.quantity.value


def _same_unit(line: DraftLine, unit: str, reader: Reader) -> bool:
    if line.uom_stated and fold_unit(line.uom_stated) == fold_unit(unit):
        return True
    code = follows.unit_code(unit, reader.at.language, reader.unit_words)
    return line.uom is not None and code == line.uom.value


def _same_price(line: DraftLine, price: Decimal) -> bool:
    if line.unit_price is None:
        return False
    base = line.price_base or Decimal(1)
    return price == line.unit_price.value or price * base == line.unit_price.value


def _doubted(line: DraftLine) -> DraftLine:
    changed: dict[str, Any] = {"article": disputed(line.article)}
    if line.quantity:
        changed["quantity"] = disputed(line.quantity)
    return line.model_copy(update=changed)


def _without_parts(
    rules: Sequence[DraftLine], model: Sequence[CheckedLine]
) -> tuple[list[CheckedLine], set[int]]:
    """The model's lines without those that are the scheduled parts of one line of the rules, and these lines."""
    rest, found = list(model), set[int]()
    for index, line in enumerate(rules):
        wanted = sorted(part.quantity for part in line.schedule)
        numbers = parts_of(line.article.value)
        own = [m for m in rest if m.part and m.quantity and compact(m.part.value) in numbers]
        if len(wanted) > 1 and sorted(m.quantity.value for m in own if m.quantity) == wanted:
            rest = [m for m in rest if m not in own]
            found.add(index)
    return rest, found


def _repeats(
    line: CheckedLine, rules: Sequence[DraftLine], model: Sequence[CheckedLine], pairs: Pairs
) -> bool:
    """Whether a line only says again, in another document, what a paired line says: a mail over its attachment."""
    for r, m in pairs.both.items():
        elsewhere = model[m].evidence.document_id != line.evidence.document_id
        own = rules[r]
        same = bool(line.quantity and own.quantity and line.quantity.value == own.quantity.value)
        if elsewhere and same and line.part and compact(line.part.value) in parts_of(own.article.value):
            return True
    return False


def _says_the_same(line: ReadLine, own: DraftLine) -> bool:
    quantity = follows.decimal_of(line.quantity or "")
    part = compact(line.part_number or "")
    return bool(own.quantity and quantity == own.quantity.value and part in parts_of(own.article.value))


def _words(stated: Stated[Any]) -> str:
    value = stated.value
    if isinstance(value, ArticleRef):
        return say.name_of(value)
    return plain(value) if isinstance(value, Decimal) else str(value)
