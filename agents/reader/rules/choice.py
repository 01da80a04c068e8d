"""Which figure of a clause is its quantity, and which clauses look like lines though none could be read."""
# ruff: noqa: E501 - word lists

from __future__ import annotations

import re
from collections.abc import Sequence

from agents.reader.rules.clauses import Clause, in_brackets, lead_free
from agents.reader.rules.mentions import Mention
from agents.reader.rules.vocabulary import REQUEST

_TAIL_SEPARATOR = re.compile(r"(?:[:=–—-]|\t| {2,}|,)[ \t]*$")
_PART_BLOT = re.compile(r"\x00")


def choose(
    hidden: str, clause: Clause, own: Sequence[Mention], in_order: bool, text: str
) -> tuple[Mention | None, list[Mention]]:
    """The clause's quantity, and the other figures that could be it as well."""
    labelled = [m for m in own if m.kind == "label"]
    if labelled:
        return labelled[0], labelled[1:]
    strong = [m for m in own if m.kind in ("unit", "times") and not _in_parentheses(hidden, clause, m)]
    if not strong:
        strong = [m for m in own if m.kind in ("unit", "times")]
    if strong:
        return strong[0], [m for m in strong[1:] if m.value != strong[0].value]
    lead = lead_free(hidden, clause.start, clause.end)
    in_order = in_order or bool(REQUEST.search(text, clause.start, lead))
    for m in own:
        opens = m.number_start <= lead
        behind = hidden[m.end : clause.end]
        ends = not re.search(r"[^\W\d_]{2,}|\x00", behind.replace("please", "").replace("bitte", ""))
        separated = bool(_TAIL_SEPARATOR.search(hidden[clause.start : m.start]))
        if m.kind == "measure" and (opens or (ends and separated)):
            return m, []
        if m.kind == "bare" and m.value < 100000 and m.value > 0:
            asked = (
                clause.listed
                or clause.conjoined
                or in_order
                or bool(_PART_BLOT.search(hidden[clause.start : clause.end]))
            )
            if in_brackets(hidden, m):
                return m, []
            worded = text[m.number_start : m.number_end].isalpha()  # 'one question' asks for nothing
            if opens and (asked or (_plural(behind) and not worded)) and _noun_follows(behind):
                return m, []
            if ends and separated and (_PART_BLOT.search(hidden[clause.start : m.start])):
                return m, []
    return None, []


def counts_something(hidden: str, clause: Clause, mention: Mention) -> bool:
    """Whether words say what a bare whole figure counts: '12 roulements BRG-20610', '5 tol-40310'."""
    return mention.value == mention.value.to_integral_value() and _noun_follows(
        hidden[mention.end : clause.end]
    )


# '11 you have to ...': a figure in front of these counts nothing
_NO_NOUN = re.compile(
    r"[ \t]+(?:you|we|i|he|she|it|they|is|are|was|were|have|has|had|will|would|can|could|and|or|but|if|to|in|on|at|the|sie|wir|ich|er|ist|sind|und|oder|"
    r"es|son|y|o|que|nous|vous|il|est|sont|et|ou)\b",
    re.IGNORECASE,
)


def _noun_follows(behind: str) -> bool:
    return not _NO_NOUN.match(behind) and bool(
        re.match(
            r"[ \t]+(?:[-–:] )?(?:of (?:the |your )?|de (?:los |las )?|des |d['’]|vom? |von den )?(?:[^\W\d_]{2,}|[A-Za-z]-[A-Za-z]|\x00|[\"(])",
            behind,
        )
    )


def _plural(behind: str) -> bool:
    """Whether a plural follows within three words ('20 Schellen', '10 filtres à air'), not '3 phase'."""
    words = re.findall(r"[^\W\d_]{4,}", behind)[:3]
    return any(re.search(r"(?:[sxn]|er|re)$", w, re.IGNORECASE) for w in words)


def _in_parentheses(hidden: str, clause: Clause, mention: Mention) -> bool:
    before = hidden[clause.start : mention.start]
    return before.count("(") > before.count(")")


def looks_like_line(hidden: str, clause: Clause, own: Sequence[Mention]) -> bool:
    """A part number with a figure beside it, or a quantity without an article: something a person must see."""
    stretch = hidden[clause.start : clause.end]
    if any(m.kind in ("unit", "times", "label") for m in own):
        return True
    if bool(own) and bool(_PART_BLOT.search(stretch)) and len(stretch) < 120:
        return True
    # a figure and a noun at the start of a short stretch: a list without units
    return (
        any(
            m.kind in ("bare", "measure")
            and not hidden[clause.start : m.start].strip(" \t-*")
            and _noun_follows(hidden[m.end : clause.end])
            for m in own
        )
        and len(stretch) < 80
    )
