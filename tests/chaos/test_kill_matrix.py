"""kill -9 at every boundary of a step and of an effect, for every outcome: the case ends as if nobody had died.

The short form kills the booked path everywhere and every other path once, at a place the seed chooses; the long form
(ORDERDESK_CHAOS_LONG=1) kills every path everywhere.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path as Folder
from typing import Any

import pytest

from tests.chaos.kill_matrix import OUTSIDE, Figures, Kill, kill, reference
from tests.chaos.kill_paths import BOOKED, OTHERS, PO, Path
from tests.chaos.kill_scene import Scene
from tests.integration.cases.with_models import PRICED, USAGE, reading, rung
from tests.integration.effects.effects_house import SECRET
from tests.integration.effects.receivers import company_system, mail_room
from tests.support.chat_double import chat_double, ok
from tests.support.house import demo_house
from tests.support.zygote import Zygote

LONG = os.environ.get("ORDERDESK_CHAOS_LONG") == "1"
SEED = int(os.environ.get("ORDERDESK_CHAOS_SEED") or random.SystemRandom().randrange(10**6))
WAYS = ("folder", "network")
# So many kills that end wrong tell enough of a path.
ENOUGH = 10


@pytest.fixture(scope="module")
async def zygote() -> AsyncGenerator[Zygote]:
    async with Zygote(models=True) as found:
        yield found


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("path", [BOOKED, *OTHERS] if LONG else [BOOKED], ids=lambda path: path.name)
async def test_killed_everywhere(
    demo_url: str, tmp_path: Folder, zygote: Zygote, path: Path, way: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with _scene(zygote, demo_url, tmp_path, path, way) as scene:
        wanted = await reference(scene, path)
        places = [at for at in wanted.kills if way == "folder" or at.place.name in OUTSIDE]
        if not places:
            pytest.skip("nothing leaves the house on this path")
        await _kill_all(scene, path, wanted, places, f"{path.name}, {way}", capsys)


@pytest.mark.skipif(LONG, reason="the long form kills these everywhere")
@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.name)
async def test_killed_somewhere(
    demo_url: str, tmp_path: Folder, zygote: Zygote, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(f"{SEED} {path.name}")
    way = chance.choice(WAYS)
    async with _scene(zygote, demo_url, tmp_path, path, way) as scene:
        wanted = await reference(scene, path)
        at = chance.choice(wanted.kills)
        await _kill_all(
            scene, path, wanted, [at], f"{path.name}, {way}, {at} (ORDERDESK_CHAOS_SEED={SEED})", capsys
        )


async def _kill_all(
    scene: Scene, path: Path, wanted: Any, places: list[Kill], what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = Figures()
    began = time.perf_counter()
    wrong: list[str] = []
    for at in places:
        try:
            await kill(scene, path, wanted, at, figures)
        except AssertionError as error:
            wrong.append(str(error))
            if len(wrong) == ENOUGH:
                break
    with capsys.disabled():
        print(
            f"\n{what}: {figures}, {time.perf_counter() - began:.0f} s in all, {len(wrong)} ended wrong",
            *wrong,
            sep="\n",
        )
    assert not wrong, "\n".join(wrong)
    assert figures.total == len(places)


@asynccontextmanager
async def _scene(zygote: Zygote, url: str, home: Folder, path: Path, way: str) -> AsyncGenerator[Scene]:
    environment: dict[str, str] = {}
    async with AsyncExitStack() as stack:
        room = await stack.enter_async_context(mail_room()) if way == "network" else None
        erp = await stack.enter_async_context(company_system()) if way == "network" else None
        double = stack.enter_context(chat_double()) if path.asks else None
        if double:
            double.default("primary", ok(reading(PO), usage=USAGE))
            environment["ORDERDESK_MODELS"] = json.dumps([rung(double, "primary", **PRICED)])
        if room and erp:
            environment |= {
                "ORDERDESK_SMTP_URL": room.url,
                "ORDERDESK_WEBHOOK_URL": erp.url,
                "ORDERDESK_WEBHOOK_SECRET": SECRET,
            }
        house = await stack.enter_async_context(demo_house(url, home))
        scene = Scene(zygote, house, home, environment)
        scene.room, scene.erp, scene.models = room, erp, double
        yield scene
