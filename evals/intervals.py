"""How sure a measured share is: Wilson's interval, and the bound that remains when nothing went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

# The standard normal quantiles of a two-sided 95 % interval and of a one-sided 95 % bound.
Z_TWO_SIDED = 1.959963984540054
Z_ONE_SIDED = 1.6448536269514722
ALPHA = 0.05


@dataclass(frozen=True)
class Interval:
    """Between which shares (0 to 1) the true one lies, at 95 %."""

    low: float
    high: float


def wilson(right: int, total: int, z: float = Z_TWO_SIDED) -> Interval | None:
    """Wilson's score interval for `right` out of `total`; None where nothing was counted.

    Unlike the textbook interval it stays within 0 and 1 and says something sensible for 0 or all of a few.
    Source: E. B. Wilson, Probable inference, 1927. Raises ValueError for a count that cannot be.
    """
    _must_be_counts(right, total)
    if total == 0:
        return None
    share, spread = right / total, z * z / total
    middle = (share + spread / 2) / (1 + spread)
    half = z * sqrt((share * (1 - share) + spread / 4) / total) / (1 + spread)
    # At both ends the interval touches 0 or 1 exactly; rounding would leave it a hair inside.
    low = 0.0 if right == 0 else max(0.0, middle - half)
    high = 1.0 if right == total else min(1.0, middle + half)
    return Interval(low, high)


def upper_bound(events: int, total: int) -> float | None:
    """The share of events that 95 % certainty cannot rule out (one-sided); None where nothing was counted.

    With no event it is exact, 1 - 0.05^(1/total), which the "rule of three" rounds to 3/total; with events it
    is Wilson's one-sided bound.
    """
    _must_be_counts(events, total)
    if total == 0:
        return None
    if events == 0:
        return 1 - ALPHA ** (1 / total)
    interval = wilson(events, total, Z_ONE_SIDED)
    assert interval is not None
    return interval.high


def _must_be_counts(part: int, total: int) -> None:
    if not 0 <= part <= total:
        raise ValueError(f"{part} of {total} is no count")
