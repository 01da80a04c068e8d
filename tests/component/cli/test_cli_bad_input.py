"""Bad input: one clear sentence that says what to do, exit code 2, no traceback, nothing half-done."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import pytest

from orderdesk.demo import company_folder
from tests.component.cli.conftest import Tables
from tests.support.commands import Commands, Ran

PASSWORD = "do-not-print-me"


def says(ran: Ran, *words: str, code: int = 2) -> None:
    """One sentence on stderr with these words in it, nothing on stdout, and the exit code."""
    assert ran.code == code, ran.err
    assert ran.out == ""
    assert ran.err.startswith("orderdesk: ")
    assert ran.err.count("\n") == 1
    assert "Traceback" not in ran.err
    assert PASSWORD not in ran.err
    for word in words:
        assert word in ran.err


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("ORDERDESK_MODELS", "gpt", ("ORDERDESK_MODELS", "JSON list")),
        ("ORDERDESK_MODELS", '{"model": "x"}', ("ORDERDESK_MODELS", "JSON list")),
        ("ORDERDESK_MODELS", '[{"modell": "x"}]', ("ORDERDESK_MODELS.0.model",)),
        ("ORDERDESK_ENV", "staging", ("ORDERDESK_ENV", "development", "production")),
        ("ORDERDESK_POOL_SIZE", "0", ("ORDERDESK_POOL_SIZE",)),
        ("ORDERDESK_BUDGET_USD", "lots", ("ORDERDESK_BUDGET_USD",)),
        ("LANGSMITH_TRACING", "1", ("LANGSMITH_TRACING", "true or false")),
        ("ORDERDESK_POLICY", "missing.toml", ("missing.toml", "ORDERDESK_POLICY")),
        ("ORDERDESK_HOME", "/dev/null", ("/dev/null", "ORDERDESK_HOME")),
        ("ORDERDESK_HOME", "/dev/null/home", ("/dev/null/home", "ORDERDESK_HOME")),
        ("DATABASE_URL", f"mysql://me:{PASSWORD}@localhost/x", ("DATABASE_URL", "postgresql://")),
        ("DATABASE_URL", f"postgresql://me:{PASSWORD}@localhost:port/x", ("DATABASE_URL",)),
        ("DATABASE_URL", f"postgresql://me:{PASSWORD}@127.0.0.1:1/x", ("127.0.0.1", "DATABASE_URL")),
        ("DATABASE_URL", f"postgresql://me:{PASSWORD}@no.such.host.invalid/x", ("DATABASE_URL",)),
    ],
)
def test_a_wrong_setting(orderdesk: Commands, setting: str, value: str, words: tuple[str, ...]) -> None:
    says(orderdesk.run("stats", **{setting: value}), *words)


def test_an_empty_setting_is_one_that_is_not_set(orderdesk: Commands) -> None:
    assert orderdesk.run("stats", ORDERDESK_POLICY="", ORDERDESK_MODELS="", LANGSMITH_TRACING="").code == 0


def test_a_wrong_password_is_not_shown(orderdesk: Commands) -> None:
    url = orderdesk.environment["DATABASE_URL"]
    user, _, where = url.partition("@")
    wrong = f"{user.rpartition(':')[0]}:{PASSWORD}@{where}"
    says(orderdesk.run("stats", DATABASE_URL=wrong), "password", "DATABASE_URL")


def test_a_database_that_is_not_there(orderdesk: Commands) -> None:
    url = orderdesk.environment["DATABASE_URL"].replace("/test_", "/no_such_")
    says(orderdesk.run("process", "/etc/hostname", DATABASE_URL=url), "no_such_", "does not exist")


@pytest.mark.parametrize("text", ["[[[", 'approvals = "none"\n', "[approvals]\nfour_yeses = { USD = 1 }\n"])
def test_a_bad_policy_file(orderdesk: Commands, folder: Path, text: str) -> None:
    (folder / "policy.toml").write_text(text)
    says(orderdesk.run("stats", ORDERDESK_POLICY=str(folder / "policy.toml")), "policy.toml")


def test_settings_files_that_cannot_be_read(orderdesk: Commands, folder: Path) -> None:
    for name, content in (("orderdesk.toml", b"= 1"), (".env", b"ORDERDESK_ENV=\xff\xfe")):
        path = orderdesk.folder / name
        path.write_bytes(content)
        try:
            says(orderdesk.run("stats"), ".env")
        finally:
            path.unlink()


def test_a_home_that_is_read_only(orderdesk: Commands, folder: Path) -> None:
    (folder / "home").mkdir(mode=0o555)
    for url in ("", orderdesk.environment["DATABASE_URL"]):
        ran = orderdesk.run("stats", as_nobody=True, ORDERDESK_HOME=str(folder / "home"), DATABASE_URL=url)
        says(ran, "Cannot write", "ORDERDESK_HOME")


def test_a_home_that_is_a_file_is_said_before_the_database_starts(orderdesk: Commands) -> None:
    for command in ("migrate", "stats", "worker"):
        says(orderdesk.run(command, DATABASE_URL="", ORDERDESK_HOME="/dev/null"), "a file stands there")


def test_paths_that_hold_no_message(orderdesk: Commands, folder: Path, tables: Tables) -> None:
    (folder / "empty").mkdir()
    locked = folder / "locked.eml"
    locked.write_text("Subject: order\n\nhello")
    locked.chmod(0)
    before = tables.counts()
    good = str(next((company_folder().parent / "inbox").iterdir()))
    says(orderdesk.run("process", good, str(folder / "nothing.eml")), "nothing.eml", "check the path")
    says(orderdesk.run("process", str(folder / "empty")), "holds no files")
    says(orderdesk.run("process", good, str(locked), as_nobody=True), "locked.eml", "Permission denied")
    says(orderdesk.run("process", "/dev/zero"), "neither a file nor a folder")
    says(orderdesk.run("process", "x" * 300), "File name too long")
    assert tables.counts() == before, "a good path beside a bad one must not be processed"


def test_a_file_too_large_to_keep(orderdesk: Commands, folder: Path) -> None:
    with (folder / "huge.eml").open("wb") as file:
        file.truncate(300 * 1024 * 1024)
    says(orderdesk.run("process", str(folder / "huge.eml")), "300 MB", "256")


@pytest.mark.parametrize(
    "args",
    [
        ("process",), ("process", "--as-of", "1.2.2026", "x"), ("up", "--port", "70000"), ("up", "--workers", "-1"),
        ("nonsense",), ("review", "edit", "abc"), ("review", "reject", "abc"), ("cases", "--limit", "0"),
        ("review", "approve", "abc", "--role", "king"), ("cases", "--status", "lost"),
    ],
)  # fmt: skip
def test_usage(orderdesk: Commands, args: tuple[str, ...]) -> None:
    ran = orderdesk.run(*args)
    assert ran.code == 2
    assert ran.err.startswith("Usage: orderdesk")


def test_debug_shows_the_traceback(orderdesk: Commands) -> None:
    ran = orderdesk.run("--debug", "process", "/no/such/file")
    assert ran.code != 0
    assert "Traceback" in ran.err


def test_a_port_somebody_else_has(orderdesk: Commands, tables: Tables) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        for command in ("up", "serve"):
            says(orderdesk.run(command, "--port", port), port, "--port")
        says(orderdesk.run("serve", "--host", "no.such.host.invalid"), "no.such.host.invalid")


@pytest.mark.parametrize(
    ("name", "row", "words"),
    [
        ("products.csv", "NEW-2,pump,two", ("products.csv", "line 3", "list_price", "two")),
        ("products.csv", "NEW-2,pump", ("products.csv", "line 3")),
        ("stock.csv", "NO-SUCH-SKU,5", ("stock.csv", "line 2", "NO-SUCH-SKU")),
        ("prices.csv", "x", ("prices.csv",)),
    ],
)
def test_a_bad_row_imports_nothing(
    orderdesk: Commands, folder: Path, tables: Tables, name: str, row: str, words: tuple[str, ...]
) -> None:
    headers = {
        "stock.csv": "sku,on_hand",
        "prices.csv": "sku,unit_prise",
        "products.csv": "sku,description,list_price",
    }
    (folder / "products.csv").write_text(f"{headers['products.csv']}\nNEW-1,pump,2.50\n")
    with (folder / name).open("a") as file:
        file.write(row if name == "products.csv" else f"{headers[name]}\n{row}\n")
    before = tables.value("select version from master_version")
    says(orderdesk.run("import", str(folder)), *words)
    assert tables.count("product where sku like 'NEW-%'") == 0
    assert tables.value("select version from master_version") == before


def test_folders_that_hold_no_master_data(orderdesk: Commands, folder: Path) -> None:
    says(orderdesk.run("import", str(folder)), "products.csv")
    says(orderdesk.run("import", str(folder / "missing")), "not a folder")
    shutil.copy(company_folder() / "products.csv", folder / "produkts.csv")
    says(orderdesk.run("import", str(folder)), "products.csv")


def test_ids_nobody_has(orderdesk: Commands) -> None:
    for wrong in ("", "%", "_", "zzz", "00000000-0000"):
        says(orderdesk.run("case", wrong), "No case begins", "orderdesk cases", code=1)
        says(orderdesk.run("review", "approve", wrong), "review list", code=1)
