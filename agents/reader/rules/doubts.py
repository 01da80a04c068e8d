"""Words that keep a line from being booked as it stands: ranges, 'about', alternatives, conditions, refusals."""
# ruff: noqa: E501 - word lists

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from agents.reader.rules.masks import NUMBER
from orderdesk.domain.findings import Finding

_ABOUT = r"about|approx(?:imately)?\.?|around|roughly|some|circa|ca\.?|~|≈|up to|at most|max(?:imum|\.)?|no more than|not more than|at least|min(?:imum|\.)?|a minimum of|a maximum of|minimum of|no less than|more than|less than|over|under|etwa|ungefähr|rund|zirka|bis zu|höchstens|maximal|mindestens|wenigstens|über|unos|unas|aproximadamente|aprox\.?|alrededor de|más o menos|cerca de|hasta|máximo|máx\.?|mínimo|mín\.?|al menos|como mínimo|como máximo|por lo menos|environ|à peu près|autour de|jusqu['’]à|au maximum|maximum|au moins|au minimum"
_VAGUE_BEFORE = re.compile(rf"(?:^|(?<![\w]))(?:{_ABOUT})[ \t]*(?:de |von )?$", re.IGNORECASE)
_VAGUE_BEHIND = re.compile(
    r"[ \t]*(?:[^\W\d_]+\.?[ \t]*)?(?:(?:\(?(?:or so|approx\.?|more or less|give or take|min(?:imum|\.)|max(?:imum|\.)|ca\.|circa|oder so|in etwa|mindestens|maximal|más o menos|aprox\.?|como (?:mínimo|máximo)|mínimo|máximo|environ|à peu près|au (?:moins|maximum))(?![\w])\)?)|\+/-|±|\+(?=[ \t]))",
    re.IGNORECASE,
)
_RANGE = re.compile(
    rf"(?<![\w.,/-])(?P<a>{NUMBER})(?:[ \t]*[-–—][ \t]*|[ \t]+(?:to|or|bis|oder|a|o|u|à|ou)[ \t]+)(?P<b>{NUMBER})(?![\w./-]*[\d\"”])(?=[ \t]*(?:[^\W\d_]|$|[.,;)\n]))",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    rf"\b(?:between|zwischen|entre)[ \t]+{NUMBER}[ \t]+(?:and|und|y|et)[ \t]+{NUMBER}", re.IGNORECASE
)
_CONDITION = re.compile(
    r"\b(?:if|unless|only if|provided(?: that)?|as long as|assuming|in case|depending on|subject to|contingent|on condition|once (?:we|you|approved|the)|"
    r"falls|wenn|sofern|vorausgesetzt|nur falls|unter der bedingung|vorbehaltlich|je nach(?!dem)|es sei denn|"
    r"si|siempre que|siempre y cuando|en caso de|a condición de|salvo que|sujeto a|dependiendo|"
    r"sous réserve|à condition|au cas où|à moins que|selon (?:prix|disponibilité|le prix)|pourvu que)\b|\bs['’]ils? ",
    re.IGNORECASE,
)
# politeness and asides that hang nothing on anything
_NO_CONDITION = re.compile(
    r"\b(?:if (?:(?:at all )?possible|you (?:have|need|require|could|can|would|please|don't mind)|there (?:is|are) (?:any )?(?:questions?|problems?|issues?)|any(?:thing)? (?:questions?|problems?|issues?|is unclear)|not(?:,| already)|so\b|needed\b|necessary|i (?:may|can|remember|recall)|that (?:is|works|suits))|"
    r"(?:wenn|falls|sofern) (?:(?:irgend )?möglich|(?:sie )?(?:noch )?(?:fragen|rückfragen|etwas unklar)|es (?:geht|passt)|nötig|sie (?:noch )?(?:fragen|rückfragen))|"
    r"si (?:es|fuera|fuese) posible|si (?:tien|hay|tuvi)\w* (?:alguna |cualquier )?(?:duda|pregunta|problema)\w*|si (?:no le|no te) (?:importa|molesta)|si (?:necesita|necesitas|precisa)|"
    r"si (?:c['’]est )?possible|si (?:vous avez|besoin|nécessaire|vous)|s['’]il (?:vous|te) (?:plaît|plait)|s['’]il y a (?:des|un))",
    re.IGNORECASE,
)
_ON_HOLD = re.compile(
    r"\b(?:do not (?:ship|process|book|deliver|send|enter)[^.\n]{0,25} (?:until|before|yet)|don't (?:ship|process|book|deliver|send|enter)[^.\n]{0,25} (?:until|before|yet)|(?:pending|awaiting|subject to|waiting for|wait for) (?:\w+ ){0,4}(?:approval|confirmation|budget|release|go[- ]ahead|sign[- ]off|credit|final word|ok)|not (?:yet )?(?:an? )?(?:firm|final|binding|official)(?: order)?|(?:this is )?not an order|provisional(?:ly)?|tentative(?:ly)?|draft order|order to follow|"
    r"noch (?:keine|nicht) (?:verbindliche?|bestell\w*|feste?)|unverbindlich|unter vorbehalt|vorbehaltlich|(?:bitte )?noch nicht (?:liefern|versenden|buchen|ausführen)|vorläufig|erst nach (?:freigabe|bestätigung)|keine bestellung|"
    r"pendiente de (?:\w+ ){0,3}(?:aprobación|confirmación|visto bueno)|no es un pedido|aún no (?:es )?(?:en firme|envíen|enviar)|todavía no (?:envíen|enviar|es)|provisional|"
    r"en attente d(?:e|') ?(?:\w+ ){0,3}(?:validation|confirmation|accord)|sous réserve|pas (?:encore )?une commande|ne pas (?:encore )?(?:expédier|livrer) avant|provisoire)\b",
    re.IGNORECASE,
)
_EITHER = re.compile(r"\b(?:either|entweder|whichever|soit\b.{0,80}\bsoit|o bien|ou bien|alternativ(?:ely|e)?|wahlweise|alternativamente|optional(?:ly)?|option(?: [a-c12])?\b|opción|ersatzweise)\b", re.IGNORECASE)
_OR = re.compile(r"[ \t,(]+(?:or|oder|bzw\.?|ou|o|u|and/or|und/oder|y/o|et/ou)[ \t]+", re.IGNORECASE)
_SPLIT = re.compile(
    r"\b(?:half|halves|the (?:rest|remainder|balance|others?)|remaining|partly|in two (?:lots|deliveries|shipments)|in (?:weekly|monthly) (?:lots|batches|deliveries)|(?:per|a|each|every) (?:week|month|day)|weekly|monthly|die hälfte|der rest|den rest|restliche\w*|(?:pro|je) (?:woche|monat)|wöchentlich|monatlich|la mitad|el resto|(?:por|al|cada) (?:semana|mes)|semanal(?:es|mente)?|mensual(?:es|mente)?|la moitié|le reste|le solde|(?:par|chaque) (?:semaine|mois)|hebdomadaire\w*|mensuel\w*)\b",
    re.IGNORECASE,
)


class Doubt(NamedTuple):
    """What a line says beyond a plain quantity of a plain article."""

    code: str
    words: str


def doubt_about_quantity(text: str, start: int, end: int, clause: tuple[int, int]) -> Doubt | None:
    """Why the figure at start..end is no exact quantity; `clause` bounds the words that speak of it."""
    line = text.rfind("\n", 0, start) + 1
    before = text[max(line, start - 24) : start]
    behind = text[end : min(clause[1], end + 28)]
    for pattern in (_RANGE, _BETWEEN):
        for match in pattern.finditer(text, max(line, start - 30), min(len(text), end + 30)):
            if match.start() <= start and end <= match.end():
                return Doubt("quantity_not_exact", match.group())
    vague = _VAGUE_BEFORE.search(before)
    if vague:
        return Doubt("quantity_not_exact", f"{vague.group().strip()} {text[start:end]}")
    late = _VAGUE_BEHIND.match(behind)
    if late:
        return Doubt("quantity_not_exact", f"{text[start:end]}{late.group()}")
    return None


def doubt_about_sentence(text: str, start: int, end: int, more: Sequence[int]) -> Doubt | None:
    """Why the lines of a sentence may not be booked as they stand; `more` are the places of figures and part
    numbers in it, between which an 'or' makes alternatives."""
    sentence = text[start:end]
    for match in _CONDITION.finditer(sentence):
        if not _NO_CONDITION.match(sentence, match.start()):
            return Doubt("order_conditional", " ".join(sentence[match.start() :].split())[:80])
    if _EITHER.search(sentence):
        return Doubt("alternatives_offered", " ".join(sentence.split())[:80])
    for match in _OR.finditer(text, start, end):
        # 'or' with a figure or a part number right behind it, and one before it
        if any(match.end() <= p <= match.end() + 12 for p in more) and any(p < match.start() for p in more):
            return Doubt("alternatives_offered", " ".join(sentence.split())[:80])
    split = _SPLIT.search(sentence)
    if split:
        return Doubt("line_unclear", split.group())
    return None


def doubts_about_order(text: str) -> tuple[Finding, ...]:
    """What the message says about the order as a whole: on hold, not firm, subject to an approval."""
    match = _ON_HOLD.search(text)
    if not match:
        return ()
    words = " ".join(match.group().split())
    return (Finding(
        code="order_not_firm", severity="approve", path="intent", facts={"words": words},
        message=f"The message says '{words}': the order is not firm, so a person has to decide.",
    ),)  # fmt: skip


def doubt_finding(doubt: Doubt, index: int) -> Finding:
    """The question about a doubtful line."""
    messages = {
        "quantity_not_exact": (f"lines[{index}].quantity", f"'{doubt.words}' is no exact quantity: how many are wanted?"),
        "order_conditional": (f"lines[{index}]", f"The line is ordered on a condition: '{doubt.words}'."),
        "alternatives_offered": (f"lines[{index}]", f"The line names alternatives: '{doubt.words}'."),
        "line_unclear": (f"lines[{index}].quantity", f"'{doubt.words}' parts the quantity in a way that is not clear."),
    }  # fmt: skip
    path, message = messages[doubt.code]
    return Finding(
        code=doubt.code, severity="clarify", path=path, question=doubt.code, message=message,
        facts={"words": doubt.words},
    )  # fmt: skip
