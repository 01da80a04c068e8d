"""What a model that reads well, and is wrong in some of its fields, answers to a generated mail; from a seed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from tests.faults.injection_prompt import document_with
from tests.support.generated_mails import GeneratedMail, Told
from tests.support.generated_trade import rows, traders

SHARE_WRONG = 0.05
_NUMBER = re.compile(r"(?<![\w.,/-])\d{1,5}(?![\w.,/-])")


class ModelError(NamedTuple):
    """One thing the model says wrongly: its kind, where in the order (as findings name places), of which article."""

    kind: str
    path: str
    part: str = ""


class Answer(NamedTuple):
    """What the model says, and all that is wrong about it."""

    reading: dict[str, Any]
    errors: tuple[ModelError, ...]
    fields: int


def answer_to(
    mail: GeneratedMail, documents: dict[int, str], seed: int, share: float = SHARE_WRONG
) -> Answer:
    """The truth with about `share` of its fields wrong. The same seed and mail give the same answer."""
    scribe = _Scribe(mail, random.Random(f"{seed}/wrong/{mail.hard}/{mail.number}"), share)
    reading = scribe.reading()
    for place in (*reading["lines"], *(v for v in reading.values() if isinstance(v, dict))):
        found = document_with(documents, place["quote"])
        place["document"] = found if found is not None else 1
    return Answer(reading, tuple(scribe.errors), scribe.fields)


class _Scribe:
    """Writes one answer field by field and draws at each whether it is wrong, and how."""

    def __init__(self, mail: GeneratedMail, rng: random.Random, share: float) -> None:
        self.mail, self.rng, self.share = mail, rng, share
        self.errors: list[ModelError] = []
        self.fields = 0

    def reading(self) -> dict[str, Any]:
        mail = self.mail
        intent = "new_order"
        if self._wrong():
            intent = self.rng.choice(
                ("cancel_order", "change_order", "order_status", "quote_request", "other")
            )
            self._note("wrong intent", "intent")
        return {
            "intent": intent,
            "intent_quote": mail.lines[0].quote,
            "po_number": self._told("po_number", mail.po, {
                "digits of the order number": self._misread_number, "another number as order number": self._other_number,
            }),
            "po_date": None,
            "requested_date": self._told("requested_date", mail.day, {
                "wrong date": self._wrong_day, "another date of the text": self._other_day,
            }),
            "currency": None,
            "ship_to": self._told("ship_to", mail.ship_to, {
                "wrong place": self._wrong_place, "signature as place": self._signature,
            }),
            "lines": self._lines(),
        }  # fmt: skip

    def _wrong(self) -> bool:
        self.fields += 1
        return self.rng.random() < self.share

    def _note(self, kind: str, path: str, part: str = "") -> None:
        self.errors.append(ModelError(kind, path, part))

    def _told(
        self, path: str, told: Told | None, ways: dict[str, Callable[[Told | None], Told | None]]
    ) -> Any:
        said = told
        if self._wrong():
            kinds = (
                [*ways, "left out", "quote from elsewhere"] if told else list(ways)[1:]
            )  # only what can be wrong
            kind = self.rng.choice(kinds)
            if kind == "left out":
                said = None
            elif kind == "quote from elsewhere" and told:
                said = Told(told.value, self.mail.lines[-1].quote)
            else:
                said = ways[kind](told)
            if said != told:
                self._note(f"{kind} ({path})" if kind in ("left out", "quote from elsewhere") else kind, path)
        return {"value": said.value, "quote": said.quote} if said else None

    def _misread_number(self, told: Told | None) -> Told | None:
        assert told
        return Told(_swapped(told.value), told.quote)

    def _other_number(self, told: Told | None) -> Told | None:
        line = self.rng.choice(self.mail.lines)
        return Told(line.part, line.quote)

    def _wrong_day(self, told: Told | None) -> Told | None:
        assert told
        day = date.fromisoformat(told.value) + timedelta(days=self.rng.choice((-7, -1, 1, 7, 31)))
        return Told(day.isoformat(), told.quote)

    def _other_day(self, told: Told | None) -> Told | None:
        """The day of an older mail, or of nothing at all."""
        found = re.search(r"12\.02\.2026|12 Feb 2026|12 feb 2026|12 févr\. 2026|April 21-24", self.mail.text)
        return Told(
            "2026-04-21" if found and "April" in found[0] else "2026-02-12", found[0] if found else "Feb 12"
        )

    def _wrong_place(self, told: Told | None) -> Told | None:
        other = [r for r in rows("ship_to") if r["code"] != self.mail.ship_to_code]
        place = self.rng.choice(other)
        return Told(f"{place['street']}, {place['city']}", told.quote if told else self.mail.lines[0].quote)

    def _signature(self, told: Told | None) -> Told | None:
        trader = next(t for t in traders() if t.customer_id == self.mail.customer_id)
        words = trader.signature.split("\n")[2]
        return Told(words, words)

    def _lines(self) -> list[dict[str, Any]]:
        lines: list[dict[str, Any]] = []
        for index in range(len(self.mail.lines)):
            written = self._line(index)
            kind = self.rng.choice(("line left out", "line twice")) if self._wrong() else ""
            if kind:
                self._note(kind, f"lines[{index}]", self.mail.lines[index].part)
            if kind != "line left out":
                lines.append(written)
            if kind == "line twice":
                lines.append(dict(written))
        if self._wrong():
            lines.append(self._invented())
        return lines

    def _line(self, index: int) -> dict[str, Any]:
        line = self.mail.lines[index]
        written: dict[str, Any] = {
            "quote": line.quote, "part_number": line.part, "description": None, "quantity": f"{line.quantity:f}",
            "unit": line.unit or None, "unit_price": line.price or None, "requested_date": None,
        }  # fmt: skip
        path = f"lines[{index}]"
        if self._wrong():
            self._wrong_quantity(written, index)
        if self._wrong():
            self._wrong_part(written, index)
        if self._wrong():
            words = {
                "EA": "boxes",
                "BX": "pieces",
                "RL": "boxes",
                "BG": "boxes",
                "PR": "boxes",
                "PK": "pieces",
            }
            written["unit"] = words[line.uom]
            self._note("wrong unit", f"{path}.uom")
        if line.price and self._wrong():
            written["unit_price"] = _swapped(line.price)
            self._note("wrong price", f"{path}.unit_price")
        if self._wrong():
            written["quote"] = self.rng.choice(
                ("Please confirm this order.", self.mail.text.strip().split("\n")[-1])
            )
            self._note("quote from elsewhere (line)", path, line.part)
        return written

    def _wrong_quantity(self, written: dict[str, Any], index: int) -> None:
        line, path = self.mail.lines[index], f"lines[{index}].quantity"
        numbers = [n for n in _NUMBER.findall(self.mail.text) if n != written["quantity"] and int(n)]
        kind = self.rng.choice(
            ("digits of the quantity", "another quantity of the text", "quantity left out")
        )
        if kind == "another quantity of the text" and numbers:
            written["quantity"] = self.rng.choice(numbers)
            # as a careless model would: a quote long enough to hold the figure
            written["quote"] = _stretch(self.mail.text, line.quote, written["quantity"]) or line.quote
        elif kind == "quantity left out":
            written["quantity"] = None
        else:
            kind = "digits of the quantity"
            written["quantity"] = _swapped(written["quantity"])
        self._note(kind, path)

    def _wrong_part(self, written: dict[str, Any], index: int) -> None:
        line, path = self.mail.lines[index], f"lines[{index}].article"
        others = [other for other in self.mail.lines if other.part != line.part]
        if others and self.rng.random() < 0.5:
            other = self.rng.choice(others)
            written["part_number"] = other.part
            written["quote"] = _stretch(self.mail.text, line.quote, other.part) or line.quote
            self._note("part number of another line", path)
            return
        skus = [row["sku"] for row in rows("products")]
        at = skus.index(line.sku)
        written["part_number"] = skus[at + 1 if at + 1 < len(skus) else at - 1]
        if self.rng.random() < 0.5:
            written["quote"] = line.quote.replace(
                line.part, written["part_number"]
            )  # and a quote made up for it
        self._note("neighbour's part number", path)

    def _invented(self) -> dict[str, Any]:
        """A line nobody ordered: out of an older mail where there is one, else out of thin air."""
        found = re.search(r"^> .*?((\d+) (\w+) (?:de )?([A-Z]{3}-\d{5}))", self.mail.text, re.MULTILINE)
        quote, quantity, unit, part = (
            found.groups() if found else ("25 ea TOL-40310", "25", "ea", "TOL-40310")
        )
        self._note("line of an older mail" if found else "line made up", "lines", part)
        return {
            "quote": quote, "part_number": part, "description": None, "quantity": quantity, "unit": unit, "unit_price": None, "requested_date": None,
        }  # fmt: skip


def _swapped(number: str) -> str:
    """Two different digits exchanged; where there are none, the last one is another."""
    digits = [i for i, c in enumerate(number) if c.isdigit()]
    for left, right in pairwise(digits):
        if number[left] != number[right] and not (left == digits[0] and number[right] == "0"):
            swapped = list(number)
            swapped[left], swapped[right] = swapped[right], swapped[left]
            return "".join(swapped)
    last = digits[-1]
    return f"{number[:last]}{(int(number[last]) + 3) % 10 or 4}{number[last + 1 :]}"


def _stretch(text: str, quote: str, words: str) -> str:
    """The shortest piece of the text that holds both the quote and the words."""
    at = text.find(quote)
    places = [m.start() for m in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text)]
    if at < 0 or not places:
        return ""
    nearest = min(places, key=lambda place: abs(place - at))
    return text[min(at, nearest) : max(at + len(quote), nearest + len(words))]
