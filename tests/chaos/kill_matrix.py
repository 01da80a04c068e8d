"""Kill a case's process at a place, have others finish the case, and compare with a case nobody killed."""

from __future__ import annotations

import copy
import time
from dataclasses import dataclass, field
from typing import Any

from orderdesk.domain.results import FINAL_OUTCOMES
from tests.chaos.kill_paths import Act, Path
from tests.chaos.kill_scene import Scene
from tests.support.kill_points import Place

# What leaves the house is killed at its points with every way out; what happens inside does not depend on that.
OUTSIDE = ("claimed", "begun", "sent", "noted")


@dataclass
class Figures:
    """What was killed, and how long it took in seconds."""

    kills: dict[str, int] = field(default_factory=dict[str, int])
    to_die_s: float = 0.0
    to_finish_s: float = 0.0

    @property
    def total(self) -> int:
        """Kills so far."""
        return sum(self.kills.values())

    def __str__(self) -> str:
        each = ", ".join(f"{n} {name}" for name, n in sorted(self.kills.items()))
        n = self.total or 1
        die, finish = self.to_die_s / n * 1000, self.to_finish_s / n * 1000
        return (
            f"{self.total} kills ({each}); {die:.0f} ms to a death, {finish:.0f} ms to the end and its checks"
        )


@dataclass(frozen=True)
class Kill:
    """The process of one act dies at a place."""

    act: int
    place: Place
    short: bool = False
    """The outcome is committed and its step is not: nobody takes that step again, so the thread stays a step short."""

    def __str__(self) -> str:
        return f"act {self.act + 1}, {self.place}{f' ({self.place.through})' if self.place.through else ''}"


@dataclass(frozen=True)
class Reference:
    """The same case without a kill: where its processes came to, and what was left."""

    kills: tuple[Kill, ...]
    left: dict[str, Any]


async def reference(scene: Scene, path: Path) -> Reference:
    """Take the path without a kill; everything is as it should be then, or the comparison is worth nothing."""
    await scene.begin(path.set_up)
    kills: list[Kill] = []
    for number, act in enumerate(path.acts):
        kills += _kills(number, act, await _take(scene, act))
    left = await scene.left()
    _must_be_in_order(left, path)
    assert scene.asked == path.asks
    assert await scene.wrong() == []
    return Reference(tuple(kills), left)


async def kill(scene: Scene, path: Path, wanted: Reference, at: Kill, figures: Figures) -> None:
    """Take the path with one kill on the way. Raises AssertionError where anything differs in the end."""
    await scene.begin(path.set_up)
    for act in path.acts[: at.act]:
        await _take(scene, act)
    act = path.acts[at.act]
    await act.happens(scene)
    began = time.perf_counter()
    await scene.drive(at.place, by=act.by)
    died = time.perf_counter()
    before = [(row["step"], row["node"]) for row in await scene.log()]
    await scene.let_go()
    await scene.drive()
    assert await scene.outcome() == act.stops, f"{path.name}, {at}"
    for act in path.acts[at.act + 1 :]:
        await _take(scene, act)
    await scene.send_the_rest()
    await _must_be_the_same(scene, path, wanted, at, before)
    figures.kills[at.place.name] = figures.kills.get(at.place.name, 0) + 1
    figures.to_die_s += died - began
    figures.to_finish_s += time.perf_counter() - died


def _kills(number: int, act: Act, been: list[Place]) -> list[Kill]:
    kills: list[Kill] = []
    short = False
    for place in been:
        if place.name in ("performed", "checkpoint"):
            short = place.name == "performed" and act.stops in FINAL_OUTCOMES
        kills.append(Kill(number, place, short))
    return kills


async def _take(scene: Scene, act: Act) -> list[Place]:
    await act.happens(scene)
    been = await scene.drive(by=act.by)
    assert (outcome := await scene.outcome()) == act.stops, outcome
    return been


async def _must_be_the_same(
    scene: Scene, path: Path, wanted: Reference, at: Kill, before: list[tuple[int, str]]
) -> None:
    where = f"{path.name}, killed at {at}"
    log = await scene.log()
    after = [(row["step"], row["node"]) for row in log]
    assert after[: len(before)] == before, f"{where}: what was on record before is not any more"
    steps = [(row["step"], row["node"]) for row in log if row["kind"] != "failure"]
    assert len(steps) == len(set(steps)), f"{where}: a step is on record twice"
    left = await scene.left()
    parked = at.place.through == "smtp" and at.place.name in ("begun", "sent")
    expected = copy.deepcopy(wanted.left)
    if parked:
        expected["left_effects"] = _parked(expected["left_effects"], at.place.effect)
    if at.short:
        thread = [row for row in expected["left_steps"] if row["thread_id"] == scene.case_id]
        last = max(thread, key=lambda row: row["step"])
        if last not in left["left_steps"]:
            expected["left_steps"].remove(last)
    if at.place.name == "answered":
        # What the lost answer cost nobody knows, and that is what is said.
        expected["left_cases"][-1]["report"] |= {"model_calls": path.asks + 1, "cost_usd": None}
    assert left == expected, f"{where}:\n{_differences(expected, left)}"
    # An answer that had arrived is not paid for again, but for the one that was in flight.
    assert scene.asked == path.asks + (at.place.name == "answered"), (
        f"{where}: a model was asked {scene.asked} times"
    )
    failures = [row["node"] for row in log if row["kind"] == "failure"]
    if not path.fails:
        assert len(failures) == parked, f"{where}: {failures}"
    assert (wrong := await scene.wrong()) == [], f"{where}: {wrong}"


def _differences(expected: Any, found: Any, at: str = "") -> str:
    """Only what differs, a line each."""
    if isinstance(expected, dict) and isinstance(found, dict):
        keys = sorted({*expected, *found})
        lines = (_differences(expected.get(key), found.get(key), f"{at}.{key}") for key in keys)
        return "\n".join(line for line in lines if line)
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        lines = (
            _differences(a, b, f"{at}[{n}]") for n, (a, b) in enumerate(zip(expected, found, strict=True))
        )
        return "\n".join(line for line in lines if line)
    if isinstance(expected, list) and isinstance(found, list):
        missing = [f"{at}: missing {item!r}" for item in expected if item not in found]
        return "\n".join(missing + [f"{at}: too much {item!r}" for item in found if item not in expected])
    return "" if expected == found else f"{at}: {found!r}, not {expected!r}"


def _parked(effects: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    """A mail may have gone out or not: only a person can tell."""
    return [{**e, "status": "ambiguous"} if e["key"] == key else e for e in effects]


def _must_be_in_order(left: dict[str, Any], path: Path) -> None:
    assert len(left["left_orders"]) == path.orders
    assert {effect["status"] for effect in left["left_effects"]} <= {"done"}
    steps = [(row["thread_id"], row["source"], row["step"]) for row in left["left_steps"]]
    assert len(steps) == len(set(steps))
