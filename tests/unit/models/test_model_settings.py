"""Rungs as they are set: which are in force, under which names, with which keys and limits."""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orderdesk.bootstrap import build_house, build_rungs
from orderdesk.domain.errors import ConfigurationError
from orderdesk.settings import DEFAULT_MODEL, load_settings
from tools.models.rung import OPENAI_URL

KEY = "sk-never-show-this"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.startswith(("ORDERDESK_", "OPENAI_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def rungs(monkeypatch: pytest.MonkeyPatch, *settings: dict[str, Any]) -> list[Any]:
    """The rungs of these settings as they run."""
    monkeypatch.setenv("ORDERDESK_MODELS", json.dumps(settings))
    return [rung for _, rung in build_rungs(load_settings())]


def test_a_key_alone_is_one_rung(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().rungs == ()
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    ((_, rung),) = build_rungs(load_settings())
    assert rung is not None
    assert (rung.model, rung.base_url) == (DEFAULT_MODEL, OPENAI_URL)
    assert rung.api_key is not None
    assert rung.api_key.get_secret_value() == KEY
    monkeypatch.setenv("OPENAI_API_KEY", f" {KEY}\n")
    assert load_settings().openai_api_key == rung.api_key
    monkeypatch.setenv("OPENAI_API_KEY", " ")
    assert load_settings().rungs == ()
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("ORDERDESK_MODELS", "")
    assert len(load_settings().rungs) == 1
    monkeypatch.setenv("ORDERDESK_MODELS", "[]")
    assert load_settings().rungs == (), "an empty list asks no model, whatever keys are about"


def test_a_key_may_stand_in_the_environment_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text(f"OPENAI_API_KEY={KEY}\nOTHER_KEY= other \n")
    first, second = rungs(monkeypatch, {"model": "a"}, {"model": "b", "api_key_env": "OTHER_KEY"})
    assert first.api_key.get_secret_value() == KEY
    assert second.api_key.get_secret_value() == "other"
    monkeypatch.setenv("OTHER_KEY", "of the environment\n")
    _, second = rungs(monkeypatch, {"model": "a"}, {"model": "b", "api_key_env": "OTHER_KEY"})
    assert second.api_key.get_secret_value() == "of the environment"


def test_openai_without_a_key_is_left_out_and_a_server_of_ones_own_is_not(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    openai, local = rungs(monkeypatch, {"model": "a"}, {"model": "b", "base_url": "http://localhost:1/v1"})
    assert openai is None
    assert local.api_key is None
    house = build_house(load_settings(), "postgresql:///unused")
    assert [rung.name for rung in house.ladder.rungs] == ["b"]
    assert house.services.models is house.ladder
    assert house.services.models.any
    assert "model a is left out: set its key in OPENAI_API_KEY" in caplog.text


def test_no_key_is_sent_where_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    (rung,) = rungs(monkeypatch, {"model": "b", "base_url": "http://localhost:1/v1", "api_key_env": ""})
    assert rung.api_key is None


def test_the_same_model_twice_is_two_rungs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    first, second = rungs(
        monkeypatch, {"model": "a"}, {"model": "a", "base_url": "https://me:pw@b.example:8443/v1?key=x"}
    )
    assert (first.name, second.name) == ("a", "a (2)")
    assert (first.breaker, second.breaker) == ("model:a@api.openai.com", "model:a (2)@b.example:8443")
    assert (first.provider, second.provider) == ("api.openai.com", "b.example:8443")
    assert second.where == "https://b.example:8443/v1"
    assert KEY not in repr(first)


def test_all_figures_reach_the_rung(monkeypatch: pytest.MonkeyPatch) -> None:
    (rung,) = rungs(monkeypatch, {
        "model": "a", "base_url": "http://localhost:1/v1", "timeout_s": 5, "max_output_tokens": 100,
        "input_usd_per_mtok": "0.15", "output_usd_per_mtok": 0.6, "concurrency": 2, "requests_per_minute": 30,
    })  # fmt: skip
    assert (rung.timeout_s, rung.max_output_tokens) == (5, 100)
    assert (rung.input_usd_per_mtok, rung.output_usd_per_mtok) == (Decimal("0.15"), Decimal("0.6"))


@pytest.mark.parametrize(
    "wrong",
    [{"model": ""}, {"model": "a", "base_url": "localhost:8000"}, {"model": "a", "base_url": "http://[x/v1"},
     {"model": "a", "base_url": "http:///v1"}, {"model": "a", "base_url": "http://h:99999/v1"}, {"model": "a", "concurrency": 0},
     {"model": "a", "input_usd_per_mtok": -1}, {"model": "a", "requests_per_minute": 0}],
)  # fmt: skip
def test_a_wrong_rung_is_named(monkeypatch: pytest.MonkeyPatch, wrong: dict[str, Any]) -> None:
    monkeypatch.setenv("ORDERDESK_MODELS", json.dumps([wrong]))
    with pytest.raises(ConfigurationError, match="ORDERDESK_MODELS"):
        load_settings()
