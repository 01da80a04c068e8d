"""Master data looked up once for a step: the workers that run side by side share one look-up."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Generator, Iterable
from contextlib import contextmanager

from tools.master.repository import CaseFacts, MasterData

# Steps kept at a time: about as many cases as a process works on side by side. Each may hold a customer's history of
# a thousand lines; a step that finds its own gone looks up again. Under LangGraph Server nobody says when a case ends.
KEPT = 8

# Event loop, case, step, account, articles.
_Key = tuple[asyncio.AbstractEventLoop, str, int, str | None, tuple[str, ...]]


class FactsMemo:
    """Remembers look-ups by case and step; another step looks again, so that nothing is stale for longer."""

    def __init__(self, master: MasterData) -> None:
        self._master = master
        self._asked: OrderedDict[_Key, asyncio.Task[CaseFacts]] = OrderedDict()

    async def case_facts(
        self, case_id: str | None, step: int, customer_id: str | None, skus: Iterable[str]
    ) -> CaseFacts:
        """The master data of an order, as `MasterData.case_facts` gives it; a case without an id is never shared."""
        wanted = tuple(sorted(set(skus)))
        if not case_id:
            return await self._master.case_facts(customer_id, wanted)
        key = (asyncio.get_running_loop(), case_id, step, customer_id, wanted)
        task = self._asked.get(key)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = asyncio.create_task(self._master.case_facts(customer_id, wanted))
            self._asked[key] = task
            while len(self._asked) > KEPT:
                self._asked.popitem(last=False)
        # Shielded: one worker being cancelled must not take the look-up from its siblings.
        return await asyncio.shield(task)

    @contextmanager
    def kept_for(self, case_id: str) -> Generator[None]:
        """Forget the case's look-ups at the end of a block: a process at rest holds nobody's history."""
        try:
            yield
        finally:
            for key in [key for key in self._asked if key[1] == case_id]:
                del self._asked[key]
