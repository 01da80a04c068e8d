"""The README shows the graph as it is, and only commands that exist."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from orderdesk.bootstrap import build_house
from orderdesk.cli import main
from orderdesk.drawing import drawing
from orderdesk.settings import load_settings

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()


def test_the_drawing_is_the_codes_own() -> None:
    shown = README.split("<!-- drawing -->")[1].split("<!-- /drawing -->")[0]
    house = build_house(load_settings(), "postgresql:///unused")
    assert shown.strip() == f"```mermaid\n{drawing(house).strip()}\n```", "run `orderdesk graph` and paste it"


def test_every_command_named_is_a_command() -> None:
    named = set(re.findall(r"orderdesk (\w+)", README)) - {"the"}
    help_text = CliRunner().invoke(main, ["--help"]).output
    known = set(re.findall(r"^  ([\w-]+)", help_text, re.MULTILINE))
    assert named <= known, named - known


def test_every_make_target_named_is_a_target() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for document in ("README.md", "CONTRIBUTING.md", "docs/operations.md"):
        named = set(re.findall(r"`?make ([a-z-]+)", (ROOT / document).read_text()))
        assert named <= targets | {"it"}, f"{document}: {named - targets}"


def test_every_file_linked_is_there() -> None:
    for document in ("README.md",):
        for link in re.findall(r"\]\(([^)#:]+)\)", (ROOT / document).read_text()):
            assert (ROOT / link).exists(), f"{document} links to {link}"
