"""Sets what a customer wrote against an article: what agrees, what is not confirmed, what contradicts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from agents.matcher.attributes import Attributes
from agents.matcher.measures import Measure

# What a clerk calls each attribute.
_LABELS = {
    "kinds": "kind of article",
    "threads": "thread",
    "grades": "grade",
    "materials": "material",
    "stainless_grades": "stainless grade",
    "finishes": "finish",
    "colours": "colour",
    "sizes": "size",
    "levels": "protection level",
    "standards": "standard",
    "bearings": "bearing number",
    "seals": "bearing seal",
    "packs": "pack count",
    "pieces": "piece count",
    "genders": "men's or women's",
    "length": "dimension",
}
# Both are said of the same goods loosely, so they never outweigh an exact article number.
_SOFT = frozenset(("packs", "pieces"))
# A query for plain zinc may mean any zinc finish; which one is a question, not a contradiction.
_ZINCS = frozenset(("zinc", "yellow_zinc", "hot_dip"))


@dataclass(frozen=True)
class Comparison:
    """Labels of the attributes a query states. `hard` outweighs even an exact number; `soft` rules out a guess."""

    agree: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    soft: tuple[str, ...] = ()
    hard: tuple[str, ...] = ()

    @property
    def contradicts(self) -> bool:
        """Is there anything that must not differ and does?"""
        return bool(self.hard or self.soft)

    @property
    def share(self) -> float:
        """The share of the stated attributes that the article confirms; 1.0 where none is stated."""
        stated = len(self.agree) + len(self.unconfirmed) + len(self.soft) + len(self.hard)
        return len(self.agree) / stated if stated else 1.0


def compare(query: Attributes, article: Attributes) -> Comparison:
    """What of the query the article confirms or contradicts; what the query leaves out says nothing."""
    verdicts: dict[str, list[str]] = {"agree": [], "unconfirmed": [], "soft": [], "hard": []}
    for name, stated in vars(query).items():
        if not stated:
            continue
        if name == "measures":
            for kind in sorted({m.kind for m in query.measures}):
                verdicts[_measures(query.measures, article.measures, kind)].append(_LABELS.get(kind, kind))
        elif name == "threads":
            verdicts[_threads(query.threads, article.threads)].append(_LABELS[name])
        else:
            verdicts[_sets(name, stated, getattr(article, name))].append(_LABELS[name])
    return Comparison(*(tuple(verdicts[v]) for v in ("agree", "unconfirmed", "soft", "hard")))


def _sets(name: str, stated: set[str], known: set[str]) -> str:
    if not known:
        return "unconfirmed"
    if name == "kinds":
        return "agree" if stated & known else "hard"
    if stated <= known:
        return "agree"
    if stated & known or (
        name == "finishes" and stated & _ZINCS and known & _ZINCS and _one_is_plain(stated, known)
    ):
        return "unconfirmed"
    return "soft" if name in _SOFT else "hard"


def _one_is_plain(stated: set[str], known: set[str]) -> bool:
    return "zinc" in stated or "zinc" in known


def _threads(stated: set[str], known: set[str]) -> str:
    """'m8' and 'm8x1.25' are the same as far as they speak; 'm8x1' and 'm8x1.25' are not."""
    if not known:
        return "unconfirmed"
    best = "hard"
    for wanted in stated:
        for thread in known:
            if wanted == thread:
                return "agree"
            if wanted.split("x")[0] == thread.split("x")[0] and ("x" not in wanted or "x" not in thread):
                best = "agree" if "x" not in wanted else "unconfirmed"
    return best


def _measures(stated: Iterable[Measure], known: Iterable[Measure], kind: str) -> str:
    wanted = [m for m in stated if m.kind == kind]
    has = [m for m in known if m.kind == kind]
    if not has:
        return "unconfirmed"
    verdicts = [_measure(measure, has, kind) for measure in wanted]
    return next(v for v in ("hard", "soft", "unconfirmed", "agree") if v in verdicts)


def _measure(wanted: Measure, has: list[Measure], kind: str) -> str:
    if any(measure.covers(wanted) or _within(wanted, measure, kind) for measure in has):
        return "agree"
    if any(wanted.covers(measure) for measure in has):
        return "unconfirmed"  # the article names fewer dimensions than the customer
    # The same number of dimensions and another size: no reading makes them agree.
    return "hard" if any(len(m.amounts) == len(wanted.amounts) for m in has) else "soft"


def _within(wanted: Measure, measure: Measure, kind: str) -> bool:
    """230 V is within 220-240 V. A range of lengths is a set of tools, so it does not count there."""
    if kind == "length" or len(measure.amounts) != 2 or len(wanted.amounts) != 1:
        return False
    low, high = (a.base for a in measure.amounts)
    value = wanted.amounts[0].base
    return low is not None and high is not None and value is not None and low <= value <= high
