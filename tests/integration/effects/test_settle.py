"""A person settles what nobody could tell: it was sent, send it again, drop it; the first word counts, with reason."""

from __future__ import annotations

import asyncio
from importlib import resources
from pathlib import Path
from typing import Any, cast

import pytest
from click.testing import CliRunner

from checkpoints.pools import connect
from orderdesk.cli import main
from orderdesk.domain.errors import NotAllowed, OrderDeskError, StaleDecision
from orderdesk.review.actors import Actor
from tests.integration.effects.effects_house import (
    a_case,
    one,
    queue,
    queue_order,
    sending_house,
    states,
    time_passes,
)
from tests.integration.effects.receivers import DROP, mail_room
from tools.settling import Settling

KARIN = Actor(name="Karin", role="clerk")


@pytest.mark.parametrize(
    ("how", "state", "mails"), [("sent", "done", 1), ("again", "done", 2), ("drop", "dropped", 1)]
)
async def test_a_persons_word_is_carried_out_and_logged(
    demo_url: str, tmp_path: Path, how: str, state: str, mails: int
) -> None:
    async with (
        mail_room() as room,
        sending_house(demo_url, tmp_path, ORDERDESK_SMTP_URL=room.url) as house,
    ):
        case_id = await a_case(house)
        [key] = await queue(house, case_id, "m")
        room.plan["TAKEN"] = DROP
        await house.cases.deliver()
        [waiting] = await house.cases.effects(state="ambiguous")
        assert (waiting["key"], waiting["attempts"]) == (key, 1)
        assert "lost" in waiting["last_error"]
        room.plan.clear()
        word = cast(Settling, how)
        await house.cases.settle_effect(key, word, KARIN, reason="asked  the\ncustomer")
        with pytest.raises(StaleDecision):
            await house.cases.settle_effect(key, word, KARIN, reason="once more")
        await time_passes(house)
        await house.cases.deliver()
        await house.cases.deliver()
        assert (await one(house, key))["status"] == state
        assert len(room.taken) == mails
        log = [r for r in (await house.cases.story(case_id))["log"] if r["actor"] == "Karin"]
        assert [row["why"] for row in log] == ["asked the customer"]
        stats = await house.cases.stats()
        assert {"done", "pending", "sending", "ambiguous"} <= set(stats["effects"])


async def test_who_may_not_decide_or_gives_no_reason_changes_nothing(demo_url: str, tmp_path: Path) -> None:
    async with (
        mail_room() as room,
        sending_house(demo_url, tmp_path, ORDERDESK_SMTP_URL=room.url) as house,
    ):
        case_id = await a_case(house)
        [key, *_] = await queue(house, case_id, "m", "n")
        room.plan["TAKEN"] = DROP
        await house.cases.deliver()
        with pytest.raises(NotAllowed):
            await house.cases.settle_effect(key, "sent", Actor(name="Vera", role="viewer"), reason="x")
        with pytest.raises(OrderDeskError, match="why"):
            await house.cases.settle_effect(key, "sent", KARIN, reason=" ")
        with pytest.raises(OrderDeskError, match="Several"):
            await house.cases.settle_effect(case_id, "sent", KARIN, reason="x")
        with pytest.raises(OrderDeskError, match="No effect"):
            await house.cases.settle_effect("%", "sent", KARIN, reason="x")
        assert await states(house) == {"m": "ambiguous", "n": "ambiguous"}


def test_the_command_lists_and_settles(
    demo_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def left_in_doubt() -> tuple[str, str, str]:
        async with (
            mail_room() as room,
            sending_house(demo_url, tmp_path, ORDERDESK_SMTP_URL=room.url) as house,
        ):
            case_id = await a_case(house)
            [key] = await queue(house, case_id, "m")
            room.plan["TAKEN"] = DROP
            await house.cases.deliver()
            return case_id, key, room.url

    case_id, key, url = asyncio.run(left_in_doubt())
    monkeypatch.setenv("DATABASE_URL", demo_url)
    monkeypatch.setenv("ORDERDESK_HOME", str(tmp_path))
    monkeypatch.setenv("ORDERDESK_SMTP_URL", url)

    def run(*args: str) -> Any:
        return CliRunner().invoke(main, list(args))

    assert f'"key": "{key}"' in run("effects", "--state", "ambiguous", "--json").output
    assert key in run("effects", case_id[:8]).output
    assert run("effects", "settle", key, "sent").exit_code == 2
    settled = run("effects", "settle", key[:50], "sent", "--reason", "in its log", "--as", "Karin")
    assert settled.output.strip() == f"{key} done"
    assert "Everything has been sent" in run("effects").output
    assert "sent through 127.0.0.1:" in run("doctor").output


async def test_rows_left_in_sending_by_an_older_version(demo_url: str, tmp_path: Path) -> None:
    """A file is simply written again; a mail that would now leave through a server is a person's."""
    async with sending_house(demo_url, tmp_path) as house:
        case_id = await a_case(house)
        await queue(house, case_id, "m")
        await queue_order(house, case_id, "SO-1")
    connection = await connect(demo_url)
    older = "update effect set status = 'sending', attempts = 1, claimed_by = null, claimed_until = null, sent_through = null"
    await connection.execute(older)
    async with mail_room() as room:
        async with sending_house(demo_url, tmp_path, ORDERDESK_SMTP_URL=room.url) as house:
            assert await house.cases.deliver() == 1
            assert await states(house) == {"m": "ambiguous", "SO-1": "done"}
        assert room.taken == []
    await connection.execute(older)
    async with sending_house(demo_url, tmp_path) as house:
        assert await house.cases.deliver() == 2
        assert await states(house) == {"m": "done", "SO-1": "done"}
    await connection.close()


async def test_the_migration_keeps_what_was_there(demo_url: str, tmp_path: Path) -> None:
    """Rows from before it, in every state there was, through the migration itself."""
    text = (resources.files("checkpoints") / "migrations" / "0080_effects.sql").read_text()
    connection = await connect(demo_url)
    async with sending_house(demo_url, tmp_path) as house:
        case_id = await a_case(house)
        await queue(house, case_id, "m", "n", "o", "p")
    columns = (
        "receiver",
        "claimed_by",
        "claimed_until",
        "sent_through",
        "next_try_at",
        "last_error",
        "noted",
    )
    back = ", ".join(f"drop column {name}" for name in columns)
    await connection.execute(f"alter table effect {back}")  # type: ignore[arg-type]
    await connection.execute("drop index if exists effect_due")
    await connection.execute("drop index if exists effect_for_a_person")
    for target, status in (("m", "pending"), ("n", "sending"), ("o", "done"), ("p", "ambiguous")):
        await connection.execute("update effect set status = %s where target = %s", (status, target))
    await connection.execute(text, prepare=False)  # type: ignore[arg-type]
    await connection.close()
    async with mail_room() as room:
        async with sending_house(demo_url, tmp_path, ORDERDESK_SMTP_URL=room.url) as house:
            assert await house.cases.deliver() == 1
            assert await states(house) == {"m": "done", "n": "ambiguous", "o": "done", "p": "ambiguous"}
        assert len(room.taken) == 1
