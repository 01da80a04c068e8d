"""What the matcher's model is asked, what it may decide, and what it may not."""

from __future__ import annotations

from agents.matcher.contract import UnclearLine
from agents.matcher.model.answer import ArticleChoices
from tools.models.agent_contract import AgentContract

CONTRACT = AgentContract(
    name="matcher",
    takes=UnclearLine,
    answer=ArticleChoices,
    prompt=("agents.matcher.model", "choose_articles.md"),
    rules="agents.matcher.rules.articles.match_article",
    may=("put one of the offered articles first, for the person and in the question to the customer",),
    may_not=(
        "name an article that was not offered",
        "settle a line: the question stays, and its confidence stays at most two in three",
        "see prices, stock, customers or the order's other lines",
    ),
)
