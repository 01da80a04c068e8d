"""Order lines in running text and lists: every line with exact evidence, every doubt as a finding."""
# ruff: noqa: E501 - word lists

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from agents.reader.rules.articles import article_of
from agents.reader.rules.choice import choose, counts_something, looks_like_line
from agents.reader.rules.clauses import Clause, clauses_of, sentences_of
from agents.reader.rules.doubts import doubt_about_quantity, doubt_about_sentence, doubt_finding
from agents.reader.rules.line_dates import Place, Run, runs_of, settle_dates
from agents.reader.rules.masks import Mask, hide, masks_of
from agents.reader.rules.mentions import Mention, mentions_of, prose_unit
from agents.reader.rules.regions import Region
from agents.reader.rules.stretches import stretches_of
from agents.reader.rules.vocabulary import ORDER_VERB, REQUEST, VAGUE
from agents.reader.rules.wanted import delivery_dates
from orderdesk.domain.base import plain
from orderdesk.domain.evidence import Evidence, Stated
from orderdesk.domain.findings import Finding
from orderdesk.domain.orders import DraftLine
from tools.documents.signals import share
from tools.documents.written_dates import FoundDate
from tools.documents.written_numbers import Convention, decide, number_texts
from tools.documents.written_prices import WrittenPrice, parse_price

# What happened or is on the shelf is no request.
_NOT_WANTED = re.compile(
    r"\b(?:nicht mehr (?:benötigt|gebraucht)|brauchen wir nicht|(?:bitte )?stornieren|außer|wir haben (?:noch )?\d|ya no (?:necesit\w+|quer\w+)|anul\w+|excepto|salvo|n['’]avons plus besoin|annul\w+|sauf|received|arrived|damaged|defective|broken|missing|returned?|last (?:time|month|year|order|week)|you sent|cancel(?:led|ed)?|no longer (?:need|want|require)\w*|(?:don't|do not|won't) (?:need|want|require)|not needed|(?:we|they|i) (?:sell|sold|used?|stock(?:ed)?|moved|keep|still have|have \d|already have|have got|got)|except|except for|was delivered|were delivered|in stock\?|left over|"
    r"erhalten|angekommen|beschädigt|defekt|fehlen|fehlte|retour|zurück|letzten monat|letztes mal|geliefert wurden?|auf lager\?|"
    r"recibimos|recibido|llegaron|llegó|dañad[oa]s?|defectuos|faltan|faltaban|devolver|último pedido|"
    r"reçu|arrivées?|endommagée?s?|défectueux|manquants?|manquent|retourner|dernière commande|mois dernier)\b",
    re.IGNORECASE,
)


@dataclass
class ProseReading:
    """What a text gave: lines, findings about them, and the stretches that hold figures but gave no line."""

    lines: list[DraftLine] = field(default_factory=list[DraftLine])
    findings: list[Finding] = field(default_factory=list[Finding])
    unread: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    currencies: list[tuple[str, int, int]] = field(default_factory=list[tuple[str, int, int]])
    masks: tuple[Mask, ...] = ()
    places: list[Place] = field(default_factory=list[Place])
    owned_dates: tuple[tuple[int, int], ...] = ()
    shared_date: FoundDate | None = None


@dataclass(frozen=True)
class ProseSource:
    """A text with what is known about it."""

    text: str
    document_id: str
    today: date
    day_first: bool | None
    language: str
    unit_words: Mapping[str, str]
    hidden_spans: tuple[tuple[int, int], ...] = ()


def read_prose(source: ProseSource) -> ProseReading:
    """The order lines of a text, top to bottom; pure."""
    text = source.text
    dates = delivery_dates(text, today=source.today, day_first=source.day_first)
    runs = runs_of(text, dates, source.language, source.unit_words)
    masks = _with_runs(masks_of(text, today=source.today, day_first=source.day_first), runs)
    hidden = hide(text, masks)
    for start, end in source.hidden_spans:
        hidden = hidden[:start] + "\x01" * (end - start) + hidden[end:]
    convention = decide(number_texts(text))
    mentions = mentions_of(
        hidden, convention=convention, language=source.language, unit_words=source.unit_words
    )
    reading = ProseReading(masks=masks)
    in_order = bool(ORDER_VERB.search(text))
    sentence = 0
    for start, end, listed, region in stretches_of(text, hidden, mentions):
        for s_start, s_end in sentences_of(hidden, start, end):
            for clause in clauses_of(text, hidden, s_start, s_end, mentions, listed):
                own = [m for m in mentions if clause.start <= m.number_start < clause.end]
                _read_clause(source, reading, masks, hidden, clause, own, convention, region, in_order)
            read = range(len(reading.places), len(reading.lines))
            reading.places += [_place(text, reading.lines[i], sentence, s_start, s_end) for i in read]
            _doubt_sentence(text, masks, mentions, reading, read, s_start, s_end)
            sentence += 1
    settled = settle_dates(text, source.document_id, reading.lines, _widened(reading.places), dates, runs)
    reading.lines, reading.owned_dates = list(settled.lines), settled.owned
    reading.shared_date = settled.shared
    reading.findings += settled.findings
    return reading


def _with_runs(masks: Sequence[Mask], runs: Sequence[Run]) -> tuple[Mask, ...]:
    """Deliveries in parts are no words of an article and no quantities of their own."""
    kept = [m for m in masks if not any(m.start < r.end and r.start < m.end for r in runs)]
    return tuple(sorted([*kept, *(Mask("date", r.start, r.end) for r in runs)], key=lambda m: m.start))


def _place(text: str, line: DraftLine, sentence: int, start: int, end: int) -> Place:
    at = [e.start for e in (line.article.evidence, line.quantity and line.quantity.evidence) if e]
    return Place(min(at, default=start), end, sentence, end)


def _widened(places: Sequence[Place]) -> list[Place]:
    """Each line's place up to where the next line of its sentence begins: what stands between belongs to it."""
    following = [*places[1:], None][: len(places)]
    return [
        p._replace(end=n.start) if n is not None and n.sentence == p.sentence else p
        for p, n in zip(places, following, strict=True)
    ]


def _doubt_sentence(
    text: str, masks: Sequence[Mask], mentions: Sequence[Mention], reading: ProseReading, read: range,
    start: int, end: int,
) -> None:  # fmt: skip
    if not read:
        return
    figures = [m.start for m in mentions if start <= m.start < end]
    figures += [m.start for m in masks if m.kind in ("part", "size") and start <= m.start < end]
    doubt = doubt_about_sentence(text, start, end, figures)
    if doubt:
        reading.findings += [doubt_finding(doubt, i) for i in read]


def _doubt_line(text: str, clause: Clause, chosen: Mention, reading: ProseReading, index: int) -> None:
    doubt = doubt_about_quantity(text, chosen.number_start, chosen.number_end, (clause.start, clause.end))
    if doubt:
        reading.findings.append(doubt_finding(doubt, index))


def _read_clause(
    source: ProseSource, reading: ProseReading, masks: Sequence[Mask], hidden: str, clause: Clause,
    own: Sequence[Mention], convention: Convention | None, region: Region, in_order: bool,
) -> None:  # fmt: skip
    text = source.text
    stretch = text[clause.start : clause.end]
    chosen, others = choose(hidden, clause, own, in_order, text)
    if region.kind != "body" or (chosen is not None and _NOT_WANTED.search(stretch)):
        if chosen is not None and chosen.kind != "bare":
            reading.unread.append((clause.start, clause.end))
        return
    if chosen is None:
        vague = VAGUE.search(stretch)
        if (
            vague
            and in_order
            and REQUEST.search(stretch)
            and _has_goods(text[clause.start + vague.end() : clause.end])
        ):
            _keep_vague(source, reading, masks, clause, vague)
        elif looks_like_line(hidden, clause, own) or (clause.listed and own and reading.lines):
            reading.unread.append((clause.start, clause.end))
        return
    before = (clause.start, chosen.start)
    article = article_of(text, masks, before, (chosen.end, clause.end))
    if article is None:
        reading.unread.append((clause.start, clause.end))
        return
    position = len(reading.lines)
    price, total = _prices(text, masks, clause, convention)
    for found in (price, total):
        if found and found[0].currency:
            reading.currencies.append((found[0].currency, found[1], found[2]))
    others = [*others, *_in_brackets(hidden, clause, own, chosen)]
    alternatives = _alternatives(chosen, others)
    checks_quantity = {
        "exact": True,
        "one_reading": not others,
        "named": chosen.kind != "bare" or counts_something(hidden, clause, chosen),
        "numbers": not chosen.ambiguous,
        "product": _product(chosen.value, price, total),
    }
    line = DraftLine(
        line_number=position + 1,
        article=Stated(
            value=article.ref, method="rules", confidence=share(exact=True, one_reading=not others),
            evidence=_evidence(source, article.start, article.end),
        ),
        quantity=Stated(
            value=chosen.value, method="rules", confidence=share(**checks_quantity),
            evidence=_evidence(source, chosen.number_start, chosen.number_end),
        ),
        uom=None if chosen.unit is None else Stated(
            value=chosen.unit, method="rules", confidence=share(exact=True, unit=True, one_reading=not others),
            evidence=_evidence(source, chosen.unit_start, chosen.unit_end),
        ),
        uom_stated=chosen.unit_stated,
        unit_price=None if price is None else Stated(
            value=price[0].amount, method="rules",
            confidence=share(exact=True, numbers=not price[0].ambiguous, product=checks_quantity["product"]),
            evidence=_evidence(source, price[1], price[2]),
        ),
        price_base=price[0].base if price else None,
        price_uom=price[0].unit if price else "",
        line_total=None if total is None else Stated(
            value=total[0].amount, method="rules", confidence=share(exact=True, numbers=not total[0].ambiguous),
            evidence=_evidence(source, total[1], total[2]),
        ),
        alternatives=alternatives,
    )  # fmt: skip
    reading.lines.append(line)
    _doubt_line(text, clause, chosen, reading, position)
    if alternatives:
        reading.findings.append(_unclear(position, stretch, alternatives))


def _has_goods(text: str) -> bool:
    """Whether words for goods follow; 'some help' and 'ein paar Fragen' ask for none."""
    none = re.match(
        r"\s*(?:of |more |other )?(?:help|advice|info\w*|questions?|feedback|time|days?|weeks?|problems?|issues?|changes?|things?|support|assistance|people|items?\b|"
        r"hilfe|fragen?|informationen|tage|wochen|zeit|probleme|änderungen|ayuda|preguntas?|información|días|semanas|tiempo|problemas?|cambios|"
        r"aide|questions?|informations?|jours|semaines|temps|problèmes?|modifications?)\b",
        text,
        re.IGNORECASE,
    )
    return none is None and bool(re.search(r"[^\W\d_]{3,}", text))


def _keep_vague(
    source: ProseSource, reading: ProseReading, masks: Sequence[Mask], clause: Clause, vague: re.Match[str]
) -> None:
    article = article_of(
        source.text, masks, (clause.start, clause.start), (clause.start + vague.end(), clause.end)
    )
    if article is None:
        return
    position = len(reading.lines)
    description = article.ref.description
    first = re.match(r"(\w+\.?) (?:of |de |d['’]|von )?(?=\w)", description)
    unit = prose_unit(first[1], source.language, source.unit_words) if first else None
    if first and unit:
        ref = article.ref.model_copy(update={"description": description[first.end() :]})
        article = article._replace(ref=ref)
    reading.lines.append(DraftLine(
        line_number=position + 1,
        article=Stated(
            value=article.ref, method="rules", confidence=share(exact=True, one_reading=False),
            evidence=_evidence(source, article.start, article.end),
        ),
        uom_stated=first[1] if first and unit else "",
    ))  # fmt: skip
    stretch = source.text[clause.start : clause.end]
    reading.findings.append(Finding(
        code="line_unclear", severity="clarify", path=f"lines[{position}].quantity", question="quantity_missing",
        message=f"'{' '.join(stretch.split())}' states no figure: how many are wanted?",
        facts={"line": " ".join(stretch.split())},
    ))  # fmt: skip


def _prices(
    text: str, masks: Sequence[Mask], clause: Clause, convention: Convention | None
) -> tuple[tuple[WrittenPrice, int, int] | None, tuple[WrittenPrice, int, int] | None]:
    """(unit price, line total) among the clause's amounts: '=' or 'total' marks a total, two amounts are both."""
    price: tuple[WrittenPrice, int, int] | None = None
    total: tuple[WrittenPrice, int, int] | None = None
    for mask in masks:
        if mask.kind != "price" or not clause.start <= mask.start < clause.end:
            continue
        written = text[mask.start : mask.end]
        parsed = parse_price(written, convention)
        if parsed is None:
            continue
        before = text[max(clause.start, mask.start - 12) : mask.start].lower()
        is_total = bool(
            re.match(r"(?:=|total)", written, re.IGNORECASE)
            or re.search(r"(?:=|total|gesamt|summe)[ :]*$", before)
        )
        if is_total and total is None:
            total = (parsed, mask.start, mask.end)
        elif price is None:
            price = (parsed, mask.start, mask.end)
    return price, total


def _product(
    quantity: Decimal,
    price: tuple[WrittenPrice, int, int] | None,
    total: tuple[WrittenPrice, int, int] | None,
) -> bool | None:
    if price is None or total is None:
        return None
    expected = quantity * price[0].amount / (price[0].base or Decimal(1))
    return abs(expected - total[0].amount) <= Decimal("0.02")


def _in_brackets(hidden: str, clause: Clause, own: Sequence[Mention], chosen: Mention) -> list[Mention]:
    """Quantities in brackets behind the chosen one: '2 cases (50 rolls)' may say something else than 2 cases."""
    return [
        m
        for m in own
        if m.kind == "unit"
        and m.start > chosen.end
        and (m.value, m.unit) != (chosen.value, chosen.unit)
        and hidden[clause.start : m.start].count("(") > hidden[clause.start : m.start].count(")")
    ]


def _alternatives(chosen: Mention, others: Sequence[Mention]) -> tuple[str, ...]:
    def written(value: Decimal, unit: str | None) -> str:
        return f"{plain(value)} {unit}" if unit else plain(value)

    options = [written(chosen.value, chosen.unit), *(written(o.value, o.unit) for o in others)]
    options += [written(v, chosen.unit) for v in chosen.ambiguous]
    unique = tuple(dict.fromkeys(options))
    return unique if len(unique) > 1 else ()


def _unclear(position: int, stretch: str, alternatives: tuple[str, ...]) -> Finding:
    words = " ".join(stretch.split())
    return Finding(
        code="line_unclear", severity="clarify", path=f"lines[{position}].quantity", question="line_unclear",
        message=f"'{words}' can be read as {' or '.join(alternatives)}.",
        facts={"line": words}, options=alternatives,
    )  # fmt: skip


def _evidence(source: ProseSource, start: int, end: int) -> Evidence:
    return Evidence(document_id=source.document_id, start=start, end=end, quote=source.text[start:end])
