"""Settings come from the environment, .env and orderdesk.toml, in that order; a wrong one is named."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from orderdesk.domain.errors import ConfigurationError
from orderdesk.settings import load_settings


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty folder to stand in, and none of our settings in the environment."""
    import os

    for name in os.environ:
        if name.startswith("ORDERDESK_") or name in ("DATABASE_URL", "PG_BIN"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_nothing_needs_to_be_set() -> None:
    settings = load_settings()
    assert settings.database_url is None
    assert settings.models == ()
    assert settings.inbox == settings.home / "inbox"


def test_the_environment_wins_over_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("orderdesk.toml").write_text(
        'ORDERDESK_COMPANY_NAME = "toml"\nORDERDESK_MAIL_ADDRESS = "toml@x.example"\n'
    )
    Path(".env").write_text("ORDERDESK_COMPANY_NAME=dotenv\nORDERDESK_POOL_SIZE=5\n")
    monkeypatch.setenv("ORDERDESK_POOL_SIZE", "7")
    settings = load_settings()
    assert settings.mail_address == "toml@x.example"
    assert settings.company_name == "dotenv"
    assert settings.pool_size == 7


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "ORDERDESK_HOME", "ORDERDESK_MODELS", "ORDERDESK_BUDGET_USD"):
        monkeypatch.setenv(name, "")
    settings = load_settings()
    assert settings.database_url is None
    assert settings.home == Path(".orderdesk")
    assert settings.budget_usd == Decimal("0.50")


def test_models_as_json_and_as_toml(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("orderdesk.toml").write_text('ORDERDESK_MODELS = [{ model = "local", timeout_s = 5 }]\n')
    assert [rung.model for rung in load_settings().models] == ["local"]
    monkeypatch.setenv("ORDERDESK_MODELS", '[{"model": "a", "input_usd_per_mtok": "0.15"}, {"model": "b"}]')
    first, second = load_settings().models
    assert (first.model, first.input_usd_per_mtok, second.model) == ("a", Decimal("0.15"), "b")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ORDERDESK_MODELS", "gpt"), ("ORDERDESK_MODELS", "{}"), ("ORDERDESK_MODELS", '[{"model": "a", "key": "b"}]'),
        ("ORDERDESK_MODELS", '[{"model": "a", "timeout_s": 0}]'), ("ORDERDESK_ENV", "test"),
        ("ORDERDESK_READER_PROCESSES", "0"), ("ORDERDESK_BUDGET_SECONDS", "-1"), ("ORDERDESK_MAX_HOPS", "many"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=name):
        load_settings()


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:hidden@host/db")
    monkeypatch.setenv("ORDERDESK_DESK_SECRET", "hidden")
    assert "hidden" not in repr(load_settings())
