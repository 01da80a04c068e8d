"""Words a question in a language that has no template; where anything of it is off, the template stays."""

from __future__ import annotations

from agents.as_data import as_data, one_line
from agents.correspondent.contract import CorrespondentInput
from agents.correspondent.language import language_without_letters
from agents.correspondent.model.check import objection
from agents.correspondent.model.contract import CONTRACT, LetterToWord, WordedQuestion
from orderdesk.domain.findings import worst
from orderdesk.domain.results import Reply
from tools.models.contract import Answered, Models, Question, Trail

# How a letter that is not made from a template alone is told from the others.
_BY_MODEL = "model/"
_LINE_LIMIT = 1000


async def word_question(
    given: CorrespondentInput, reply: Reply, models: Models, case_id: str
) -> tuple[Reply, Trail | None]:
    """The question in the customer's language, and which models were asked; `case_id` pays for it.

    Nothing is asked, and the trail is None, where a template speaks the language, where it is no question, or
    where the question would not be sent anyway. The recipient and the list of questions are the template's.
    """
    language = language_without_letters(given)
    wanted = reply.kind == "question" and reply.to and worst(given.findings) == "clarify"
    if not language or not wanted or not models.any:
        return reply, None
    letter = LetterToWord(subject=reply.subject, body=reply.body, language=language)
    prompt = CONTRACT.load()
    result = await models.ask(
        Question(
            case_id=case_id,
            agent="correspondent",
            prompt=prompt,
            values={
                "language": language,
                "letter": as_data({"subject": letter.subject, "body": letter.body}),
            },
            answer=WordedQuestion,
        )
    )
    if not isinstance(result, Answered):
        return reply, result.trail
    worded = WordedQuestion(subject=_lines(result.value.subject), body=_lines(result.value.body))
    if objection(letter, worded):
        return reply, result.trail
    update = {"subject": worded.subject, "body": worded.body + "\n", "language": language}
    return reply.model_copy(update={**update, "template": f"{_BY_MODEL}{prompt.stamp}"}), result.trail


def free_worded(reply: Reply) -> bool:
    """Whether a letter is not made from a template alone; a person reads it before it goes out."""
    return reply.template.startswith(_BY_MODEL)


def _lines(text: str) -> str:
    """The letter without anything invisible; indented lines keep their indent, as choices have one."""
    kept: list[str] = []
    for line in text.strip().splitlines():
        indent = " " * (len(line) - len(line.lstrip(" ")))
        kept.append((indent + one_line(line, _LINE_LIMIT)).rstrip())
    return "\n".join(kept)
