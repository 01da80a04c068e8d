"""Cases that are left in the middle: a worker drains as soon as it has written so many checkpoints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checkpoints.saver import RootSaver
from orderdesk.bootstrap import House
from orderdesk.domain.errors import CasePutBack
from tests.support.house import DEMO_DAY, demo_house


async def left_after(patch: pytest.MonkeyPatch, url: str, home: Path, raw: bytes, step: int) -> str:
    """Submit a message whose only case is left after that many checkpoints; returns the case's id."""
    async with demo_house(url, home) as stopping:
        [case_id] = (await stopping.cases.submit(raw, "order.eml", channel="test", as_of=DEMO_DAY)).case_ids
        with patch.context() as patched:
            drain_after(patched, stopping, step)
            with pytest.raises(CasePutBack):
                await stopping.cases.drive(case_id)
    return case_id


def drain_after(patch: pytest.MonkeyPatch, house: House, step: int) -> None:
    """Have a house drain as soon as so many checkpoints are written, as if the signal came just then."""
    written = 0
    plain_aput = RootSaver.aput

    async def counted(self: RootSaver, config: Any, *args: Any) -> Any:
        nonlocal written
        result = await plain_aput(self, config, *args)
        if not config["configurable"].get("checkpoint_ns"):
            written += 1
            if written == step:
                house.cases.drain()
        return result

    patch.setattr(RootSaver, "aput", counted)
