"""Every difference between what was asked for and what is booked, as sentences of the letter."""

from __future__ import annotations

from decimal import Decimal

from agents.booker.lines import customer_ref
from agents.booker.parts import line_numbers
from agents.correspondent.contract import CorrespondentInput
from agents.correspondent.figures import Figures
from agents.correspondent.text import clean, folded
from agents.correspondent.wording import fill, wording
from orderdesk.domain.orders import DraftLine
from orderdesk.domain.results import BookLine, BookOrder, LineMatch


def differences(book: BookOrder, given: CorrespondentInput, figures: Figures) -> tuple[str, ...]:
    """One sentence per difference, line by line, then the order as a whole.

    Compared from the values themselves, not from findings: a difference no rule has named is stated too.
    """
    result: list[str] = []
    booked = {line.line_number: line for line in book.lines}
    matches = {match.line_index: match for match in given.match.lines}
    for index, number in enumerate(line_numbers(given.draft.lines)):
        line = booked.get(number)
        asked = given.draft.lines[index]
        if line is None:
            result.append(_say("not_booked", figures, number=number, ref=figures.quote(_ref(asked))))
            continue
        result += _of_line(index, asked, line, matches.get(index), book, given, figures)
    return (*result, *_of_order(book, given, figures))


def _of_line(
    index: int,
    asked: DraftLine,
    line: BookLine,
    match: LineMatch | None,
    book: BookOrder,
    given: CorrespondentInput,
    figures: Figures,
) -> list[str]:
    found = [
        _article(index, asked, line, given, figures),
        _quantity(asked, line, figures),
        _price(asked, line, book.currency, figures),
        _line_total(asked, line, book.currency, figures),
        _date(asked, line, given, figures),
        _backorder(line, match, figures),
    ]
    if asked.charges:
        charges, number = figures.amount(asked.charges), line.line_number
        found.append(_say("line_charges", figures, number=number, charges=charges, currency=book.currency))
    return [sentence for sentence in found if sentence]


def _article(
    index: int, asked: DraftLine, line: BookLine, given: CorrespondentInput, figures: Figures
) -> str:
    article = asked.article.value
    replaced = any(
        f.code == "article_superseded" and f.path.startswith(f"lines[{index}]") for f in given.findings
    )
    if replaced:
        return _say(
            "replaced", figures, number=line.line_number, ref=figures.quote(_ref(asked)), sku=line.sku
        )
    stated = clean(article.seller_part)
    if stated and folded(stated) != folded(line.sku):
        return _say("article", figures, number=line.line_number, ref=figures.quote(stated), sku=line.sku)
    return ""


def _quantity(asked: DraftLine, line: BookLine, figures: Figures) -> str:
    same_unit = asked.uom is not None and asked.uom.value == line.uom
    if asked.quantity and asked.quantity.value == line.quantity and same_unit:
        return ""
    if not asked.quantity:
        return _say(
            "quantity_assumed",
            figures,
            number=line.line_number,
            booked=figures.quantity(line.quantity, line.uom),
        )
    return _say(
        "quantity",
        figures,
        number=line.line_number,
        asked=figures.asked_quantity(asked),
        booked=figures.quantity(line.quantity, line.uom),
    )


def _price(asked: DraftLine, line: BookLine, currency: str, figures: Figures) -> str:
    if asked.unit_price is None:
        return ""
    asked_base = asked.price_base or Decimal(1)
    asked_unit = asked.price_uom or (asked.uom.value if asked.uom else line.uom)
    # Compared crosswise: a quotient could be rounded.
    same = asked.unit_price.value * line.price_base == line.unit_price * asked_base
    if same and asked_unit == line.uom:
        return ""
    return _say(
        "price",
        figures,
        number=line.line_number,
        asked=price_text(asked.unit_price.value, asked_base, asked_unit, figures),
        booked=price_text(line.unit_price, line.price_base, line.uom, figures),
        currency=currency,
    )


def price_text(price: Decimal, base: Decimal, unit: str, figures: Figures) -> str:
    """'3.10 / box (BX)', '48.00 / 100 piece (EA)'."""
    per = figures.unit(unit) if base == 1 else figures.quantity(base, unit)
    return f"{figures.price(price)} / {per}"


def _line_total(asked: DraftLine, line: BookLine, currency: str, figures: Figures) -> str:
    if asked.line_total is None or asked.line_total.value == line.net:
        return ""
    return _say(
        "line_total",
        figures,
        number=line.line_number,
        asked=figures.amount(asked.line_total.value),
        booked=figures.amount(line.net),
        currency=currency,
    )


def _date(asked: DraftLine, line: BookLine, given: CorrespondentInput, figures: Figures) -> str:
    header = given.draft.requested_date.value if given.draft.requested_date else None
    scheduled = max((part.requested_date for part in asked.schedule if part.requested_date), default=None)
    wanted = asked.requested_date.value if asked.requested_date else scheduled or header
    if wanted is None or wanted == line.promised_date:
        return ""
    if line.promised_date is None:
        return _say("date_open", figures, number=line.line_number, asked=wanted)
    return _say("date", figures, number=line.line_number, asked=wanted, booked=line.promised_date)


def _backorder(line: BookLine, match: LineMatch | None, figures: Figures) -> str:
    if line.backorder <= 0:
        return ""
    unit = match.base_uom if match and match.base_uom else ""

    def shown(value: Decimal) -> str:
        return figures.quantity(value, unit) if unit else figures.number(value)

    kind = "backorder" if line.promised_date else "backorder_open"
    values: dict[str, object] = {"stocked": shown(line.reserve), "short": shown(line.backorder)}
    if line.promised_date:
        values["booked"] = line.promised_date
    return _say(kind, figures, number=line.line_number, **values)


def _of_order(book: BookOrder, given: CorrespondentInput, figures: Figures) -> list[str]:
    draft, customer = given.draft, given.customer
    found: list[str] = []
    if draft.currency and draft.currency.value != book.currency:
        found.append(_say("currency", figures, asked=draft.currency.value, booked=book.currency))
    total = draft.stated_net_total
    if total is not None and total.value != book.net_total:
        asked, booked = figures.amount(total.value), figures.amount(book.net_total)
        found.append(_say("total", figures, asked=asked, booked=booked, currency=book.currency))
    if draft.charges_total:
        charges = figures.amount(draft.charges_total)
        found.append(_say("charges", figures, charges=charges, currency=book.currency))
    if clean(draft.payment_terms) and folded(draft.payment_terms) != folded(book.payment_terms):
        kind = "payment_terms" if book.payment_terms else "payment_terms_open"
        asked = figures.quote(draft.payment_terms)
        found.append(_say(kind, figures, asked=asked, booked=book.payment_terms))
    on_file = customer.freight_terms if customer else ""
    if clean(draft.freight_terms) and folded(draft.freight_terms) != folded(on_file):
        found.append(_say("freight_terms", figures, asked=figures.quote(draft.freight_terms)))
    return found


def _say(kind: str, figures: Figures, **values: object) -> str:
    return fill(wording(figures.language)["differences"][kind], values)


def _ref(line: DraftLine) -> str:
    return customer_ref(line.article.value)
