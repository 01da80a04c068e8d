"""Asks for all unclear lines in one question, and takes only a number of the closed list, or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from agents.as_data import Plain, as_data, one_line
from agents.matcher.contract import UnclearLine
from agents.matcher.model.answer import ArticleChoices
from agents.matcher.model.contract import CONTRACT
from orderdesk.domain.findings import Finding
from tools.models.contract import Answered, Models, Question, Trail

# Candidates of one line: more are no help, and the policy offers at most as many.
MOST_CANDIDATES = 8
# Lines of one question. An order with more unclear lines is a matter for a conversation, not for a model; those
# beyond stay as the rules left them.
MOST_LINES = 60
_TEXT_LIMIT = 200
_NUMBER_LIMIT = 40


class ModelChooser:
    """A CandidateChooser over the ladder of models, for one case; afterwards it tells what was tried."""

    def __init__(self, models: Models, case_id: str) -> None:
        self._models = models
        self._case_id = case_id
        # Which rungs were tried and what they cost; None where nothing was unclear, so that nothing was asked.
        self.trail: Trail | None = None
        # What a person has to know: the models would not do this, so a person decides.
        self.findings: tuple[Finding, ...] = ()

    async def choose(self, lines: Sequence[UnclearLine]) -> list[int | None]:
        """For each line the 0-based candidate, or None where the model names none of them."""
        nothing: list[int | None] = [None for _ in lines]
        if not lines:
            return nothing
        asked = lines[:MOST_LINES]
        result = await self._models.ask(
            Question(
                case_id=self._case_id,
                agent="matcher",
                prompt=CONTRACT.load(),
                values={"lines": as_data([_shown(i, line) for i, line in enumerate(asked, 1)])},
                answer=ArticleChoices,
            )
        )
        self.trail = result.trail
        if isinstance(result, Answered):
            taken = choices_from(result.value, [len(line.candidates[:MOST_CANDIDATES]) for line in asked])
            return [*taken, *nothing[len(asked) :]]
        if result.then == "person":
            self.findings = (handed_over(result.why),)
        return nothing


def choices_from(answer: ArticleChoices, offered: Sequence[int]) -> list[int | None]:
    """The 0-based choice of each line; `offered`: how many articles each line was offered.

    A line that is missing or named twice, and a number that was not offered, are no choice.
    """
    times = Counter(entry.line for entry in answer.lines)
    chosen = {entry.line: entry.choice for entry in answer.lines if times[entry.line] == 1}
    taken: list[int | None] = []
    for number, count in enumerate(offered, 1):
        choice = chosen.get(number)
        taken.append(choice - 1 if choice is not None and 1 <= choice <= count else None)
    return taken


def handed_over(why: str) -> Finding:
    """The models would not, or could not, choose; the rules go on and a person looks at it."""
    return Finding(
        code="model_handed_over",
        severity="approve",
        path="lines",
        message=f"No model chose among the articles of the unclear lines, so a person decides: {why}",
    )


def _shown(number: int, line: UnclearLine) -> dict[str, Plain]:
    article = line.article
    numbers = (article.buyer_part, article.part, article.seller_part, article.manufacturer_part, article.gtin)
    sold_in = (*line.sold_in, *("" for _ in line.candidates))
    return {
        "line": number,
        "words": one_line(article.description, _TEXT_LIMIT),
        "numbers": [one_line(n, _NUMBER_LIMIT) for n in dict.fromkeys(numbers) if n],
        "ordered": one_line(line.ordered, _NUMBER_LIMIT),
        "articles": [
            {
                "article": position,
                "sku": one_line(candidate.sku, _NUMBER_LIMIT),
                "description": one_line(candidate.description, _TEXT_LIMIT),
                "sold_in": one_line(sold_in[position - 1], _NUMBER_LIMIT * 2),
            }
            for position, candidate in enumerate(line.candidates[:MOST_CANDIDATES], 1)
        ],
    }
