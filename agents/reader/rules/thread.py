"""A note over a forwarded order: the note wins, but where the two order the same articles differently, who counts?"""
# ruff: noqa: E501 - word lists

from __future__ import annotations

import re
from collections.abc import Sequence

from orderdesk.domain.base import plain
from orderdesk.domain.findings import Finding
from orderdesk.domain.orders import DraftLine

_SETTLED = re.compile(
    r"\b(?:instead|replac(?:e|es|ed|ing)|supersed\w+|out of date|outdated|obsolete|ignore|disregard|overrul\w+|the right ones|the (?:correct|right|new|final|updated|revised) (?:figures|quantities|numbers|list|lines|order)|correct(?:ed|ion)|revised|updated?|changed? to|old (?:figures|quantities|numbers|list)|no longer|not the (?:figures|quantities)|forget (?:the|his|her|their)|"
    r"statt|anstatt|stattdessen|ersetzt|überholt|veraltet|nicht mehr (?:aktuell|gültig)|korrigier\w*|korrektur|ignorieren|hinfällig|geändert|neue mengen|richtigen mengen|"
    r"sustituy\w*|reemplaz\w*|en lugar|en vez|corregid\w*|corrección|ignor\w*|ya no (?:valen?|sirven?)|cantidades (?:correctas|nuevas|buenas)|actualizad\w*|"
    r"remplac\w*|au lieu|à la place|annule et|corrig\w*|rectifi\w*|ignor\w*|ne (?:pas|plus) tenir compte|périm\w*|quantités (?:correctes|exactes)|mises? à jour)\b",
    re.IGNORECASE,
)


_MAIL_HEAD = re.compile(
    r"(?:[ \t>]*(?:-{2,}[^\n]*|_{5,}[ \t]*|(?:From|Von|De|Sent|Gesendet|Enviado(?: el)?|Envoyé|Date|Datum|Fecha|To|An|Para|À|A|Cc|Kopie|Subject|Betreff|Asunto|Objet|Reply-To|Importance|Attachments?)[ \xa0]?:[^\n]*|\*?(?:On|Am|El|Le) [^\n]{6,100}(?:wrote|schrieb|escribió|a écrit)[^\n]{0,60}:|[ \t>]*)(?:\n|$))+",
    re.IGNORECASE,
)


def without_mail_head(text: str) -> str:
    """A forwarded text whose mail headers are blanked out, every character in its place."""
    head = _MAIL_HEAD.match(text)
    end = head.end() if head else 0
    return re.sub(r"[^\n]", " ", text[:end]) + text[end:]


def against_forwarded(
    note: str, mine: Sequence[DraftLine], theirs: Sequence[DraftLine]
) -> tuple[Finding, ...]:
    """The question where a forwarded text orders articles of the note in other quantities and the note does not
    say that it replaces them."""
    if _SETTLED.search(note):
        return ()
    for line in mine:
        for other in theirs:
            if line.quantity is None or other.quantity is None or not _same_article(line, other):
                continue
            if line.quantity.value != other.quantity.value:
                name = line.article.value.part or line.article.value.description
                options = (
                    f"{plain(line.quantity.value)} x {name}",
                    f"{plain(other.quantity.value)} x {name}",
                )
                return (Finding(
                    code="contradicting_instructions", severity="clarify", path="lines", options=options,
                    question="contradicting_instructions",
                    message=f"The message asks for {options[0]}, the text it forwards for {options[1]}.",
                ),)  # fmt: skip
    return ()


def _same_article(left: DraftLine, right: DraftLine) -> bool:
    a, b = left.article.value, right.article.value
    mine = {p.lower() for p in (a.part, a.gtin, a.seller_part, a.buyer_part) if p}
    theirs = {p.lower() for p in (b.part, b.gtin, b.seller_part, b.buyer_part) if p}
    if mine and theirs:
        return bool(mine & theirs)
    words, others = _words(a.description), _words(b.description)
    return bool(words) and words == others


def _words(text: str) -> set[str]:
    return {w for w in re.findall(r"\w+", text.lower()) if len(w) > 2 or w.isdigit()}
