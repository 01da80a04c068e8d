"""Tests cannot reach a model by accident: not this process, and none that it starts."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from subprocess import run

import pytest

from agents.reader.model.answer import OrderReading
from orderdesk.settings import load_settings
from tests.support.chat_double import chat_double
from tests.support.commands import plain_environment
from tools.models.asked import strict_schema
from tools.models.client import ModelClient
from tools.models.errors import RequestsForbidden
from tools.models.exchange import Exchange
from tools.models.rung import Rung

FORM = {
    "type": "json_schema",
    "json_schema": {"name": "OrderReading", "strict": True, "schema": strict_schema(OrderReading)},
}
SHOW = (
    "import json, os; print(json.dumps([k for k in os.environ if k.startswith(('OPENAI_', 'ORDERDESK_'))]))"
)


async def test_a_request_is_refused_before_it_is_sent() -> None:
    with chat_double() as double:
        client = ModelClient(Rung(name="primary", model="primary", base_url=double.base_url))
        with pytest.raises(RequestsForbidden):
            await client.send("system", "user", FORM, Exchange())
        assert double.calls == []


@pytest.mark.usefixtures("models_allowed")
async def test_a_test_that_opts_in_reaches_its_own_server() -> None:
    with chat_double() as double:
        client = ModelClient(Rung(name="primary", model="primary", base_url=double.base_url))
        try:
            answer = await client.send("system", "user", FORM, Exchange())
        finally:
            await client.aclose()
        assert OrderReading.model_validate_json(str(answer)).lines == []
        assert [call.behaviour for call in double.calls] == ["ok"]


def test_no_model_is_set_up_even_where_the_folder_has_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("ORDERDESK_MODELS=" + json.dumps([{"model": "somebody-pays"}]))
    assert load_settings().models == ()


def test_commands_start_without_keys_and_models() -> None:
    shown = run([sys.executable, "-c", SHOW], env=plain_environment(), capture_output=True, check=True)
    assert json.loads(shown.stdout) == []
