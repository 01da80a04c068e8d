"""Every fault, once, always on the first model and on all models, through the whole house: where the case ends."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable, Generator

import pytest

from orderdesk.bootstrap import House
from tests.faults.fault_house import (
    MODELS,
    PATIENT_S,
    Deadlines,
    Ended,
    clean_order,
    deadlines_for,
    drive_clean_order,
    houses_at,
    rungs_at,
    with_models,
)
from tests.faults.fault_table import Row, Scope, cases, expected
from tests.support.chat_double import FAULTS, REFUSED, ChatDouble, chat_double


class Setting:
    """The houses by their models' deadlines, the double, and the pauses that were asked for between two tries."""

    def __init__(self, double: ChatDouble) -> None:
        self.double = double
        self.houses: dict[Deadlines, House] = {}
        self.addresses = {name: double.door(name).base_url for name in MODELS}
        self.pauses: list[float] = []
        self._heals = False

    async def pause(self, seconds: float) -> None:
        """No time passes; but who refused connections once takes them afterwards."""
        self.pauses.append(seconds)
        if self._heals:
            self.double.door("primary").open()

    def play(self, row: Row, scope: Scope) -> House:
        """Set the double up for a fault; gives the house to try it in."""
        self.double.reset()
        self.pauses.clear()
        self._heals = row.fault == REFUSED and scope == "once"
        afflicted = MODELS if scope == "all" else MODELS[:1]
        for name in afflicted:
            if row.fault == REFUSED:
                self.double.door(name).close()
            elif scope == "once":
                self.double.script(name, FAULTS[row.fault])
            else:
                self.double.default(name, FAULTS[row.fault])
        return self.houses[deadlines_for(row, scope)]


@pytest.fixture(scope="module")
def double() -> Generator[ChatDouble]:
    with chat_double(MODELS) as served:
        served.responder = clean_order()
        yield served


@pytest.fixture(scope="module")
async def setting(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory, double: ChatDouble
) -> AsyncGenerator[Setting]:
    """One house for all faults, with three ladders over the same two models."""
    built = Setting(double)
    home = tmp_path_factory.mktemp("home")
    async with houses_at(postgres_url, home, built.addresses, built.pause) as houses:
        built.houses = houses
        yield built


async def test_without_a_fault_one_call_is_enough(setting: Setting) -> None:
    setting.double.reset()
    ended = await drive_clean_order(setting.houses[PATIENT_S, PATIENT_S])
    assert ended.ended_at == "primary"
    assert setting.double.counts() == {"primary": 1}
    assert not ended.codes & {"model_unavailable", "model_handed_over", "readings_differ"}


@pytest.mark.parametrize(
    ("row", "scope"), [pytest.param(row, scope, id=f"{row.fault}-{scope}") for row, scope in cases()]
)
async def test_where_a_fault_ends(
    setting: Setting, row: Row, scope: Scope, record_property: Callable[[str, object], None]
) -> None:
    house, wanted = setting.play(row, scope), expected(row, scope)
    ended = await drive_clean_order(house)
    counts = (await setting.double.settled()).counts()
    record_property("fault", json.dumps([row.fault, scope, ended.ended_at, *_shown(ended), row.client]))

    assert ended.ended_at == wanted.ended_at
    assert tuple(len(ended.recorded[name]) for name in MODELS) == wanted.sent
    assert tuple(ended.breakers[name] for name in MODELS) == wanted.breakers
    assert ended.alerts == wanted.alerts
    # Whoever goes on without a model is told so, and which models were tried.
    said = {finding["code"]: finding["message"] for finding in ended.report["findings"]}
    told = {"rules": {"model_unavailable"}, "person": {"model_handed_over"}}.get(wanted.ended_at, set())
    assert said.keys() & {"model_unavailable", "model_handed_over", "readings_differ"} == told
    for code in told:
        assert [name for name in MODELS if name in said[code]] == [n for n in MODELS if ended.recorded[n]]
    # What is on record is what came over the wire; a refused connection came to nobody.
    reached = {name: sum(o != "unavailable" for o in ended.recorded[name]) for name in MODELS}
    on_record = reached if row.fault == REFUSED else {name: len(ended.recorded[name]) for name in MODELS}
    assert counts == {name: number for name, number in on_record.items() if number}
    outcomes = set(ended.recorded["primary"] + ended.recorded["alternative"])
    assert outcomes <= {row.outcome, "answered"}
    assert row.outcome in outcomes
    assert all(call.sdk_retry == 0 for call in setting.double.calls)
    if row.kind == "hang":  # whoever hangs is left, not waited for
        hung = [call.disconnected for call in setting.double.calls if call.behaviour != "ok"]
        assert hung == [True] * len(hung)
        assert hung
    if row.fault == "429, Retry-After that fits":
        assert setting.pauses
        assert min(setting.pauses) >= 1.0
    elif row.kind not in ("passing",):
        assert setting.pauses == []


@pytest.mark.parametrize("fault", ["slow first byte", "stall in the body", "endless drip"])
async def test_a_model_that_hangs_costs_the_next_orders_nothing(setting: Setting, fault: str) -> None:
    row = next(row for row, _ in cases() if row.fault == fault)
    house = setting.play(row, "first")
    first = await drive_clean_order(house)
    following = [await drive_clean_order(house, breakers_stay=True) for _ in range(2)]
    assert [len(ended.recorded["primary"]) for ended in (first, *following)] == [1, 0, 0]
    assert [ended.ended_at for ended in (first, *following)] == ["alternative"] * 3
    assert (await setting.double.settled()).counts() == {"primary": 1, "alternative": 3}


@pytest.mark.parametrize(("calls", "sent"), [(0, (0, 0)), (1, (1, 0)), (4, (3, 1)), (5, (3, 2))])
async def test_what_the_budget_does_not_allow_is_not_sent(
    setting: Setting, calls: int, sent: tuple[int, int]
) -> None:
    row = next(row for row, _ in cases() if row.fault == "503")
    house = setting.play(row, "all")
    rungs = rungs_at(setting.addresses, (PATIENT_S, PATIENT_S))
    async with with_models(house, rungs, setting.pause, calls) as poor:
        ended = await drive_clean_order(poor)
    assert ended.ended_at == "rules"
    assert tuple(len(ended.recorded[name]) for name in MODELS) == sent
    assert tuple(setting.double.counts().get(name, 0) for name in MODELS) == sent
    assert "model_unavailable" in ended.codes


def _shown(ended: Ended) -> list[str]:
    return [shown for name in MODELS for shown in (str(len(ended.recorded[name])), ended.breakers[name])]
