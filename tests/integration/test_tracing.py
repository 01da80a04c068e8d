"""LangSmith traces: asked for with one variable and a key, with the case's id, and never in the way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.integration.cases.orders import clean_order
from tests.support.chat_double import chat_double
from tests.support.langgraph_server import free_port
from tests.support.langsmith_double import langsmith_double

ROOT = Path(__file__).resolve().parents[2]


def run_process(
    url: str, home: Path, endpoint: str, tracing: str = "true", number: str = "TR-1", **settings: str
) -> subprocess.CompletedProcess[str]:
    order = home / "order.eml"
    order.write_bytes(clean_order(number))
    environment = {
        **os.environ, "DATABASE_URL": url, "ORDERDESK_HOME": str(home), "LANGSMITH_TRACING": tracing,
        "LANGSMITH_API_KEY": "key-of-the-test", "LANGSMITH_ENDPOINT": endpoint,
        **settings,
    }  # fmt: skip
    command = [sys.executable, "-m", "orderdesk", "process", "--json", "--as-of", "2026-03-02", str(order)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


def test_traces_carry_the_case_and_need_nothing_else(demo_url: str, tmp_path: Path) -> None:
    with langsmith_double() as received:
        done = run_process(demo_url, tmp_path, received.url)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["outcome"] == "booked"
    assert received.requests
    assert report["case_id"].encode() in received.bodies
    assert b"order_desk" in received.bodies


def test_what_the_customer_wrote_stays_in_the_house_unless_it_is_asked_for(
    demo_url: str, tmp_path: Path
) -> None:
    with chat_double() as double, langsmith_double() as received:
        model = {"model": "primary", "base_url": double.base_url, "api_key_env": ""}
        done = run_process(demo_url, tmp_path, received.url, ORDERDESK_MODELS=json.dumps([model]))
        assert json.loads(done.stdout)["model_calls"] >= 1, done.stderr
        assert b"ChatOpenAI" in received.bodies  # the call to the model is traced
        for word in (b"FST-10310", b"Whitfield", b"TR-1"):
            assert word not in received.bodies
    with langsmith_double() as received:
        shown = {"LANGSMITH_HIDE_INPUTS": "false", "LANGSMITH_HIDE_OUTPUTS": "false"}
        run_process(demo_url, tmp_path, received.url, number="TR-2", **shown)
    assert b"FST-10310" in received.bodies


def test_without_the_variable_nothing_is_sent(demo_url: str, tmp_path: Path) -> None:
    with langsmith_double() as received:
        done = run_process(demo_url, tmp_path, received.url, tracing="false")
    assert done.returncode == 0, done.stderr
    assert received.requests == []


def test_a_service_that_is_down_changes_nothing(demo_url: str, tmp_path: Path) -> None:
    done = run_process(demo_url, tmp_path, f"http://127.0.0.1:{free_port()}")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["outcome"] == "booked"
