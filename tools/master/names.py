"""Finds accounts by a name that is written a little differently."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process

from tools.master.fold import fold_name
from tools.master.rows import NamedCustomer

# Below this a name is another name: 'Harlan Fabrication' and 'Harland Fabrications' score 95, and
# 'Harlan Logistics' 65 (token_sort_ratio, 0 to 100).
_LEAST = 80.0


class NameIndex:
    """All account names, folded once per import (`version`)."""

    def __init__(self, version: int, named: Iterable[tuple[str, str]]) -> None:
        self.version = version
        self._customers = list(named)
        self._folded = [fold_name(name) for _, name in self._customers]

    def find(self, name: str, limit: int) -> tuple[NamedCustomer, ...]:
        """Accounts whose name is like this one, best first."""
        folded = fold_name(name)
        if not folded:
            return ()
        hits = process.extract(
            folded, self._folded, scorer=fuzz.token_sort_ratio, score_cutoff=_LEAST, limit=limit
        )
        return tuple(
            NamedCustomer(customer_id=self._customers[i][0], name=self._customers[i][1], score=score / 100)
            for _, score, i in hits
        )
