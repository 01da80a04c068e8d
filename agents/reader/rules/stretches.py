"""The lines of a mail as a person sees them: wrapped ones joined, list items and regions marked."""

from __future__ import annotations

from collections.abc import Sequence

from agents.reader.rules.clauses import blocks_of
from agents.reader.rules.mentions import Mention
from agents.reader.rules.regions import Region, regions_of


def stretches_of(text: str, hidden: str, mentions: Sequence[Mention]) -> list[tuple[int, int, bool, Region]]:
    """Lines of the text, wrapped ones joined, with whether they are list items and the region they are in."""
    regions = regions_of(text)
    joined: list[tuple[int, int, bool, Region]] = []
    blank = True
    for start, end, bullet in blocks_of(text):
        if start == end:
            blank = True
            continue
        region = next((r for r in regions if r.start <= start < r.end), Region("body", start, end))
        has_quantity = any(start <= m.number_start < end and m.kind != "bare" for m in mentions)
        lead = any(
            m.kind == "bare" and not hidden[start : m.number_start].strip()
            for m in mentions
            if start <= m.number_start < end
        )
        goes_on = (
            joined
            and not blank
            and not bullet
            and not has_quantity
            and not lead
            and joined[-1][3].kind == region.kind == "body"
            and (
                text[joined[-1][1] - 1] in ",-–(&"
                or text[start].islower()
                or text[joined[-1][1] - 4 : joined[-1][1]]
                .lower()
                .endswith((" and", " und", " et", " y", " of", " de"))
            )
        )
        if goes_on:
            previous = joined.pop()
            joined.append((previous[0], end, previous[2], previous[3]))
        else:
            joined.append((start, end, bullet, region))
        blank = False
    return [
        (start, end, listed or _in_column(joined, index, mentions), region)
        for index, (start, end, listed, region) in enumerate(joined)
    ]


def _in_column(
    stretches: Sequence[tuple[int, int, bool, Region]], index: int, mentions: Sequence[Mention]
) -> bool:
    """Whether a line and its neighbour both begin with a figure: a list without bullets."""

    def begins(at: int) -> bool:
        if not 0 <= at < len(stretches):
            return False
        return any(m.number_start == stretches[at][0] for m in mentions)

    return begins(index) and (begins(index - 1) or begins(index + 1))
