"""Effect classes: what each kind of effect can undo; the one list the gate and the ledger go by."""

from __future__ import annotations

from typing import Final

from orderdesk.domain.errors import EffectRefused
from orderdesk.domain.results import EffectClass, EffectKind

# reversible: our own rows, which a person can cancel. irreversible: it has left the house.
EFFECT_CLASSES: Final[dict[EffectKind, EffectClass]] = {
    "book_order": "reversible",
    "reserve": "reversible",
    "purchase": "reversible",
    "export_order": "irreversible",
    "send_mail": "irreversible",
}

# What each autonomy may do without a person's decision; a question to an address on file is a template.
UNAPPROVED: Final[dict[str, frozenset[EffectKind]]] = {
    "shadow": frozenset(),
    "assist": frozenset(),
    "auto": frozenset(EFFECT_CLASSES),
}


def effect_class(kind: EffectKind) -> EffectClass:
    """The class of an effect. Raises EffectRefused for a kind nobody has classified."""
    try:
        return EFFECT_CLASSES[kind]
    except KeyError:
        raise EffectRefused(f"{kind} has no effect class: add it to tools/effects.py first.") from None


def must_be_permitted(kind: EffectKind, autonomy: str, approval: str) -> None:
    """Raise EffectRefused unless policy or a recorded decision allows this effect; default deny."""
    effect_class(kind)
    if approval and approval != "policy":
        return
    if approval != "policy" or kind not in UNAPPROVED.get(autonomy, frozenset()):
        raise EffectRefused(f"{kind} needs a person's approval while this customer's autonomy is {autonomy}.")
