"""One booked line, composed from its parts and recomputed; what does not agree is an incident."""

from __future__ import annotations

from agents.booker.parts import LineParts
from orderdesk.domain.errors import CaseIncident
from orderdesk.domain.money import line_net
from orderdesk.domain.orders import ArticleRef
from orderdesk.domain.results import BookLine, LineSupply


def book_line(parts: LineParts, currency: str) -> BookLine:
    """The line exactly as it will be booked. `parts` has passed `line_missing`.

    Raises CaseIncident where the net value, or what is reserved and backordered, does not add up.
    """
    match, price, supply = parts.match, parts.price, parts.supply
    assert match is not None
    assert price is not None
    assert supply is not None
    assert match.sku
    assert match.uom
    assert match.quantity is not None
    assert match.base_quantity is not None
    assert price.unit_price is not None
    if price.price_base <= 0:
        raise CaseIncident(f"line {parts.number}: the price is for {price.price_base} units; mend price_base")
    net = line_net(match.quantity, price.unit_price, currency, price_base=price.price_base).amount
    if net != price.net:
        raise CaseIncident(
            f"line {parts.number}: {match.quantity} x {price.unit_price} / {price.price_base} is {net} "
            f"{currency}, but pricing says {price.net}; run the pricing of this case again"
        )
    _check_supply(parts.number, match.base_quantity, supply)
    return BookLine(
        line_number=parts.number,
        sku=match.sku,
        description=match.description,
        customer_ref=customer_ref(parts.draft.article.value),
        quantity=match.quantity,
        uom=match.uom,
        base_quantity=match.base_quantity,
        unit_price=price.unit_price,
        price_base=price.price_base,
        net=net,
        reserve=supply.reserve,
        backorder=supply.backorder,
        promised_date=supply.promised_date,
    )


def customer_ref(article: ArticleRef) -> str:
    """What the customer called the article: their own number first, the description last."""
    names = (
        article.buyer_part,
        article.part,
        article.seller_part,
        article.manufacturer_part,
        article.gtin,
        article.description,
    )
    return next((name for name in names if name), "")


def _check_supply(number: int, base_quantity: object, supply: LineSupply) -> None:
    """Known stock covers the line to the last unit; unknown stock reserves nothing."""
    given = supply.reserve + supply.backorder
    if supply.reserve < 0 or supply.backorder < 0:
        raise CaseIncident(f"line {number}: a reservation below zero; run the supply of this case again")
    expected = base_quantity if supply.available is not None else 0
    if given != expected:
        raise CaseIncident(
            f"line {number}: {supply.reserve} reserved and {supply.backorder} backordered do not make "
            f"{expected}; run the supply of this case again"
        )
    if supply.available is not None and supply.reserve > supply.available:
        raise CaseIncident(
            f"line {number}: {supply.reserve} would be reserved but {supply.available} are free; run the "
            "supply of this case again"
        )
