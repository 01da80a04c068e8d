"""How much of an article a line means: unit, base units, packs, minimum. Only the item's own factors convert."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from agents.matcher.findings import finding, line_path
from orderdesk.domain.base import plain
from orderdesk.domain.findings import Finding, Severity
from orderdesk.domain.master import PastLine, Product
from orderdesk.domain.orders import DraftLine
from orderdesk.domain.quantity import round_up_to_multiple
from orderdesk.domain.units import unit_from_word, unit_label
from orderdesk.policy.matching import MatchingPolicy

# Things that are counted; everything else can be divided.
_COUNTED = frozenset("EA BX CT CS PK BG RL PR DZ HU TH ST BT CN TU DR PL SH".split())  # noqa: SIM905
# Counts of pieces: half a thousand is a whole number of pieces.
_MANY = frozenset(("DZ", "HU", "TH"))
_AREA_AND_LENGTH = frozenset(("M2", "SF", "M", "CM", "MM", "FT", "IN", "YD"))


@dataclass(frozen=True)
class QuantityMatch:
    """The quantity as it would be booked; None where something has to be settled first."""

    quantity: Decimal | None = None
    uom: str | None = None
    base_quantity: Decimal | None = None
    base_uom: str | None = None
    findings: tuple[Finding, ...] = ()


def match_quantity(
    index: int,
    line: DraftLine,
    product: Product | None,
    history: Sequence[PastLine],
    policy: MatchingPolicy,
    corrections: Mapping[str, str],
) -> QuantityMatch:
    """Quantity and unit of the line at a 0-based index. `history`: the customer's earlier lines, all articles."""
    rules = _Line(index, product, history, policy)
    quantity, odd = _number(index, line, corrections)
    if odd:
        return QuantityMatch(findings=(odd,))
    if quantity is None:
        return rules.stop("quantity_missing", "clarify", "quantity", "names no quantity")
    if quantity <= 0:
        return rules.stop(
            "quantity_not_positive",
            "reject",
            "quantity",
            f"has the quantity {plain(quantity)}; it must be above zero",
        )
    if product is None:
        return QuantityMatch()
    if not product.units.base:
        return rules.stop(
            "data_unknown_unit",
            "approve",
            "uom",
            f"is {product.sku}, whose base unit is not known; add base_uom in products.csv",
        )
    edited = corrections.get(line_path(index, "uom"))
    unit = rules.unit_as_edited(edited) if edited else rules.unit(line)
    if unit is None:
        return rules.unit_unclear(line)
    person = edited is not None or line_path(index, "quantity") in corrections
    return rules.settle(quantity, unit, by_person=person)


def _number(
    index: int, line: DraftLine, corrections: Mapping[str, str]
) -> tuple[Decimal | None, Finding | None]:
    path = line_path(index, "quantity")
    if path not in corrections:
        return (line.quantity.value if line.quantity else None), None
    try:
        number = Decimal(corrections[path].strip())
        if not number.is_finite():
            raise InvalidOperation
    except InvalidOperation:
        message = f"Line {index + 1}: the corrected quantity '{corrections[path]}' is not a number; write 40 or 2.5."
        return None, finding("correction_invalid", "approve", path, message)
    return number, None


class _Line:
    """The rules for one line of one article."""

    def __init__(
        self, index: int, product: Product | None, history: Sequence[PastLine], policy: MatchingPolicy
    ) -> None:
        self._index = index
        self._given = product
        self._past = [p for p in history if product and p.sku == product.sku]
        self._policy = policy

    @property
    def _product(self) -> Product:
        assert self._given is not None
        return self._given

    @property
    def _units(self) -> tuple[str, ...]:
        return (self._product.units.base, *sorted(self._product.units.factors))

    def unit(self, line: DraftLine) -> str | None:
        """The stated unit; else the only one; else the one this customer always used. None: ask."""
        if line.uom:
            return line.uom.value
        if line.uom_stated.strip():
            # A word that is no unit of ours may still be the company's own code.
            own = line.uom_stated.strip().upper()
            return own if own in self._units else None
        if len(self._units) == 1:
            return self._units[0]
        used = {p.uom for p in self._past if p.uom}
        orders = {p.order_number for p in self._past}
        if (
            len(used) == 1
            and len(orders) >= self._policy.history_unit_min_orders
            and used <= set(self._units)
        ):
            return used.pop()
        return None

    def unit_as_edited(self, edited: str) -> str:
        """A reviewer's unit: one of the item's codes, else the word's meaning ('ST' may be a set or Stück)."""
        code = edited.strip().upper()
        return code if code in self._units else (unit_from_word(edited) or code)

    def unit_unclear(self, line: DraftLine) -> QuantityMatch:
        """Neither the line nor the customer's habit says which unit is meant."""
        stated = line.uom_stated.strip()
        what = f"is in '{stated}', which is no unit we know" if stated else "names no unit"
        return self.stop(
            "unit_unclear", "clarify", "uom", f"{what}; {self._product.sku} is sold in {self._sold_in()}"
        )

    def settle(self, quantity: Decimal, unit: str, *, by_person: bool) -> QuantityMatch:
        """Convert, then check whole numbers, packs and the minimum. A person's figure is not rounded."""
        product = self._product
        if unit not in self._units:
            return self.stop(
                "unit_factor_missing",
                "clarify",
                "uom",
                f"is in {unit_label(unit)}, but {product.sku} is sold in {self._sold_in()} only",
                facts={"unit": unit},
            )
        base = quantity * product.units.factor(unit)
        divisible = product.units.base not in _COUNTED
        if unit in _AREA_AND_LENGTH and (not divisible or self._pack_is_counted()):
            return self._area(quantity, unit, base, by_person=by_person)
        whole_unit = unit not in _COUNTED or unit in _MANY or quantity == quantity.to_integral_value()
        if not whole_unit or (not divisible and base != base.to_integral_value()):
            return self.stop(
                "quantity_fractional",
                "clarify",
                "quantity",
                f"orders {plain(quantity)} {unit_label(unit)} of {product.sku}, which cannot be divided",
                facts={"quantity": plain(quantity), "unit": unit},
            )
        return self._packed(quantity, unit, base, by_person=by_person)

    def _packed(self, quantity: Decimal, unit: str, base: Decimal, *, by_person: bool) -> QuantityMatch:
        product, pack = self._product, self._sales_multiple()
        findings: tuple[Finding, ...] = ()
        if pack and base % pack and not by_person:
            rounded = round_up_to_multiple(base, pack)
            facts = self._figures(base, rounded)
            most = self._policy.pack_round_up_most * base
            if not (self._policy.pack_round_up and rounded - base <= most):
                below = rounded - pack
                choices = [self._amount(b) for b in (below, rounded) if b > 0]
                return self.stop(
                    "pack_not_multiple",
                    "clarify",
                    "quantity",
                    f"orders {self._amount(base)} of {product.sku}, which is sold in packs of {self._amount(pack)}",
                    facts=facts,
                    options=choices,
                )
            findings = (
                self._finding(
                    "pack_rounded_up",
                    "info",
                    "quantity",
                    f"{self._amount(base)} was rounded up to {self._amount(rounded)}, whole packs of {plain(pack)}",
                    facts=facts,
                ),
            )
            base, quantity, unit = rounded, *self._in_unit(rounded, unit)
        if product.min_order_qty is not None and base < product.min_order_qty and not by_person:
            return self.stop(
                "below_minimum",
                "clarify",
                "quantity",
                f"orders {self._amount(base)} of {product.sku}; the least is {self._amount(product.min_order_qty)}",
                facts=self._figures(base, product.min_order_qty),
                options=[self._amount(product.min_order_qty)],
            )
        return QuantityMatch(quantity, unit, base, product.units.base, findings)

    def _area(self, quantity: Decimal, unit: str, base: Decimal, *, by_person: bool) -> QuantityMatch:
        """Area or length of goods in boxes or rolls: whole ones, echoed, and confirmed the first time."""
        product = self._product
        pack = product.pack_size if self._pack_is_counted() else None
        rounded = round_up_to_multiple(base, pack or Decimal(1))
        if pack:
            packs, name = rounded / pack, product.pack_uom or ""
            booked, booked_unit = self._in_unit(rounded, unit)
        else:
            packs, name = rounded, product.units.base
            booked, booked_unit = rounded, product.units.base
        said = f"{plain(quantity)} {unit_label(unit)} of {product.sku} is {plain(packs)} {unit_label(name)}"
        facts = {"stated": f"{plain(quantity)} {unit}", "booked": f"{plain(packs)} {name}"}
        ask = self._policy.confirm_area_first_time and not self._past and not by_person
        if ask:
            return self.stop(
                "area_converted",
                "clarify",
                "quantity",
                f"{said}; the customer has not ordered it that way before",
                facts=facts,
                options=[f"{plain(packs)} {name}"],
            )
        echo = self._finding("area_converted", "info", "quantity", said, facts=facts)
        minimum = product.min_order_qty
        if minimum is not None and rounded < minimum and not by_person:
            return self._packed(booked, booked_unit, rounded, by_person=by_person)
        return QuantityMatch(booked, booked_unit, rounded, product.units.base, (echo,))

    def _sales_multiple(self) -> Decimal | None:
        """The pack that must be taken whole; an article whose minimum is below a pack is sold singly."""
        product = self._product
        if product.pack_size is None or (
            product.min_order_qty is not None and product.min_order_qty < product.pack_size
        ):
            return None
        return product.pack_size

    def _pack_is_counted(self) -> bool:
        return self._product.pack_uom in _COUNTED and self._product.pack_size is not None

    def _in_unit(self, base: Decimal, unit: str) -> tuple[Decimal, str]:
        """The same amount in the customer's unit where it comes out even, else in the base unit."""
        factor = self._product.units.factor(unit)
        quantity = base / factor
        even = quantity * factor == base and (
            unit not in _COUNTED or quantity == quantity.to_integral_value()
        )
        return (quantity, unit) if even else (base, self._product.units.base)

    def _amount(self, base: Decimal) -> str:
        return f"{plain(base)} {self._product.units.base}"

    def _sold_in(self) -> str:
        return ", ".join(self._choices())

    def _choices(self) -> list[str]:
        base = self._product.units.base
        factors = self._product.units.factors.items()
        return [base, *(f"{unit} ({plain(factor)} {base})" for unit, factor in sorted(factors))]

    def _figures(self, base: Decimal, other: Decimal) -> dict[str, str]:
        return {"ordered": self._amount(base), "possible": self._amount(other)}

    def _finding(
        self,
        code: str,
        severity: Severity,
        field: str,
        says: str,
        *,
        facts: dict[str, str] | None = None,
        options: Sequence[str] = (),
    ) -> Finding:
        about = {"sku": self._given.sku} if self._given else {}
        path = line_path(self._index, field)
        joined = (
            f"Line {self._index + 1} {says}."
            if not says[:1].isdigit()
            else f"Line {self._index + 1}: {says}."
        )
        return finding(code, severity, path, joined, facts={**about, **(facts or {})}, options=options)

    def stop(
        self,
        code: str,
        severity: Severity,
        field: str,
        says: str,
        *,
        facts: dict[str, str] | None = None,
        options: Sequence[str] = (),
    ) -> QuantityMatch:
        """Nothing can be booked before this is settled; unit questions offer the units it is sold in."""
        if not options and field == "uom" and severity == "clarify":
            options = self._choices()
        base_uom = self._given.units.base or None if self._given else None
        found = self._finding(code, severity, field, says, facts=facts, options=options)
        return QuantityMatch(base_uom=base_uom, findings=(found,))
