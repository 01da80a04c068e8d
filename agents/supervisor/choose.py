"""Asks which way an unclear message takes; only an offered way counts, anything else is none."""

from __future__ import annotations

from dataclasses import dataclass

from agents.as_data import Plain, as_data, one_line
from agents.supervisor.contract import CONTRACT, UnclearWay, Way, WayChosen
from orderdesk.domain.base import plain
from orderdesk.domain.orders import DraftLine
from tools.models.contract import Answered, Models, Question, Trail

# Lines shown; what the first ones are is enough to tell an order from an invoice.
_MOST_LINES = 20
_TEXT_LIMIT = 160
_REASON_LIMIT = 200


@dataclass(frozen=True)
class Choice:
    """The way a model chose, or None with the reason why there is none; and what was tried."""

    way: Way | None
    reason: str
    trail: Trail
    # No model may decide this: a person gets it now.
    person: bool = False


async def choose_way(given: UnclearWay, models: Models, case_id: str) -> Choice:
    """Ask the ladder for a way. The reason is one cleaned line; a way that was not offered is no answer."""
    result = await models.ask(
        Question(
            case_id=case_id,
            agent="supervisor",
            prompt=CONTRACT.load(),
            values={"ways": ", ".join(given.ways), "message": as_data(_shown(given))},
            answer=WayChosen,
        )
    )
    if not isinstance(result, Answered):
        return Choice(None, result.why, result.trail, person=result.then == "person")
    answer = result.value
    if answer.route not in given.ways:
        return Choice(None, f"the answer '{answer.route}' was not offered", result.trail)
    return Choice(answer.route, one_line(answer.reason, _REASON_LIMIT), result.trail)


def _shown(given: UnclearWay) -> dict[str, Plain]:
    draft = given.draft
    unclear = next((f for f in draft.findings if f.code == "intent_unclear"), None)
    return {
        "subject": one_line(given.subject, _TEXT_LIMIT),
        "language": one_line(draft.language, 2),
        "seems_to_ask_for": list(unclear.options) if unclear else [],
        "names_an_order_number": "yes" if draft.po_number else "no",
        "number_of_lines": len(draft.lines),
        "first_lines": [_line(line) for line in draft.lines[:_MOST_LINES]],
    }


def _line(line: DraftLine) -> dict[str, Plain]:
    quantity = plain(line.quantity.value) if line.quantity else ""
    unit = line.uom_stated or (line.uom.value if line.uom else "")
    article = line.article.value
    words = article.description or article.part or article.buyer_part or article.seller_part
    return {
        "quantity": one_line(f"{quantity} {unit}".strip(), _TEXT_LIMIT),
        "words": one_line(words, _TEXT_LIMIT),
    }
