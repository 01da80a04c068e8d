"""Free-text orders made from a seed over the demo company's catalogue and customers, each with its truth."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from tests.support.generated_phrases import HARD, PHRASES, UNIT_WORDS, Phrases
from tests.support.generated_trade import Article, Trader, traders
from tests.support.house import DEMO_DAY, mail

_WORTH_AT_MOST = Decimal(3500)  # below every approval limit, so that nothing but the reading decides
_FIRST_DAY = DEMO_DAY + timedelta(days=14)


class WantedLine(NamedTuple):
    """One line as ordered. `quote` are its words in the mail; `unit` as written, '' where none is."""

    part: str
    sku: str
    quantity: Decimal
    unit: str
    uom: str
    quote: str
    price: str = ""
    written_quantity: str = ""


class Told(NamedTuple):
    """A header value and its words in the mail."""

    value: str
    quote: str


class GeneratedMail(NamedTuple):
    """A mail and everything a booking of it must hold."""

    number: int
    customer_id: str
    sender: str
    language: str
    subject: str
    text: str
    lines: tuple[WantedLine, ...]
    po: Told | None
    day: Told | None
    ship_to: Told | None
    ship_to_code: str
    hard: bool = False

    def raw(self) -> bytes:
        """As it comes over the wire."""
        text = self.text.replace("\n", "\r\n")
        identity = f"generated-{'hard-' if self.hard else ''}{self.number}@customer.example"
        return mail(text, sender=self.sender, subject=self.subject, message_id=identity)


def generated_mails(seed: int, count: int, *, hard: bool = False) -> tuple[GeneratedMail, ...]:
    """`count` orders; the same seed gives the same mails. `hard`: worded as no rule reads them."""
    return tuple(_one(random.Random(f"{seed}/{hard}/{i}"), i, hard) for i in range(count))


def _one(rng: random.Random, index: int, hard: bool) -> GeneratedMail:
    trader = rng.choice(traders())
    if hard:
        return _hard(rng, index, trader, _articles(rng, trader, 2, of_base_unit=True))
    chosen = _articles(rng, trader, rng.choice((1, 1, 2, 2, 3, 4, 5)), of_base_unit=False)
    phrases = PHRASES[trader.language]
    worded = rng.choice(phrases.lines)
    unit_written = "{u}" in worded
    if not unit_written and not all(a.in_base for a in chosen):
        worded, unit_written = "{q} {u} {p}", True
    wanted = [_line(rng, trader, a, worded, n, unit_written) for n, a in enumerate(chosen, 1)]
    po = trader.po(1000 + 7 * index) if trader.po_required or rng.random() < 0.6 else ""
    day = _day(rng) if rng.random() < 0.6 else None
    place = rng.choice(trader.places) if trader.places and rng.random() < 0.5 else None
    return _worded(rng, index, trader, phrases, wanted, po, day, place)


def _worded(
    rng: random.Random, index: int, trader: Trader, phrases: Phrases, wanted: Sequence[WantedLine],
    po: str, day: date | None, place: tuple[str, str] | None,
) -> GeneratedMail:  # fmt: skip
    parts: list[str] = [rng.choice(phrases.greetings)]
    po_quote = rng.choice(phrases.po).format(po=po) if po else ""
    if po:
        parts.append(po_quote)
    prose = rng.random() < 0.35
    if prose:
        body = f" {phrases.joint} ".join(line.quote for line in wanted[-2:])
        body = ", ".join([*(line.quote for line in wanted[:-2]), body])
        parts.append(rng.choice(phrases.asking).format(lines=body))
    else:
        bullet = rng.choice(("", "- ", "* ", ""))
        parts.append(rng.choice(phrases.lead) + "\n" + "\n".join(bullet + line.quote for line in wanted))
    written_day = rng.choice(trader.days)(day) if day else ""
    day_quote = rng.choice(phrases.day).format(day=written_day) if day else ""
    parts.append(day_quote)
    ship_quote = rng.choice(phrases.place).format(place=place[1]) if place else ""
    parts.append(ship_quote)
    parts.append(rng.choice(phrases.closings) + "\n" + rng.choice((trader.signature, trader.name)))
    if rng.random() < 0.25:
        parts.append(rng.choice(phrases.tails))
    subject = rng.choice((po, f"{phrases.subject} {po}", phrases.subject)) if po else phrases.subject
    return GeneratedMail(
        number=index, customer_id=trader.customer_id, sender=f"{trader.name} <{trader.address}>",
        language=trader.language, subject=subject, text="\n\n".join(p for p in parts if p) + "\n",
        lines=tuple(wanted), po=Told(po, po_quote) if po else None,
        day=Told(day.isoformat(), day_quote) if day else None,
        ship_to=Told(place[1], ship_quote) if place else None,
        ship_to_code=place[0] if place else trader.default_place,
    )  # fmt: skip


def _hard(rng: random.Random, index: int, trader: Trader, chosen: Sequence[Article]) -> GeneratedMail:
    """Two articles in one of the wordings that rules do not read; the quantities stand in figures."""
    wanted = [_line(rng, trader, article, "{q}", n, False) for n, article in enumerate(chosen, 1)]
    pattern, quotes = rng.choice(HARD[trader.language])
    po = trader.po(6000 + 7 * index)
    names = {
        "p1": wanted[0].part, "q1": wanted[0].written_quantity,
        "p2": wanted[1].part, "q2": wanted[1].written_quantity, "po": po,
    }  # fmt: skip
    text = pattern.format(**names)
    lines = tuple(
        line._replace(quote=q.format(**names), price="") for line, q in zip(wanted, quotes, strict=False)
    )
    return GeneratedMail(
        number=index, customer_id=trader.customer_id, sender=f"{trader.name} <{trader.address}>",
        language=trader.language, subject=PHRASES[trader.language].subject, text=f"{text}\n\n{trader.name}\n",
        lines=lines, po=Told(po, po), day=None, ship_to=None, ship_to_code=trader.default_place, hard=True,
    )  # fmt: skip


def _articles(rng: random.Random, trader: Trader, count: int, *, of_base_unit: bool) -> list[Article]:
    """Different articles that the customer knows, together worth less than any limit."""
    chosen: list[Article] = []
    worth = Decimal(0)
    known = [article for article in trader.articles if article.in_base or not of_base_unit]
    for article in rng.sample(known, min(count, len(known))):
        if chosen and worth + article.worth > _WORTH_AT_MOST:
            continue
        chosen.append(article)
        worth += article.worth
    return chosen


def _line(
    rng: random.Random, trader: Trader, article: Article, worded: str, number: int, unit_written: bool
) -> WantedLine:
    steps = max(1, int(article.usual / article.step))
    quantity = article.step * rng.randint(max(1, steps // 2), max(1, steps * 5 // 4))
    unit = rng.choice(UNIT_WORDS[trader.language][article.uom]) if unit_written else ""
    part = rng.choice(article.names)
    written = f"{quantity:f}"
    price = ""
    quote = worded.format(q=written, u=unit, p=part, n=number)
    if rng.random() < 0.12:
        price = f"{article.price:f}"
        shown = price.replace(".", ",") if trader.comma else price
        quote += {"en": " at {}", "de": " zu {}", "es": " a {}", "fr": " à {}"}[trader.language].format(
            f"{shown} {trader.currency}"
        )
    return WantedLine(
        part=part, sku=article.sku, quantity=quantity, unit=unit, uom=article.uom, quote=quote, price=price,
        written_quantity=written,
    )  # fmt: skip


def _day(rng: random.Random) -> date:
    """A Tuesday, Wednesday or Thursday some weeks off, where no feast moves it."""
    day = _FIRST_DAY + timedelta(days=rng.randint(0, 13))
    day += timedelta(days={0: 1, 4: -1, 5: 3, 6: 2}.get(day.weekday(), 0))
    return day - timedelta(days=1) if day.day == 19 else day  # San José
