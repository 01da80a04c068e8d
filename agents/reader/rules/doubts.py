"""Words that keep a line from being booked as it stands: ranges, 'about', alternatives, conditions, refusals."""
# ruff: noqa: E501 - word lists

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from agents.reader.rules.masks import NUMBER
from agents.reader.rules.wanted import is_delivery_time
from orderdesk.domain.findings import Finding
from tools.documents.date_words import MONTHS

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
    rf"\b(?:between|zwischen|entre)[ \t]+(?:{NUMBER})[ \t]+(?:and|und|y|et)[ \t]+(?:{NUMBER})", re.IGNORECASE
)
_SUM = re.compile(r"(?<![\w.,/-])\d+[ \t]?\+[ \t]?\d+(?![\w./-])")
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
    r"\b(?:do not (?:ship|process|book|deliver|send|enter)[^.\n]{0,25} (?:until|before|yet)|don't (?:ship|process|book|deliver|send|enter)[^.\n]{0,25} (?:until|before|yet)|(?:pending|awaiting|subject to|waiting for|wait for) (?:\w+ ){0,4}(?:approval|confirmation|budget|release|go[- ]ahead|sign[- ]off|credit|final word|ok)|not (?:yet )?(?:an? )?(?:firm|final|binding|official)(?: order)?|(?:this is )?not an order|(?:this is )?(?:just |only )?a? ?test(?: order)?, |test order|please (?:ignore|disregard) (?:this|the)|testbestellung|pedido de prueba|commande test|provisional(?:ly)?|tentative(?:ly)?|draft order|order to follow|"
    r"noch (?:keine|nicht) (?:verbindliche?|bestell\w*|feste?)|unverbindlich|unter vorbehalt|vorbehaltlich|(?:bitte )?noch nicht (?:liefern|versenden|buchen|ausführen)|vorläufig|erst nach (?:freigabe|bestätigung)|keine bestellung|"
    r"pendiente de (?:\w+ ){0,3}(?:aprobación|confirmación|visto bueno)|no es un pedido|aún no (?:es )?(?:en firme|envíen|enviar)|todavía no (?:envíen|enviar|es)|provisional|"
    r"en attente d(?:e|') ?(?:\w+ ){0,3}(?:validation|confirmation|accord)|sous réserve|pas (?:encore )?une commande|ne pas (?:encore )?(?:expédier|livrer) avant|provisoire)\b",
    re.IGNORECASE,
)
_EITHER = re.compile(
    r"\b(?:either|entweder|whichever|soit\b.{0,80}\bsoit|o bien|ou bien|alternativ(?:ely|e)?|wahlweise|alternativamente|optional(?:ly)?|option(?: [a-c12])?\b|opción|ersatzweise)\b",
    re.IGNORECASE,
)
_OR = re.compile(r"[ \t,(]+(?:or|oder|bzw\.?|ou|o|u|and/or|und/oder|y/o|et/ou)[ \t]+", re.IGNORECASE)
_SPLIT = re.compile(
    r"\b(?:half (?:now|today|immediately|of (?:it|them|the)|in|on|by|to|at once|each)|in two (?:lots|deliveries|shipments)|(?:the )?(?:rest|remainder|balance|other half)(?: of (?:it|them|the order))? (?:can|in|on|by|later|to|next|for|should|please|after|at|with|we)|in (?:weekly|monthly) (?:lots|batches|deliveries|instal\w+)|(?:per|each|every) (?:week|month)|\w+ a (?:month|week)\b|until further notice|standing order|dauerauftrag|(?:weekly|monthly) (?:deliver\w+|shipments?|call-?offs?)|call[- ]?off|"
    r"(?:die )?hälfte (?:sofort|jetzt|davon|am|im|bis|an)|(?:der|den) rest (?:am|im|bis|später|dann|an|kann|bitte|nächste)|(?:pro|je) (?:woche|monat)|(?:wöchentlich|monatlich) liefern|auf abruf|"
    r"(?:la )?mitad (?:ahora|ya|en|el|para|a)|el resto (?:en|el|para|más|después|a|puede)|(?:por|al|cada) (?:semana|mes)\b|"
    r"(?:la )?moitié (?:maintenant|tout de suite|en|le|à|pour)|le (?:reste|solde) (?:en|le|plus|pour|à|peut|fin)|(?:par|chaque) (?:semaine|mois))\b",
    re.IGNORECASE,
)
_ACCENTED = ["märz", "février", "août", "décembre", "jänner"]
_MONTH = "|".join(
    sorted([*(m for m in MONTHS if len(m) > 3 or m == "may"), *_ACCENTED], key=len, reverse=True)
)
# a time that is no day: 'in April', 'Mitte Mai', 'in 2-3 weeks', 'next month'
_VAGUE_TIME = re.compile(
    rf"\b(?:(?:in|im|en|for|by|early|mid|late|(?:second half|first half|end|middle) of|beginning of|anfang|mitte|ende|début|fin|(?:a )?(?:principios|mediados|finales) de|für|para|pour|courant) (?:{_MONTH})\b(?! ?\d|,? ?(?:19|20)\d\d)|"
    rf"(?:mi-|mid-)(?:{_MONTH})\b|(?:erste|zweite|ersten|zweiten|1\.|2\.) \w*hälfte\b|quinzaine (?:de |d['’])?(?:{_MONTH})|quincena de (?:{_MONTH})|"
    rf"(?:in|within) (?:about )?\d+ ?(?:-|–|to|or) ?\d+ (?:days|weeks)|in (?:the next|a) (?:few|couple of) (?:days|weeks)|(?:sometime )?next month|in the coming weeks|"
    rf"in \d+ ?(?:-|–|bis) ?\d+ (?:tagen|wochen)|in den nächsten (?:tagen|wochen)|nächsten monat|en \d+ ?(?:-|–|a|o) ?\d+ (?:días|semanas)|el (?:próximo mes|mes que viene)|dans \d+ ?(?:-|–|à|ou) ?\d+ (?:jours|semaines)|le mois prochain)",
    re.IGNORECASE,
)


# a question that asks for goods all the same: 'could you send ...?'
_POLITE = re.compile(
    r"\b(?:send|ship|deliver|supply|order|get|add|book|enter|provide|put|have (?:them|it|these)|process|please|pls|schick\w*|send\w*|liefer\w*|bestell\w*|zukommen|bitte|"
    r"envi\w*|enví\w*|mand\w*|mánd\w*|serv\w*|suministr\w*|pon\w*|por favor|envoy\w*|livr\w*|expédi\w*|fourni\w*|command\w*|merci)\b",
    re.IGNORECASE,
)
_STOCK = re.compile(
    r"\b(?:in stock|on hand|available|availability|auf lager|vorrätig|verfügbar|lieferbar|en stock|disponibles?|en existencia)\b[^.!\n]*\?",
    re.IGNORECASE,
)


# what is not wanted, named beside what is: '40 mm wide, not the 48 mm'
_EXCLUDED = re.compile(
    r"\b(?:not|nicht|keine?n?|no|pas|non|et non)[ \t]+(?:(?:the|a|an|any|die|der|den|das|el|la|los|las|de|du|des|le|les|of)[ \t]+){0,2}$",
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
    for pattern in (_RANGE, _BETWEEN, _SUM):
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
    if any(_EXCLUDED.search(text, max(start, p - 20), p) for p in more):
        return Doubt("exclusion_in_line", " ".join(sentence.split())[:80])
    asked = sentence.rstrip(" \t\"')").endswith("?")
    if asked and (not _POLITE.search(sentence) or _STOCK.search(sentence)):
        return Doubt("question_not_order", " ".join(sentence.split())[:80])
    if _EITHER.search(sentence):
        return Doubt("alternatives_offered", " ".join(sentence.split())[:80])
    for match in _OR.finditer(text, start, end):
        # 'or' with a figure or a part number right behind it, and one before it
        if any(match.end() <= p <= match.end() + 12 for p in more) and any(p < match.start() for p in more):
            return Doubt("alternatives_offered", " ".join(sentence.split())[:80])
    return None


def doubts_about_order(text: str, has_lines: bool) -> tuple[Finding, ...]:
    """What the message says about the order as a whole: on hold, not firm, in parts, at a time that is no day."""
    findings: list[Finding] = []
    held = _ON_HOLD.search(text)
    if held:
        words = " ".join(held.group().split())
        findings.append(Finding(
            code="order_not_firm", severity="approve", path="intent", facts={"words": words},
            message=f"The message says '{words}': the order is not firm, so a person has to decide.",
        ))  # fmt: skip
    parted = _SPLIT.search(text) if has_lines else None
    if parted:
        words = " ".join(parted.group().split())
        findings.append(Finding(
            code="schedule_unclear", severity="clarify", path="lines", question="schedule_unclear", facts={"words": words},
            message=f"The order is to come in parts ('{words}'), but not clearly which quantity on which day.",
        ))  # fmt: skip
    vague = _VAGUE_TIME.search(text) if has_lines else None
    if vague and not parted and is_delivery_time(text, vague.start()):
        words = " ".join(vague.group().split())
        findings.append(Finding(
            code="date_unreadable", severity="clarify", path="requested_date", question="date_unreadable",
            message=f"The delivery time '{words}' is no day.", facts={"value": words},
        ))  # fmt: skip
    return tuple(findings)


def doubt_finding(doubt: Doubt, index: int) -> Finding:
    """The question about a doubtful line."""
    messages = {
        "quantity_not_exact": (f"lines[{index}].quantity", f"'{doubt.words}' is no exact quantity: how many are wanted?"),
        "order_conditional": (f"lines[{index}]", f"The line is ordered on a condition: '{doubt.words}'."),
        "exclusion_in_line": (f"lines[{index}]", f"The line also names what is not wanted: '{doubt.words}'."),
        "alternatives_offered": (f"lines[{index}]", f"The line names alternatives: '{doubt.words}'."),
    }  # fmt: skip
    if doubt.code == "question_not_order":
        return Finding(
            code=doubt.code, severity="approve", path=f"lines[{index}]", facts={"words": doubt.words},
            message=f"'{doubt.words}' may be a question rather than an order; a person has to read it.",
        )  # fmt: skip
    path, message = messages[doubt.code]
    return Finding(
        code=doubt.code, severity="clarify", path=path, question=doubt.code, message=message,
        facts={"words": doubt.words},
    )  # fmt: skip
