"""A mail server as companies run it: a confirmation arrives once, what it puts off is tried again, what it refuses is
a person's."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from orderdesk.bootstrap import House
from orderdesk.domain.errors import EffectRefused
from tests.integration.cases.orders import clean_order
from tests.integration.effects.debian_mail_server import DebianMailServer, debian_mail_server
from tests.integration.effects.effects_house import a_case, failures, one, queue, sending_house, time_passes
from tests.integration.effects.get_debian_mail_server import missing
from tests.support.house import process
from tests.support.invariants import broken_invariants, broken_mails

pytestmark = pytest.mark.skipif(missing() != "", reason=f"Debian's mail server: {missing()}")


@pytest.fixture
async def server() -> AsyncGenerator[DebianMailServer]:
    async with debian_mail_server() as running:
        yield running


async def test_a_confirmation_arrives_once_under_our_message_id(
    demo_url: str, tmp_path: Path, server: DebianMailServer
) -> None:
    async with sending_house(demo_url, tmp_path, ORDERDESK_SMTP_URL=server.url) as house:
        [report] = await process(house, clean_order("M-1"), "order.eml")
        assert report["outcome"] == "booked"
        assert await house.cases.deliver() == 0
        [effect] = [e for e in await house.cases.effects(report["case_id"]) if e["kind"] == "send_mail"]
    assert effect["status"] == "done"
    [mail] = await server.delivered(1)
    arrived = message_from_bytes(mail, policy=default)
    key = f"{report['case_id']}:send_mail:confirmation"
    assert effect["key"] == key
    assert report["order_number"] in str(arrived["Subject"]) + arrived.get_content()
    assert server.log().count(" <= ") == 1
    assert await broken_mails(demo_url, [mail], parked=False) == []
    assert await broken_invariants(demo_url) == []


@pytest.mark.parametrize("switch", ["greylisting", "full"])
async def test_what_it_puts_off_is_tried_again_and_arrives_once(
    demo_url: str, tmp_path: Path, server: DebianMailServer, switch: str
) -> None:
    async with sending_house(demo_url, tmp_path, ORDERDESK_SMTP_URL=server.url) as house:
        [key] = await queue(house, await a_case(house), "m")
        server.turn(switch, True)
        assert await house.cases.deliver() == 0
        row = await one(house, key)
        assert (row["status"], row["attempts"]) == ("pending", 1)
        assert "45" in row["last_error"]
        server.turn(switch, False)
        await time_passes(house)
        assert await house.cases.deliver() == 1
        assert (await one(house, key))["status"] == "done"
    assert await broken_mails(demo_url, await server.delivered(1), parked=False) == []


@pytest.mark.parametrize(
    ("switch", "to"), [("", "nobody@elsewhere.example"), ("small", "dana@harlanfab.example")]
)
async def test_what_it_refuses_is_a_persons(
    demo_url: str, tmp_path: Path, server: DebianMailServer, switch: str, to: str
) -> None:
    async with sending_house(demo_url, tmp_path, ORDERDESK_SMTP_URL=server.url) as house:
        case_id = await a_case(house)
        [key] = await queue(house, case_id, "m", to=to)
        if switch:
            server.turn(switch, True)
        with pytest.raises(EffectRefused, match="55"):
            await house.cases.deliver()
        assert (await one(house, key))["status"] == "failed"
        assert await failures(house, case_id) == ["send_mail m was not sent"]
        await _nothing_more(house, key)
    assert " <= " not in server.log()


async def _nothing_more(house: House, key: str) -> None:
    await time_passes(house)
    assert await house.cases.deliver() == 0
    assert (await one(house, key))["attempts"] == 1
