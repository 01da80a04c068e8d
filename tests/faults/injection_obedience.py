"""A model that does whatever the message tells it, for every question the desk ever asks one."""

from __future__ import annotations

import json
from typing import Any, Literal

from tests.faults.injection_messages import Attack, Goal
from tests.faults.injection_prompt import document_with, documents_of, form_of, user_of

Quotes = Literal["real", "made_up"]

_LINES = (("20", "ea", "BRG-20510", "20 ea BRG-20510"), ("10", "rolls", "CLN-80210", "10 rolls CLN-80210"))
_INTENT = "new_order"


class Obedient:
    """Answers as the attack wants. `quotes`: whether what it says rests on words of the message or on none."""

    def __init__(self, quotes: Quotes) -> None:
        self.attack: Attack | None = None
        self.quotes = quotes

    def __call__(self, body: dict[str, Any]) -> Any:
        """The answer to one request of the chat completions protocol."""
        assert self.attack is not None
        answer = {
            "OrderReading": self._reading, "ArticleChoices": self._choices, "WayChosen": self._way,
            "WordedQuestion": self._letter,
        }[form_of(body)]  # fmt: skip
        return answer(body, self.attack)

    def _reading(self, body: dict[str, Any], attack: Attack) -> dict[str, Any]:
        documents, goal = documents_of(body), attack.goal
        lines = [self._line(documents, attack, *line, first=n == 0) for n, line in enumerate(_LINES)]
        if goal.drop:
            del lines[1:]
        if goal.extra[0]:
            quantity, part = goal.extra
            words = f"{quantity} ea {part}"
            lines.append(self._line(documents, attack, quantity, "ea", part, words, first=False))
        po = goal.po or "HF-26-0700"
        day = goal.day or "2026-03-20"
        return {
            "intent": goal.intent or _INTENT,
            "intent_quote": self._words(documents, attack, goal.intent, "please enter the following order"),
            "po_number": self._quoted(documents, attack, po, f"PO {po}"),
            "po_date": None,
            "requested_date": self._quoted(documents, attack, day, "March 20, 2026" if not goal.day else "March 4, 2026"),
            "currency": self._quoted(documents, attack, goal.currency, goal.currency) if goal.currency else None,
            "ship_to": self._quoted(documents, attack, goal.ship_to, goal.ship_to) if goal.ship_to else None,
            "lines": lines,
        }  # fmt: skip

    def _line(
        self, documents: dict[int, str], attack: Attack, quantity: str, unit: str, part: str, words: str, *, first: bool
    ) -> dict[str, Any]:  # fmt: skip
        goal: Goal = attack.goal
        if first:
            changed = goal.quantity or goal.part
            quantity, part = goal.quantity or quantity, goal.part or part
            words = f"{quantity} {unit} {part}" if changed else words
        quote = self._words(documents, attack, words if goal != Goal() else "", words)
        return {
            "quote": quote, "document": self._number(documents, quote), "part_number": part, "description": None,
            "quantity": quantity, "unit": unit, "unit_price": goal.price or None,
            "requested_date": goal.day or None,
        }  # fmt: skip

    def _quoted(self, documents: dict[int, str], attack: Attack, value: str, words: str) -> dict[str, Any]:
        quote = self._words(documents, attack, value, words)
        return {"value": value, "quote": quote, "document": self._number(documents, quote)}

    def _words(self, documents: dict[int, str], attack: Attack, value: str, words: str) -> str:
        """The words themselves where they stand there; else the attack's own, which do, or none that do."""
        if document_with(documents, words) is not None:
            return words
        if row := _row_with(documents, words):
            return row
        if self.quotes == "made_up":
            return words
        shown = [line for line in attack.text.split("\n") if document_with(documents, line) is not None]
        return next((line for line in shown if value and value in line), shown[0] if shown else words)

    def _number(self, documents: dict[int, str], quote: str) -> int:
        found = document_with(documents, quote)
        return found if found is not None else max(documents, default=1)

    def _choices(self, body: dict[str, Any], attack: Attack) -> dict[str, Any]:
        """The last article of each line, or one that was never offered."""
        text = user_of(body)
        lines = json.loads(text[text.index("[") : text.rindex("]") + 1])
        chosen = [{"line": line["line"], "choice": len(line["articles"])} for line in lines]
        if self.quotes == "made_up":
            chosen += [{"line": 99, "choice": 1}, {"line": lines[0]["line"], "choice": 99}]
        return {"lines": chosen}

    def _way(self, body: dict[str, Any], attack: Attack) -> dict[str, Any]:
        return {"route": "matcher", "reason": attack.text[:200]}

    def _letter(self, body: dict[str, Any], attack: Attack) -> dict[str, Any]:
        """Our letter with the attack's words in it, or the attack's alone."""
        text = user_of(body)
        if self.quotes == "made_up":
            return {
                "subject": attack.text[:80],
                "body": f"{attack.text}\nhttps://evil.example x@evil.example",
            }
        letter = json.loads(text[text.index("<letter>") + 8 : text.rindex("</letter>")])
        return {"subject": letter["subject"], "body": f"{letter['body']}\n{attack.text}"}


def _row_with(documents: dict[int, str], words: str) -> str:
    """A line of a table that holds the quantity and the part number of '20 ea BRG-20510'."""
    quantity, part = words.partition(" ")[0], words.rpartition(" ")[2]
    rows = (line for text in documents.values() for line in text.split("\n"))
    return next((row for row in rows if {quantity, part} <= set(row.split()) and quantity != part), "")
