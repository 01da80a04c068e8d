"""kill -9 between any two steps: whoever comes next goes on where it stopped, and the order is booked once."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

from orderdesk.bootstrap import House
from tests.integration.cases.orders import clean_order
from tests.support.house import DEMO_DAY, count, demo_house

ROOT = Path(__file__).resolve().parents[3]


async def test_a_case_killed_after_any_step_is_finished_once(demo_url: str, tmp_path: Path) -> None:
    killer = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.killed", demo_url, str(tmp_path)),
        cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert killer.stdin
    assert killer.stdout
    killed = 0
    async with demo_house(demo_url, tmp_path) as house:
        for kill_at in range(1, 100):
            # Quantities differ: like lines under another number would rightly be held as a possible duplicate.
            message = clean_order(f"K-{kill_at}", quantity=100 * kill_at)
            stored = await house.cases.submit(message, f"{kill_at}.eml", channel="test", as_of=DEMO_DAY)
            [case_id] = stored.case_ids
            killer.stdin.write(f"{case_id} {kill_at}\n".encode())
            code = int(await killer.stdout.readline())
            if code == 0:
                break  # the case has fewer steps than that: every boundary has been tried
            assert code == -signal.SIGKILL
            killed += 1
            await _finishes(house, case_id)
        assert await count(house, "sales_order") == killed + 1
        assert await count(house, "effect where status <> 'done'") == 0
    killer.stdin.close()
    await killer.wait()
    assert killed >= 12
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == killed + 1


async def _finishes(house: House, case_id: str) -> None:
    before = await _logged(house, case_id)
    await _let_go(house, case_id)
    report = await house.cases.drive(case_id)
    after = await _logged(house, case_id)
    assert report["outcome"] == "booked"
    assert await count(house, f"sales_order where case_id = '{case_id}'") == 1
    assert await count(house, f"effect where case_id = '{case_id}'") == 4
    assert after[: len(before)] == before
    assert len(after) == len(set(after)), "a step was logged twice"


async def _let_go(house: House, case_id: str) -> None:
    """Wait until the server has noticed that the killed worker is gone: it frees the case's lock only then."""
    async with house.pool.connection() as connection:
        for lock in ("pg_advisory_lock", "pg_advisory_unlock"):
            await connection.execute(f"select {lock}(hashtextextended(%s, 42))", (case_id,))  # type: ignore[arg-type]


async def _logged(house: House, case_id: str) -> list[tuple[int, str]]:
    story = await house.cases.story(case_id)
    return [(row["step"], row["node"]) for row in story["log"]]
