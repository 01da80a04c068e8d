"""Where an order goes: an address on file, or a finding."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from rapidfuzz import fuzz

from agents.matcher.findings import finding
from orderdesk.domain.findings import Finding
from orderdesk.domain.master import ShipTo
from orderdesk.domain.orders import OrderDraft, PartyRef
from orderdesk.policy.matching import MatchingPolicy
from tools.master.fold import fold_name, fold_part, plain_letters

# Two spellings of one street ('2200 Matzinger Rd' and '2200 Matzinger Road') score above 85 of 100 and two
# house numbers in one street above 90, so numbers must agree exactly beside it.
_SAME_STREET = 80.0
_STREET_WORDS = {
    "rd": "road", "st": "street", "str": "strasse", "ave": "avenue", "av": "avenue", "blvd": "boulevard",
    "hwy": "highway", "dr": "drive", "ln": "lane", "ne": "northeast", "nw": "northwest", "se": "southeast",
    "sw": "southwest", "c": "calle", "pl": "place", "ste": "suite",
}  # fmt: skip
# Words around the name of a place that do not name it.
_FILLER_WORDS = """
to our the at in an is fine please unser unsere unserem das die der werk plant warehouse site depot lager zu nach
a al el la en nuestro nuestra almacen de del notre le entrepot usine for fur and und y et location address
delivery deliver lieferung standard normal same place as always usual wie ublich immer siempre habitual habituelle
"""
_FILLERS = frozenset(_FILLER_WORDS.split())


@dataclass(frozen=True)
class ShipToMatch:
    """The code of an address on file, or None with the finding that says why."""

    code: str | None = None
    findings: tuple[Finding, ...] = ()


def find_ship_to(
    draft: OrderDraft,
    on_file: Sequence[ShipTo],
    value: Decimal | None,
    currency: str | None,
    policy: MatchingPolicy,
    corrections: Mapping[str, str],
    *,
    words: str = "",
) -> ShipToMatch:
    """The delivery address. `value`: what the order is worth, as far as known: a new address is a matter of stakes.

    `words` is what the sender wrote: where no address is stated, but a place on file other than the usual one
    is named ('these go to Fort Wayne'), the usual one is not taken without asking.
    """
    if edited := corrections.get("ship_to_code"):
        return _edited(edited, on_file)
    stated = draft.ship_to if draft.ship_to and _says_something(draft.ship_to) else None
    if stated and _names_no_place(stated, on_file):
        stated = None  # 'the usual place', or only the company's own name
    match = _stated(stated, on_file, value, currency, policy) if stated else _unstated(on_file)
    if not stated and match.code and _names_another(words, match.code, on_file):
        match = _unclear(on_file)
    elsewhere = [
        i
        for i, line in enumerate(draft.lines)
        if line.ship_to and _says_something(line.ship_to) and _codes(line.ship_to, on_file) != [match.code]
    ]
    if not elsewhere:
        return match
    split = finding(
        "ship_to_per_line",
        "approve",
        "ship_to",
        f"{len(elsewhere)} lines name a delivery address of their own (the first is line {elsewhere[0] + 1}); one "
        "order goes to one address here, so split it.",
    )
    return ShipToMatch(match.code, (*match.findings, split))


def _unstated(on_file: Sequence[ShipTo]) -> ShipToMatch:
    """None stated: the default, or the only one."""
    defaults = [s for s in on_file if s.is_default]
    if len(defaults) == 1:
        return ShipToMatch(defaults[0].code)
    if len(on_file) == 1:
        return ShipToMatch(on_file[0].code)
    return _unclear(on_file) if on_file else _no_data()


def _stated(
    stated: PartyRef,
    on_file: Sequence[ShipTo],
    value: Decimal | None,
    currency: str | None,
    policy: MatchingPolicy,
) -> ShipToMatch:
    if not on_file:
        return _no_data()
    codes = _codes(stated, on_file)
    if len(codes) == 1:
        return ShipToMatch(codes[0])
    if codes:
        return _unclear([s for s in on_file if s.code in codes])
    if not (stated.street or stated.postal_code or stated.city):
        return _unclear(on_file)
    limit = policy.new_ship_to_limit(currency)
    small = limit is not None and value is not None and value <= limit
    return ShipToMatch(
        None,
        (
            finding(
                "ship_to_new",
                "clarify" if small else "approve",
                "ship_to",
                f"The address {_in_words(stated)} is not on file; confirm it before goods go there.",
                facts={"address": _in_words(stated)},
                options=[_shown(s) for s in on_file],
            ),
        ),
    )


def _codes(stated: PartyRef, on_file: Sequence[ShipTo]) -> list[str]:
    """Codes of the addresses that the stated one can be; one is certain, several are a question."""
    numbers = {f for f in map(fold_part, (stated.code, *stated.ids)) if f}
    by_code = [s for s in on_file if fold_part(s.code) in numbers]
    if by_code:
        # A code beside an address that is another one is no answer.
        return [s.code for s in by_code] if not stated.postal_code or _same_place(stated, by_code[0]) else []
    if stated.street or stated.postal_code:
        return [s.code for s in on_file if _same_place(stated, s)]
    wanted = _wanted_words(stated)
    return [s.code for s in on_file if wanted and wanted <= _entry_words(s)]


def _names_no_place(stated: PartyRef, on_file: Sequence[ShipTo]) -> bool:
    if stated.street or stated.postal_code or stated.ids:
        return False
    wanted = _wanted_words(stated)
    return not wanted or (len(on_file) > 1 and all(wanted <= _entry_words(s) for s in on_file))


# Words of an address' name that many texts hold without meaning the place.
_COMMON_WORDS = frozenset(
    [
        "service",
        "services",
        "center",
        "centre",
        "main",
        "north",
        "south",
        "east",
        "west",
        "office",
        "supply",
        "systems",
        "engineering",
        "fabrication",
        "industrial",
        "group",
        "company",
        "reception",
        "receiving",
        "goods",
        "conveyor",
        "store",
        "stores",
        "unit",
        "halle",
        "hall",
        "street",
        "road",
    ]
)


def _names_another(words: str, usual: str, on_file: Sequence[ShipTo]) -> bool:
    """Whether a text names an address on file other than the usual one: its city, or what only its name holds."""
    text = " ".join(re.findall(r"[a-z]+|\d+", plain_letters(words)))
    said = set(text.split())
    for entry in on_file:
        if entry.code == usual:
            continue
        others = {w for o in on_file if o.code != entry.code for w in _entry_words(o)}
        named = re.findall(r"[a-z]+|\d+", plain_letters(f"{entry.name} {entry.city}"))
        own = [w for w in named if w not in others]
        if any(
            w in said for w in own if len(w) >= 4 and w not in _FILLERS | _COMMON_WORDS and not w.isdigit()
        ):
            return True
        # 'Werk 2': the figure tells the two apart only behind its word
        if any(b in own and b.isdigit() and f" {a} {b} " in f" {text} " for a, b in pairwise(named)):
            return True
    return False


def _same_place(stated: PartyRef, entry: ShipTo) -> bool:
    if stated.postal_code and entry.postal_code:
        # US ZIP+4: the first five digits name the place
        one, two = fold_part(stated.postal_code), fold_part(entry.postal_code)
        if one != two and not (
            one.isdigit() and two.isdigit() and one[:5] == two[:5] and 9 in (len(one), len(two))
        ):
            return False
    elif plain_letters(stated.city) != plain_letters(entry.city):
        return False
    if not stated.street:
        return bool(stated.postal_code)
    one, two = _street(stated.street), _street(entry.street)
    same_numbers = set(re.findall(r"\d+", one)) == set(re.findall(r"\d+", two))
    return same_numbers and fuzz.token_sort_ratio(one, two) >= _SAME_STREET


def _street(text: str) -> str:
    words = re.sub(r"[^a-z0-9]+", " ", plain_letters(text)).split()
    joined = " ".join(_STREET_WORDS.get(w, w) for w in words)
    return re.sub(r"str(?=\s|$)", "strasse", joined)


def _wanted_words(stated: PartyRef) -> set[str]:
    text = " ".join((fold_name(stated.name), stated.code, stated.city))
    return set(re.findall(r"[a-z]+|\d+", plain_letters(text))) - _FILLERS


def _entry_words(entry: ShipTo) -> set[str]:
    parts = (entry.code, entry.name, entry.street, entry.city, entry.region, entry.postal_code)
    return set(re.findall(r"[a-z]+|\d+", plain_letters(" ".join(parts))))


def _says_something(party: PartyRef) -> bool:
    return bool(party.code or party.ids or party.street or party.city or party.postal_code or party.name)


def _unclear(entries: Sequence[ShipTo]) -> ShipToMatch:
    message = f"It is not clear which of {len(entries)} delivery addresses is meant."
    options = [_shown(s) for s in entries]
    return ShipToMatch(None, (finding("ship_to_unclear", "clarify", "ship_to", message, options=options),))


def _no_data() -> ShipToMatch:
    message = "No delivery addresses are on file for this account, so the address could not be checked."
    return ShipToMatch(None, (finding("data_unknown_ship_to", "info", "ship_to", message),))


def _edited(code: str, on_file: Sequence[ShipTo]) -> ShipToMatch:
    if any(s.code == code for s in on_file):
        return ShipToMatch(code)
    message = (
        f"The corrected delivery address '{code}' is not on file for this account; choose one of its codes."
    )
    options = [_shown(s) for s in on_file]
    return ShipToMatch(None, (finding("correction_invalid", "approve", "ship_to", message, options=options),))


def _shown(entry: ShipTo) -> str:
    place = " ".join(p for p in (entry.postal_code, entry.city) if p)
    return f"{entry.code} — " + ", ".join(p for p in (entry.name, entry.street, place) if p)


def _in_words(party: PartyRef) -> str:
    place = " ".join(p for p in (party.postal_code, party.city) if p)
    return ", ".join(p for p in (party.name, party.street, place, party.country) if p)
