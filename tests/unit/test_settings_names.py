"""Only the documented names count: the shell's own HOME is not the desk's home."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderdesk.settings import load_settings


def test_variables_of_other_programs_are_not_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("ORDERDESK_HOME", "DATABASE_URL", "ORDERDESK_POLICY", "ORDERDESK_ENV", "ORDERDESK_MODELS"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HOME", "POLICY", "ENVIRONMENT", "MODELS", "POOL_SIZE", "MAIL_ADDRESS", "COMPANY_NAME"):
        monkeypatch.setenv(name, "/elsewhere")
    settings = load_settings()
    assert settings.home == Path(".orderdesk")
    assert settings.policy is None
    assert settings.environment == "development"
    assert settings.models == ()
    assert settings.mail_address == "orders@localhost"


def test_the_documented_names_count(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ORDERDESK_HOME", str(tmp_path / "desk"))
    assert load_settings().home == tmp_path / "desk"
