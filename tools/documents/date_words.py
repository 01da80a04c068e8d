"""Months, weekdays and the ways of writing a date in English, German, Spanish and French (some Italian, Dutch)."""
# ruff: noqa: E501 - patterns, one way of writing a date a line

from __future__ import annotations

import re

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jaenner janner enero ene janvier janv gennaio januari",
            "february feb februar febrero fevrier fev fevr febbraio februari",
            "march mar maerz marz mrz marzo mars maart mrt",
            "april apr abril abr avril avr aprile",
            "may mai mayo maggio mei",
            "june jun juni junio juin giugno",
            "july jul juli julio juillet juil luglio",
            "august aug agosto ago aout augustus",
            "september sep sept septiembre septembre settembre",
            "october oct oktober okt octubre octobre ottobre",
            "november nov noviembre novembre",
            "december dec dezember dez diciembre dic decembre dicembre",
        ),
        start=1,
    )
    for name in names.split()
}
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday mon montag lunes lundi",
            "tuesday tue tues dienstag martes mardi",
            "wednesday wed mittwoch miercoles mercredi",
            "thursday thu thur thurs donnerstag jueves jeudi",
            "friday fri freitag viernes vendredi",
            "saturday sat samstag sonnabend sabado samedi",
            "sunday sun sonntag domingo dimanche",
        )
    )
    for name in names.split()
}
# Longest first, so that 'march' is not read as 'mar'
_M = "|".join(sorted(MONTHS, key=len, reverse=True))
_W = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
_LONG_W = "|".join(sorted((w for w in WEEKDAYS if len(w) > 4), key=len, reverse=True))
_NEXT = r"next|this coming|coming|naechsten?|nachsten?|kommenden?|proximo|el proximo|prochain"
_TIME = r"(?:t| )\d{1,2}:\d{2}(?::\d{2})?(?:[.]\d+)?(?: ?[ap]m)?(?:z|[+-]\d{2}:?\d{2})?"

PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("ymd", rf"(?<![\w-])(?P<y>(?:19|20)\d\d)(?P<s>[-/.])(?P<m>\d\d?)(?P=s)(?P<d>\d\d?)(?![\d-]|[./]\d)(?:{_TIME})?"),
        ("dots", rf"(?:\b(?P<w>{_W})\.?,? (?:den |dem |the )?)?(?<![\w.,/-])(?P<d>\d\d?)\.(?P<m>\d\d?)\.(?P<y>(?:19|20)\d\d|\d\d(?![\d.]))?(?![\w])"),
        ("slash", rf"(?:\b(?P<w>{_W})\.?,? (?:the |den |el |le )?)?(?<![\w.,/-])(?P<a>\d\d?)(?P<s>[/-])(?P<b>\d\d?)(?P=s)(?P<y>(?:19|20)\d\d|\d\d)(?![\w/-])(?:{_TIME})?"),
        ("short_slash", rf"(?:\b(?P<w>{_W})\.?,? (?:the |den |el |le )?)?(?<![\w.,/-])(?P<a>\d\d?)/(?P<b>\d\d?)(?![\w/\"-]|[.,]\d| ?(?:x|\"|inch|in\b))"),
        ("day_month", rf"(?:(?P<w>{_W})\.?,? )?(?:the |den |el |le )?(?<![\w./,-])(?P<d>\d\d?)(?:st|nd|rd|th|er|º|o|\.)?(?: of| de)?[ -]?(?P<mn>{_M})\b\.?(?:,?[ -](?:de |del |of )?(?P<y>(?:19|20)\d\d|'?\d\d(?![\d:.,]| ?[a-z])))?"),
        ("month_day", rf"(?:(?P<w>{_W})\.?,? )?\b(?P<mn>{_M})\.? (?:the )?(?P<d>\d\d?)(?:st|nd|rd|th)?(?![\w.,]*\d)(?:,? (?P<y>(?:19|20)\d\d))?"),
        ("weekday_day", rf"\b(?P<w>{_W})\.?,? (?:the |den |dem |el |le )?(?P<d>\d\d?)(?:st|nd|rd|th|\.)?(?![\w/:-]|[.,]\d| ?(?:uhr|h\b|am\b|pm\b|on\b|by\b|for\b|el\b|le\b|of\b|x\b|pcs|pieces|boxes|rolls|units|pairs|stuck|stk|kartons|rollen|cajas|rollos|uds|unidades|boites|pieces|rouleaux))"),
        ("week", r"\b(?:kw|kalenderwoche|week|semaine|semana|wk)\.? ?(?:no\.? ?|nr\.? ?)?(?P<wk>\d\d?)\b(?:[ /-](?P<y>20\d\d))?"),
        ("weekday", rf"\b(?P<n>{_NEXT})? ?\b(?P<w>{_LONG_W})\b(?P<n2> prochain| que viene| proximo)?"),
        ("ordinal", r"\b(?:by|before|on|until|due|for) the (?P<d>\d\d?)(?:st|nd|rd|th)\b|\b(?:bis|zum|am|ab) (?:zum |den |dem )?(?P<d2>\d\d?)\.(?![\d\w])(?! ?[a-z])"),
        ("in_n", r"\b(?:in|within|innerhalb von|dentro de|en|dans) (?P<n>\d\d?|one|two|three|four|ein|einer|zwei|drei|vier|una|dos|tres|cuatro|une|deux|trois|quatre) (?P<u>days?|weeks?|tagen?|wochen?|dias?|semanas?|jours?|semaines?)\b"),
        ("word", r"\b(?P<word>day after tomorrow|tomorrow|uebermorgen|ubermorgen|(?<!guten )morgen(?! frueh)|pasado manana|manana|apres-demain|demain|end of (?:the |this )?month|ende des monats|monatsende|fin de mes|fin (?:de|du) mois|end of (?:the |this )?week|ende der woche|fin de semana|next week|naechste woche|nachste woche|proxima semana|la semana que viene|semaine prochaine)\b"),
    )
)  # fmt: skip

COUNT = {w: n for n, ws in enumerate(("", "one ein einer una une", "two zwei dos deux", "three drei tres trois", "four vier cuatro quatre")) for w in ws.split()}  # fmt: skip
