"""How descriptions become search tokens: attributes and trade words, the same for all four languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agents.matcher.attributes import analyse
from agents.matcher.lexicon import lexicon
from agents.matcher.normalise import normalise


class TradeTokeniser:
    """The tokeniser that the article index is built with (see tools.master.search.Tokeniser)."""

    @property
    def surfaces(self) -> Mapping[str, str]:
        """The lexicon's single words, so that their typos are found."""
        return lexicon().surfaces

    def tokens(self, text: str) -> Sequence[str]:
        """Attributes, meanings of trade words, and the other words."""
        return analyse(text).tokens

    def plain(self, text: str) -> str:
        """Lower case, no accents, one way to write sizes."""
        return normalise(text)
