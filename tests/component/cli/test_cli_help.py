"""Help reads well and costs nothing; the doctor says what is missing and no secret."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest

from orderdesk.cli import COMMANDS
from tests.support.commands import Commands, plain_environment

SECRET = "do-not-print-me"


def test_help_loads_neither_the_graphs_nor_the_database() -> None:
    program = (
        "import sys; from orderdesk.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: print([m for m in ('langgraph', 'psycopg', 'pydantic', 'rich') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=plain_environment()
    )
    *text, loaded = done.stdout.splitlines()
    assert loaded == "[]"
    for name in COMMANDS:
        assert any(line.strip().startswith(name) for line in text)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_does(name: str) -> None:
    module, attribute, about = COMMANDS[name]
    command = getattr(import_module(f"orderdesk.commands.{module}"), attribute)
    assert isinstance(command, click.Command)
    assert command.name == name
    assert command.help
    assert about.endswith(".")
    assert len(about) <= 64, "one line on a terminal of 80"
    for option in command.params:
        if isinstance(option, click.Option) and not option.hidden and module != "evaluation":
            assert option.help, f"{name} {option.opts}"


def test_the_doctor_is_content(orderdesk: Commands) -> None:
    ran = orderdesk.run(
        "doctor", ORDERDESK_DESK_SECRET=SECRET, ORDERDESK_PROXY_SECRET=SECRET, OPENAI_API_KEY=SECRET,
        ORDERDESK_MODELS=f'[{{"model": "m", "base_url": "https://me:{SECRET}@models.example/v1?key={SECRET}"}}]',
    )  # fmt: skip
    assert (ran.code, ran.err) == (0, "")
    password = orderdesk.environment["DATABASE_URL"].split(":")[2].partition("@")[0]
    for secret in (SECRET, password):
        assert secret not in ran.out
    for line in ("ok   database:", "ok   master data:", "models.example/v1, key set"):
        assert line in ran.out


def test_the_doctor_says_what_is_wrong_and_what_is_missing(orderdesk: Commands, folder: Path) -> None:
    (folder / "policy.toml").write_text("[[[")
    ran = orderdesk.run(
        "doctor", DATABASE_URL=f"postgresql://me:{SECRET}@127.0.0.1:1/x", ORDERDESK_ENV="production",
        ORDERDESK_POLICY=str(folder / "policy.toml"), ORDERDESK_MODELS='[{"model": "m"}]',
    )  # fmt: skip
    assert ran.code == 2
    assert ran.err.startswith("orderdesk: Not ready: database, policy, web desk.")
    assert "set OPENAI_API_KEY" in ran.out
    assert "ORDERDESK_DESK_SECRET" in ran.out
    assert SECRET not in ran.out + ran.err


def test_migrate_finds_nothing_to_do(orderdesk: Commands) -> None:
    assert orderdesk.run("migrate").out == "The database is up to date.\n"
    assert orderdesk.run("retention").code == 0
