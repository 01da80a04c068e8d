"""The doctor's look at the models: a line for each rung, with all that may keep it from answering; never a key."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orderdesk.commands.doctor_report import Report
from orderdesk.domain.clock import SystemClock
from orderdesk.settings import ModelRung, Settings

if TYPE_CHECKING:
    from checkpoints.pools import LazyPool
    from orderdesk.resilience.breaker_table import BreakerState
    from tools.models.client import Probe
    from tools.models.records import Alert
    from tools.models.rung import Rung


async def report_models(known: Settings, report: Report, pool: LazyPool | None) -> None:
    """Look at each rung: its server, its key, its price; with a database also its breaker and its last alert."""
    if not known.rungs:
        report.fine("models", "none: rules read the orders, then a person")
        return
    # Loaded here: it takes a second, which nobody without a model has to wait.
    from checkpoints.pools import LazyPool
    from orderdesk.bootstrap import build_ladder, build_rungs
    from orderdesk.resilience.breaker import Breakers
    from tools.models.prices import price_known

    stored = pool or LazyPool("postgresql:///")  # never opened: without a database only the servers are asked
    breakers = Breakers(stored)
    ladder = build_ladder(known, stored, breakers, SystemClock())
    try:
        # Together, so that several that hang cost one wait.
        probes = dict(zip(ladder.rungs, await asyncio.gather(*map(ladder.probe, ladder.rungs)), strict=True))
        states = {state.name: state for state in await breakers.states()} if pool else {}
        for setting, rung in build_rungs(known):
            if rung is None:
                report.note(f"model {setting.model}", f"left out, no key: set {setting.api_key_env}")
                continue
            alert = await ladder.last_alert(rung) if pool else None
            look = Look(setting, rung, probes[rung], states.get(rung.breaker), alert, price_known(rung))
            (report.fine if look.good else report.note)(f"model {rung.name}", look.line(pool is not None))
    finally:
        await ladder.aclose()


@dataclass(frozen=True)
class Look:
    """What was found of one rung."""

    setting: ModelRung
    rung: Rung
    probe: Probe
    # None = nothing ever failed.
    breaker: BreakerState | None
    alert: Alert | None
    priced: bool

    @property
    def good(self) -> bool:
        """Whether the next question to it may well be answered, and priced."""
        closed = self.breaker is None or self.breaker.state == "closed"
        return self.probe.reachable and closed and self.priced and self.alert is None

    def line(self, stored: bool) -> str:
        """All of it in one line; the breaker only where there is a database to say it."""
        parts = [self.rung.where, self._key(), self.probe.how]
        if self.probe.reachable:
            parts.append(f"{self.probe.ms} ms")
        if stored:
            parts.append(self._breaker())
        parts.append("price known" if self.priced else "price unknown, so costs are: set input_usd_per_mtok and "
                     "output_usd_per_mtok")  # fmt: skip
        if self.alert is not None:
            parts.append(f"alert of {self.alert.at:%Y-%m-%d %H:%M}: {self.alert.why}")
        return ", ".join(parts)

    def _key(self) -> str:
        if self.rung.api_key is not None:
            return "key set"
        name = self.setting.api_key_env
        return f"no key: set {name} if it wants one" if name else "no key"

    def _breaker(self) -> str:
        if self.breaker is None or self.breaker.state == "closed":
            return "breaker closed"
        state = self.breaker.state.replace("_", " ")
        return f"breaker {state} ({self.breaker.last_error or 'its last calls failed'})"
