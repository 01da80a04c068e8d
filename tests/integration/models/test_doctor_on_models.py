"""The doctor says of each model whether it answers, how fast, its breaker, its price and its last alert; no secret."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from orderdesk.commands.doctor_models import report_models
from orderdesk.commands.doctor_report import Report
from orderdesk.settings import Settings, load_settings
from tests.integration.models.bare_server import bare_server
from tests.integration.models.conftest import KEY, Setting, question
from tests.support.chat_double import Behaviour, http_error


@pytest.fixture
def known(setting: Setting, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    """The settings that make the ladder of the tests; the alternative has no price."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOME_KEY", KEY)
    return settings_of(setting, {"input_usd_per_mtok": "1", "output_usd_per_mtok": "2"}, {})


def settings_of(setting: Setting, *changes: dict[str, Any]) -> Settings:
    """Settings with the doors of the double."""
    models = [
        {"model": rung.model, "base_url": rung.base_url, "api_key_env": "SOME_KEY"} | change
        for rung, change in zip(setting.rungs, changes, strict=True)
    ]
    return load_settings(ORDERDESK_MODELS=models)


async def lines(known: Settings, setting: Setting, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What the doctor prints of the models."""
    await report_models(known, Report(), setting.pool)
    out = capsys.readouterr().out
    assert KEY not in out
    return out.splitlines()


async def test_models_that_answer(
    known: Settings, setting: Setting, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = await lines(known, setting, capsys)
    address = re.escape(setting.rungs[0].base_url)
    assert re.fullmatch(
        rf"ok   model primary: {address}, key set, reachable, \d+ ms, breaker closed, price known", first
    )
    assert second.startswith("note model alternative: ")
    assert "price unknown" in second
    assert setting.double.calls == [], "no question is asked for it"


async def test_an_open_breaker_and_the_last_alert(
    known: Settings, setting: Setting, capsys: pytest.CaptureFixture[str]
) -> None:
    setting.double.default("primary", Behaviour("stall_first"))
    setting.double.default("alternative", http_error(403, f"bad-{KEY}"))
    async with setting.other(timeout_s=0.3) as ladder:
        await ladder.ask(question())
    price = {"input_usd_per_mtok": "1", "output_usd_per_mtok": "2"}
    first, second = await lines(settings_of(setting, price, price), setting, capsys)
    assert first.startswith("note model primary: ")
    assert second.startswith("note model alternative: ")
    assert "breaker open (No answer within 0.3 seconds.)" in first
    assert "alert of 2026-03-02 09:30: It refuses the key" in second


async def test_servers_that_do_not_answer(
    known: Settings, setting: Setting, capsys: pytest.CaptureFixture[str]
) -> None:
    setting.double.door("primary").close()
    setting.double.models = ["another"]
    first, second = await lines(known, setting, capsys)
    assert first.startswith("note model primary: ")
    assert "cannot be reached (ConnectError)" in first
    assert " ms" not in first
    assert "reachable, but does not list this model" in second


async def test_a_server_without_a_list_answers_all_the_same(
    setting: Setting, capsys: pytest.CaptureFixture[str], known: Settings
) -> None:
    async with bare_server(404) as server:
        known = settings_of(setting, {"base_url": server.base_url}, {"api_key_env": "NOT_SET"})
        first, second = await lines(known, setting, capsys)
    assert "answers, but not to /models (404)" in first
    assert "no key: set NOT_SET if it wants one" in second


async def test_secrets_in_an_address_do_not_show(
    setting: Setting, capsys: pytest.CaptureFixture[str], known: Settings
) -> None:
    door = setting.double.door("primary")
    secret = f"http://me:{KEY}@127.0.0.1:{door.port}/v1?key={KEY}"
    first, _ = await lines(settings_of(setting, {"base_url": secret}, {}), setting, capsys)
    assert f"http://127.0.0.1:{door.port}/v1, key set, reachable" in first


async def test_a_model_without_its_key_and_no_database(
    setting: Setting, capsys: pytest.CaptureFixture[str], known: Settings
) -> None:
    known = settings_of(setting, {"base_url": None, "api_key_env": "NOT_SET"}, {})
    await report_models(known, Report(), None)
    first, second = capsys.readouterr().out.splitlines()
    assert first == "note model primary: left out, no key: set NOT_SET"
    assert "reachable" in second
    assert "breaker" not in second


async def test_no_models(setting: Setting, capsys: pytest.CaptureFixture[str]) -> None:
    (only,) = await lines(load_settings(ORDERDESK_MODELS=[]), setting, capsys)
    assert only == "ok   models: none: rules read the orders, then a person"
