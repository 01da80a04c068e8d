"""The program of the reader's child processes: documents and the reader's rules, both on untrusted text.

The rules match patterns against whatever a stranger wrote; like the parsers they are cut off when they take too long.
"""

from __future__ import annotations

import sys

from agents.reader.contract import ReaderInput
from agents.reader.model.compare import Comparison, compare
from agents.reader.model.papers import ReadByRules, with_papers
from agents.reader.rules import reading_by_rules
from orderdesk.domain.documents import ReadMessage
from orderdesk.domain.errors import ReadError
from orderdesk.domain.orders import OrderDraft
from tools.documents.child import serve
from tools.documents.pool import ReaderPool
from tools.documents.split import count_orders

# Formats that define each field; tables and text are interpreted again by the rules.
_PARSED = frozenset(("x12", "edifact", "ubl", "cxml", "opentrans", "orderx"))
COMMAND = (sys.executable, "-P", "-m", "agents.reader.child")


async def read_in_child(readers: ReaderPool, given: ReaderInput) -> ReadByRules:
    """What the rules read, in a child process. Raises ReaderLimitExceeded, or ReadError where they fail."""
    if _nothing_to_interpret(given.message):
        return _read(given)
    answer = await readers.run("order", given.model_dump_json().encode())
    return ReadByRules.model_validate_json(answer)


async def compare_in_child(readers: ReaderPool, given: Comparison) -> OrderDraft:
    """The draft of both witnesses, in a child process: quotes are searched in what strangers wrote.

    Raises ReaderLimitExceeded, or ReadError where the comparison fails.
    """
    return OrderDraft.model_validate_json(await readers.run("compare", given.model_dump_json().encode()))


async def count_in_child(readers: ReaderPool, message: ReadMessage) -> int:
    """How many orders a message holds; one where that cannot be told, as a person then looks at it."""
    if _nothing_to_interpret(message):
        return count_orders(message)
    try:
        return int(await readers.run("count", message.model_dump_json().encode()))
    except ReadError:
        return 1


def _nothing_to_interpret(message: ReadMessage) -> bool:
    """Whether the parsers have read everything there is: no rule has to match words, so nothing can take long."""
    return bool(message.documents) and all(d.drafts and d.format in _PARSED for d in message.documents)


def _count(payload: bytes) -> bytes:
    return str(count_orders(ReadMessage.model_validate_json(payload))).encode()


def _read(given: ReaderInput) -> ReadByRules:
    read = reading_by_rules(given.message, position=given.position, context=given.context)
    return with_papers(given.message, given.position, read)


def _order(payload: bytes) -> bytes:
    return _read(ReaderInput.model_validate_json(payload)).model_dump_json().encode()


def _compare(payload: bytes) -> bytes:
    return compare(Comparison.model_validate_json(payload)).model_dump_json().encode()


if __name__ == "__main__":
    serve(tasks={"order": _order, "count": _count, "compare": _compare})
