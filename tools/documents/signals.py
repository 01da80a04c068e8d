"""Confidence of a value read by rules: the share of the checks that could be made and came out true.

There are no weights and no constants here, on purpose: each check below can be made again by a person who
looks at the document, and calibration (evals) turns the share into a probability. A check that cannot be
made for a value (no line total is stated, so quantity x price cannot be compared) is left out, not counted.

The checks:
- `exact`      the evidence stands in the document's text, character for character
- `one_reading` the text can be read in one way only (one number, one date, one quantity in the line)
- `named`      a column header, a label or a unit word says what the value is, or the noun that a figure
               counts ('12 bearings'); position alone does not
- `unit`       a unit is stated and we know it
- `numbers`    the decimal convention is settled by the number itself or by others in the document
- `product`    quantity x price equals the stated line total, where both are stated
- `newest`     no later sentence of the same message changed the value
- `settled`    day and month of a date cannot be exchanged, or the country or language settles them
"""

from __future__ import annotations


def share(**checks: bool | None) -> float:
    """Satisfied checks / checks made, between 0 and 1; None = could not be made."""
    made = [value for value in checks.values() if value is not None]
    return round(sum(made) / len(made), 4) if made else 0.0
