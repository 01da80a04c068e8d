"""Numbers, units and references as a letter shows them in its language."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from agents.correspondent.contract import CorrespondentInput
from agents.correspondent.language import decimal_comma, letter_language
from agents.correspondent.text import clean, number_text, quoted
from agents.correspondent.wording import unit_name
from orderdesk.domain.base import plain
from orderdesk.domain.orders import DraftLine


@dataclass(frozen=True)
class Figures:
    """Shows values in one language; exact, never rounded."""

    language: str
    comma: bool

    @classmethod
    def of(cls, given: CorrespondentInput) -> Figures:
        """For the letter of this case."""
        language = letter_language(given)
        return cls(language, decimal_comma(language, given.customer.country if given.customer else ""))

    def number(self, value: Decimal) -> str:
        """'48', '1.5', '1,5'."""
        return number_text(plain(value), comma=self.comma)

    def amount(self, value: Decimal) -> str:
        """An amount with the digits it was rounded to: '147.80'."""
        return number_text(format(value, "f"), comma=self.comma)

    def price(self, value: Decimal) -> str:
        """A unit price with at least two digits after the point: '3.10', '0.4825'."""
        text = plain(value)
        digits = len(text.partition(".")[2])
        return number_text(
            text if digits >= 2 else format(value.quantize(Decimal("0.01")), "f"), comma=self.comma
        )

    def unit(self, code: str) -> str:
        """The unit's name in the language, with our code where the name is not the code."""
        name = unit_name(self.language, code)
        return name if name == code else f"{name} ({code})"

    def quantity(self, value: Decimal, code: str) -> str:
        """'48 piece (EA)'."""
        return f"{self.number(value)} {self.unit(code)}"

    def asked_quantity(self, line: DraftLine) -> str:
        """What the customer asked for; a unit we do not know stands in their own words, quoted."""
        number = self.number(line.quantity.value) if line.quantity else "?"
        if line.uom:
            return f"{number} {self.unit(line.uom.value)}"
        return f"{number} {self.quote(line.uom_stated)}" if clean(line.uom_stated) else number

    def quote(self, text: str) -> str:
        """Text of the customer, quoted and limited."""
        return quoted(text, self.language)

    def fact(self, text: str) -> str:
        """A finding's figure or option, made safe."""
        return number_text(clean(text, 120), comma=self.comma)
