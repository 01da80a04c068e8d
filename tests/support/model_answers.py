"""What a model that reads a mail rightly would answer: from the mail's known truth, every value with its exact words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from agents.reader.model.answer import OrderReading, Quoted, ReadLine
from orderdesk.domain.orders import Intent
from orderdesk.domain.units import unit_from_word
from tests.support.chat_double.double import Responder
from tests.support.chat_double.strict_schema import sample_from_schema
from tests.support.free_text_mails import Mail

_MARKED = re.compile(r"^(\d{1,3})\| ?(.*)$", re.MULTILINE)
_NUMBER_AND_UNIT = r"(?<![\w.,-]){q}(?![\w,-]|\.\d)(?:\s*([^\W\d_]+))?"
_FAR = 40  # characters between a quantity and its article, at most


def reader_answers(mail: Mail, **header: str) -> Responder:
    """A model that reads one mail rightly; other questions get the smallest answer that fits their form.

    `header` names what the truth of a mail leaves out, as the words that hold it: `po_number='HF-26-0401'`, or
    'value: words' where they differ, as in `requested_date='2026-03-20: by March 20'`.
    """

    def respond(body: dict[str, Any]) -> Any:
        form = body["response_format"]["json_schema"]
        if form["name"] != OrderReading.__name__:
            return sample_from_schema(form["schema"])
        return right_reading(documents_in(body), mail, header).model_dump(mode="json")

    return respond


def right_reading(documents: Mapping[int, str], mail: Mail, header: Mapping[str, str]) -> OrderReading:
    """The reading of a mail in the documents a model was shown. Raises AssertionError where words do not stand there."""
    wanted = [line.split("|")[0].split() for line in mail.lines.split(";") if line]
    intent: Intent = (
        "new_order" if wanted else mail.intent if mail.intent else "other"  # type: ignore[assignment]
    )
    stated: dict[str, Any] = dict.fromkeys(("po_number", "po_date", "requested_date", "currency", "ship_to"))
    for name, words in header.items():
        value, _, quote = words.partition(": ")
        stated[name] = Quoted(value=value, quote=quote or value, document=place_of(documents, quote or value))
    lines = [_line(documents, sku, quantity) for sku, quantity, _ in wanted]
    return OrderReading(intent=intent, intent_quote="", lines=lines, **stated)


def documents_in(body: Mapping[str, Any]) -> dict[int, str]:
    """The documents that the reader's question shows, by number, without the marks in front of their lines."""
    text = str(body["messages"][-1]["content"])
    found: dict[int, list[str]] = {}
    for number, line in _MARKED.findall(text):
        found.setdefault(int(number), []).append(line)
    return {number: "\n".join(lines) for number, lines in found.items()}


def place_of(documents: Mapping[int, str], words: str) -> int:
    """The document that holds some words; the message itself before its subject line."""
    for number in sorted(documents, key=lambda n: (n == 0, n)):
        if words in documents[number]:
            return number
    raise AssertionError(f"{words!r} stands in no document of {json.dumps(documents, ensure_ascii=False)}")


def _line(documents: Mapping[int, str], sku: str, quantity: str) -> ReadLine:
    """The line of an article: its number and the quantity next to it, before it or after it."""
    number = re.compile(_NUMBER_AND_UNIT.format(q=re.escape(quantity)))
    for document in sorted(documents, key=lambda n: (n == 0, n)):
        for text in documents[document].split("\n"):
            article = re.search(re.escape(sku), text, re.IGNORECASE)
            if article is None:
                continue
            before = [
                m for m in number.finditer(text) if 0 <= article.start() - m.end() + len(m[1] or "") <= _FAR
            ]
            after = [m for m in number.finditer(text) if 0 <= m.start() - article.end() <= _FAR]
            if not before and not after:
                continue
            found = before[-1] if before else after[0]
            unit = found[1] if found[1] and unit_from_word(found[1]) else None
            end = found.end() if unit else found.start() + len(quantity)
            quote = text[min(found.start(), article.start()) : max(end, article.end())]
            return ReadLine(
                quote=quote, document=document, part_number=article.group(), description=None, quantity=quantity,
                unit=unit, unit_price=None, requested_date=None,
            )  # fmt: skip
    raise AssertionError(
        f"{quantity} of {sku} stand in no line of {json.dumps(documents, ensure_ascii=False)}"
    )
