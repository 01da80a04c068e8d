"""The table of finding codes names every code that stands in the sources, and no other."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from orderdesk.policy.loader import load_policy

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "finding-codes.md"
PACKAGES = ("agents", "graphs", "orderdesk", "tools")
# Functions that make a finding and take its code as an argument without a name.
MAKERS = frozenset(
    ("finding", "_finding", "stop", "note", "_note", "hold", "_hold", "clarify", "Doubt", "_unreadable")
)
CODE = re.compile(r"[a-z*][a-z0-9]*(?:_[a-z0-9*]+)+")
SEVERITIES = {"info", "clarify", "approve", "hold", "reject"}


def codes_in(source: str) -> Iterator[str]:
    """Codes as they stand in a source: `code="..."`, a maker's argument, or a choice of two; `*` where one is made up."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            named = [text for k in node.keywords if k.arg == "code" for text in literals(k.value)]
            yield from (text for text in named if CODE.fullmatch(text) or text.isalpha())
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in MAKERS:
                texts = [text for argument in node.args for text in literals(argument)]
                yield from [text for text in texts if CODE.fullmatch(text)][:1]
        elif isinstance(node, ast.Assign) and any(getattr(t, "id", "") == "code" for t in node.targets):
            yield from (text for text in literals(node.value) if CODE.fullmatch(text))


def literals(node: ast.expr) -> list[str]:
    """The texts an expression can be; a part that is filled in is `*`."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp(body=body, orelse=orelse):
            return [*literals(body), *literals(orelse)]
        case ast.JoinedStr(values=parts):
            return ["".join(str(p.value) if isinstance(p, ast.Constant) else "*" for p in parts)]
        case _:
            return []


def in_sources() -> dict[str, set[str]]:
    """Code (or pattern) -> the files that make it."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for code in codes_in(path.read_text("utf-8")):
                found[code].add(path.relative_to(ROOT).as_posix())
    return dict(found)


def rows() -> dict[str, tuple[str, str, str, str]]:
    """The table: code -> severities, meaning, where, policy key."""
    table: dict[str, tuple[str, str, str, str]] = {}
    for line in TABLE.read_text("utf-8").splitlines():
        if line.startswith("| `"):
            code, severity, meaning, where, policy = (cell.strip() for cell in line.strip("|").split("|"))
            code = code.strip("`")
            assert code not in table, f"{code} stands in the table twice"
            table[code] = (severity, meaning, where, policy)
    return table


def covers(pattern: str, code: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", "[a-z0-9]+"), code) is not None


def test_every_code_in_the_sources_stands_in_the_table() -> None:
    table = rows()
    missing = {
        code: sorted(files)
        for code, files in in_sources().items()
        if not any(covers(code, known) for known in table)
    }
    assert not missing, f"add to docs/finding-codes.md: {missing}"


def test_every_code_of_the_table_is_made_where_it_says() -> None:
    made = in_sources()
    for code, (_, _, where, _) in rows().items():
        files = {file for pattern, names in made.items() if covers(pattern, code) for file in names}
        assert files, f"{code} is made nowhere in the sources; take it out of docs/finding-codes.md"
        named = [part.strip().strip("`") for part in where.split(",")]
        assert all(any(file.startswith(name) for file in files) for name in named), (
            f"{code}: {where}, not {files}"
        )


def test_severities_and_meanings_are_filled_in() -> None:
    for code, (severity, meaning, _, _) in rows().items():
        words = set(re.findall(r"[a-z]+", severity)) - {"or"}
        assert words, code
        assert words <= SEVERITIES, f"{code}: {severity}"
        assert meaning, code


def test_policy_keys_are_keys_of_the_policy() -> None:
    policy = load_policy()
    for code, (_, _, _, keys) in rows().items():
        for key in re.findall(r"`([a-z_.]+)`", keys):
            section, _, name = key.partition(".")
            assert hasattr(getattr(policy, section, None), name), (
                f"{code} names {key}, which is no policy key"
            )


@pytest.mark.parametrize(
    ("source", "codes"),
    [
        ('Finding(code="a_b", severity="info")', ["a_b"]),
        ('code = "a_b" if x else "c_d"', ["a_b", "c_d"]),
        ('Finding(code=f"{kind}_terms_differ")', ["*_terms_differ"]),
        ('self.notes.note("a_b", "info", "text")', ["a_b"]),
        ('_finding(given, "a_b", "approve", "text")', ["a_b"]),
        ('print("a_b")', []),
    ],
)  # fmt: skip
def test_codes_are_found_however_they_are_written(source: str, codes: list[str]) -> None:
    assert list(codes_in(source)) == codes
