"""The reader's question to a model: documents between marks that no document can forge, split where they are long."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from agents.reader.contract import CONTRACT
from agents.reader.model.answer import OrderReading
from agents.reader.model.evidence import Shown
from agents.reader.model.folding import is_invisible
from agents.reader.rules.reading import LONGEST_TEXT
from orderdesk.domain.documents import Document, ReadMessage
from tools.models.contract import Models, NoAnswer, Question, Trail, Use
from tools.models.records import total

# Characters of documents in one question. It is what the rules read of a text, so nothing that they read whole
# goes to a person because of a model; at three to four characters a token it is 15,000 to 20,000 tokens, which
# leaves room for the form and the answer in a context of 32,000, the least that models in use have.
MOST_CHARACTERS = LONGEST_TEXT
# Characters of a subject line; a longer one is no subject.
_LONGEST_SUBJECT = 2_000

_KINDS = {"body": "the message", "answer": "the message, an answer", "forwarded": "forwarded with the message",
          "attachment": "attached", "quoted": "quoted, older correspondence"}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """The answers of one order's questions, with the documents they may quote."""

    shown: tuple[Shown, ...]
    readings: tuple[OrderReading, ...]
    trail: Trail


@dataclass(frozen=True)
class TooLong:
    """A document that no question can hold; nothing was asked."""

    name: str
    characters: int


async def ask(
    message: ReadMessage, papers: Sequence[str], today: date, *, case_id: str, models: Models, priority: int = 0
) -> Asked | NoAnswer | TooLong:  # fmt: skip
    """One question where all documents fit, else one for each document; all of them answered, or no answer."""
    documents = [d for d in message.documents if d.document_id in papers]
    shown = shown_of(message, documents)
    long = next((d for d in documents if len(d.text) > MOST_CHARACTERS and d.role != "quoted"), None)
    if long is not None or len(message.subject) > _LONGEST_SUBJECT:
        return TooLong(*((long.name, len(long.text)) if long else ("the subject", len(message.subject))))
    readings: list[OrderReading] = []
    trails: list[Trail] = []
    prompt = CONTRACT.load()
    for group in _groups(shown):
        values = {"today": f"{today:%A}, {today.isoformat()}", "documents": _written(group, documents)}
        question = Question(
            case_id=case_id, agent="reader", prompt=prompt, values=values, answer=OrderReading, priority=priority
        )  # fmt: skip
        answer = await models.ask(question)
        trails.append(answer.trail)
        if isinstance(answer, NoAnswer):
            return NoAnswer(then=answer.then, why=answer.why, trail=_joined(trails))
        readings.append(answer.value)
    return Asked(shown, tuple(readings), _joined(trails))


def shown_of(message: ReadMessage, documents: Sequence[Document]) -> tuple[Shown, ...]:
    """The documents by number, the subject line as number 0. It belongs to the document the order starts in."""
    first = documents[0].document_id if documents else ""
    subject = [Shown(number=0, document_id=first, text=message.subject)] if message.subject.strip() else []
    rest = [
        Shown(number=number, document_id=d.document_id, role=d.role, text=d.text)
        for number, d in enumerate(documents, start=1)
    ]
    return (*subject, *rest)


def _joined(trails: Sequence[Trail]) -> Trail:
    """The trails of one order's questions as one; what they cost together is not known where one of them is not."""
    if len(trails) <= 1:
        return trails[0] if trails else Trail()
    return Trail(
        rungs=tuple(rung for trail in trails for rung in trail.rungs),
        use=Use(
            calls=sum(trail.use.calls for trail in trails),
            tokens_in=sum(trail.use.tokens_in for trail in trails),
            tokens_out=sum(trail.use.tokens_out for trail in trails),
            cost_usd=total([trail.use.cost_usd for trail in trails]),
        ),
        answered_by=trails[-1].answered_by,
        remembered=all(trail.remembered for trail in trails),
    )


def _groups(shown: Sequence[Shown]) -> list[list[Shown]]:
    """All documents together where they fit; else each alone with the subject, older correspondence left out."""
    if sum(len(paper.text) for paper in shown) <= MOST_CHARACTERS:
        return [list(shown)]
    subject = [paper for paper in shown if paper.number == 0]
    return [[*subject, paper] for paper in shown if paper.number and paper.role != "quoted"]


def _written(group: Sequence[Shown], documents: Sequence[Document]) -> str:
    blocks: list[str] = []
    for paper in group:
        if paper.number == 0:
            blocks.append(f"Document 0: the subject line\n{_marked(paper)}")
            continue
        document = documents[paper.number - 1]
        name = json.dumps(_visible(document.name)[:80], ensure_ascii=False)
        head = f"Document {paper.number}: {_KINDS[paper.role]}; {document.format}; file name {name}"
        blocks.append(f"{head}\n{_marked(paper)}")
    return "\n\n".join(blocks)


def _marked(paper: Shown) -> str:
    """Every line behind the document's mark, whatever it holds: only our own lines stand without one."""
    return "\n".join(f"{paper.number}| {_visible(line)}" for line in paper.text.splitlines())


def _visible(text: str) -> str:
    return "".join(" " if c in "\t\v\f" or c.isspace() else c for c in text if not is_invisible(c))
