"""The double, open to the tests of this folder."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from tests.support.chat_double import ChatDouble, chat_double


@pytest.fixture
def double(models_allowed: None, monkeypatch: pytest.MonkeyPatch) -> Generator[ChatDouble]:
    """A server that plays one model; requests are allowed while it stands."""
    monkeypatch.setenv("DOUBLE_KEY", "test-key")
    with chat_double(("primary",)) as double:
        yield double
