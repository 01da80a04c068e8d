"""The faults that aimock can play too: a double by others gives the same outcome as ours, through the whole house."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator

import pytest

from orderdesk.bootstrap import House
from tests.faults.aimock import Aimock, aimock, fixture, same_text
from tests.faults.fault_house import CLEAN, MODELS, Deadlines, deadlines_for, drive_clean_order, houses_at
from tests.faults.fault_table import Row, Scope, cases, expected
from tests.faults.get_aimock import missing
from tests.support.model_answers import right_reading

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())

ANSWER = same_text(right_reading({0: CLEAN.subject, 1: CLEAN.text}, CLEAN, {}).model_dump(mode="json"))
# The first model alone failing for good is the first half of all failing.
SHARED = [
    (row, scope)
    for row, scope in cases()
    if scope != "first" and fixture("primary", row.fault, ANSWER, once=False)
]


@pytest.fixture(scope="module")
def double(tmp_path_factory: pytest.TempPathFactory) -> Generator[Aimock]:
    with aimock(tmp_path_factory.mktemp("aimock")) as running:
        yield running


@pytest.fixture(scope="module")
async def houses(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory, double: Aimock
) -> AsyncGenerator[dict[Deadlines, House]]:
    """One house for all faults; no time passes between two tries."""

    async def pause(_: float) -> None: ...

    addresses = dict.fromkeys(MODELS, double.base_url)
    async with houses_at(postgres_url, tmp_path_factory.mktemp("home"), addresses, pause) as built:
        yield built


def test_enough_is_shared_to_be_a_check() -> None:
    assert len({row.fault for row, _ in SHARED}) >= 20


@pytest.mark.parametrize(
    ("row", "scope"), [pytest.param(row, scope, id=f"{row.fault}-{scope}") for row, scope in SHARED]
)
async def test_another_double_gives_the_same_outcome(
    houses: dict[Deadlines, House], double: Aimock, row: Row, scope: Scope
) -> None:
    afflicted = MODELS if scope == "all" else MODELS[:1]
    fixtures = {name: fixture(name, row.fault, ANSWER, once=scope == "once") for name in afflicted}
    double.play(ANSWER, {name: found for name, found in fixtures.items() if found})
    ended = await drive_clean_order(houses[deadlines_for(row, scope)])
    wanted = expected(row, scope)
    assert ended.ended_at == wanted.ended_at
    assert tuple(len(ended.recorded[name]) for name in MODELS) == wanted.sent
    assert tuple(ended.breakers[name] for name in MODELS) == wanted.breakers
    assert ended.alerts == wanted.alerts
    outcomes = set(ended.recorded["primary"] + ended.recorded["alternative"])
    assert row.outcome in outcomes <= {row.outcome, "answered"}
    if row.kind != "hang":  # its journal names a request when it answers it
        assert double.counts() == {name: n for name, n in zip(MODELS, wanted.sent, strict=True) if n}
