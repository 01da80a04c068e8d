"""The sample inbox through the whole system: each message ends as its expectation says, and why."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest

from orderdesk.bootstrap import House
from orderdesk.demo import expected_outcomes, inbox_folder, reference_date
from tests.support.house import demo_house

EXPECTED = expected_outcomes()


async def test_every_message_ends_as_it_should(demo_url: str, tmp_path: Path) -> None:
    wrong: list[str] = []
    async with demo_house(demo_url, tmp_path) as house:
        for file in sorted(inbox_folder().iterdir()):
            reports = await _processed(house, file)
            expectations = EXPECTED[file.name]
            if len(reports) != len(expectations):
                wrong.append(f"{file.name}: {len(reports)} cases, expected {len(expectations)}")
            for report, expected in zip(reports, expectations, strict=False):
                why = await house.cases.why(report["case_id"])
                wrong += [f"{file.name}: {problem} ({why})" for problem in _differences(report, expected)]
        stats = await house.cases.stats()
    assert not wrong, "\n" + "\n".join(wrong)
    assert stats["model_calls"] == 0
    assert stats["effects"]["pending"] == stats["effects"]["sending"] == stats["effects"]["ambiguous"] == 0
    assert stats["orders"] == sum(e["outcome"] == "booked" for es in EXPECTED.values() for e in es)


async def _processed(house: House, file: Path) -> list[dict[str, Any]]:
    raw = file.read_bytes()
    stored = await house.cases.submit(raw, file.name, channel="test", as_of=reference_date())
    return [await house.cases.drive(case_id) for case_id in stored.case_ids]


def _differences(report: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    found = [
        f"{key} is {report[key]!r}, expected {expected[key]!r}"
        for key in ("outcome", "intent", "customer_id", "po_number", "requested_date", "ship_to_code")
        if key in expected and report[key] != expected[key]
    ]
    if (
        expected["outcome"] == "booked"
        and "net_total" in expected
        and report["net_total"] != expected["net_total"]
    ):
        found.append(f"net total {report['net_total']}, expected {expected['net_total']}")
    codes = {finding["code"] for finding in report["findings"]}
    found += [f"finding {code} is missing" for code in expected.get("finding_codes", []) if code not in codes]
    lines = expected.get("lines")
    if lines is not None and len(report["lines"]) != len(lines):
        return [*found, f"{len(report['lines'])} lines, expected {len(lines)}"]
    for index, line in enumerate(lines or []):
        for key in ("sku", "quantity", "uom", "unit_price"):
            if key in line and not _same(report["lines"][index][key], line[key]):
                found.append(f"line {index} {key} is {report['lines'][index][key]!r}, expected {line[key]!r}")
    return found


def _same(left: str | None, right: str | None) -> bool:
    """Equal as written, or as numbers: 15.6 from a sheet is 15.60."""
    if left is None or right is None or left == right:
        return left == right
    try:
        return Decimal(left) == Decimal(right)
    except InvalidOperation:
        return False


@pytest.mark.parametrize("key", ["outcome", "po_number"])
def test_a_wrong_expectation_would_be_noticed(key: str) -> None:
    report = {"outcome": "booked", "po_number": "A", "findings": [], "lines": []}
    assert _differences({**report, key: "other"}, {**report, "outcome": "booked"} | {key: report[key]})
