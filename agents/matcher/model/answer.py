"""What the model may say about unclear lines: for each, the number of one offered article, or none."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tools.models.contract import Closed

# true and 1.0 are no numbers of a list
Number = Annotated[int, Field(strict=True)]


class LineChoice(Closed):
    """The article meant by one line."""

    line: Number = Field(description="number of the line, as given")
    choice: Number | None = Field(description="number of the article meant; null where it cannot be told")


class ArticleChoices(Closed):
    """The answer of the matcher's model."""

    lines: list[LineChoice] = Field(description="every line, once")
