"""The policy file: defaults, a company's own numbers, a customer's, and every way to write it wrong."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest

from orderdesk.domain.errors import ConfigurationError
from orderdesk.policy.loader import load_policy


@pytest.fixture
def policy_file(tmp_path: Path) -> Path:
    return tmp_path / "policy.toml"


def refusal(file: Path, text: str) -> str:
    file.write_text(text, "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_policy(file)
    return str(caught.value)


def test_the_default_policy_loads_with_exact_decimals() -> None:
    policy = load_policy()
    assert policy.prices.unit_tolerance == Decimal("0.05")
    assert isinstance(policy.prices.unit_tolerance, Decimal)
    assert policy.approvals.limit_for("EUR", "standard") == 5000
    assert policy.approvals.limit_for("EUR", "key") == 10000
    assert policy.approvals.limit_for("XTS", "key") is None
    assert policy.booking.partial_booking is False


def test_every_default_says_where_it_comes_from() -> None:
    """Each key, or the table it opens, stands under a comment of its own."""
    text = files("orderdesk.policy").joinpath("default.toml").read_text("utf-8")
    commented = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#"):
            commented = True
        elif re.match(r"[A-Z]{3} = ", line):
            assert commented, f"line {number}: a currency of a table without a comment"
        elif re.match(r"[a-z_]+ = ", line):
            assert commented, f"line {number} has no comment: {line}"
            commented = False
        elif line.startswith("["):
            commented = False


def test_a_company_file_changes_only_what_it_names(policy_file: Path) -> None:
    policy_file.write_text("[prices]\nunit_tolerance = 0.10\n[approvals.limit]\nEUR = 750\n", "utf-8")
    policy, default = load_policy(policy_file), load_policy()
    assert policy.prices.unit_tolerance == Decimal("0.10")
    assert policy.prices.line_tolerance == default.prices.line_tolerance
    assert policy.approvals.limit_for("EUR", "standard") == 750
    assert policy.approvals.limit_for("USD", "standard") == 5000
    assert policy.fingerprint() != default.fingerprint()


def test_a_customer_has_its_own_numbers_over_the_companys(policy_file: Path) -> None:
    policy_file.write_text(
        '[prices]\nline_tolerance = 2\n[customers."C-100".prices]\nunit_tolerance = 0.5\n'
        '[customers."C-100".autonomy]\ndefault = "shadow"\n',
        "utf-8",
    )
    policy = load_policy(policy_file)
    own = policy.for_customer("C-100")
    assert (own.prices.unit_tolerance, own.prices.line_tolerance) == (Decimal("0.5"), Decimal(2))
    assert own.autonomy.default == "shadow"
    assert policy.for_customer("C-101") is policy
    assert policy.for_customer(None) is policy
    assert policy.for_customer("C-100") is own


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[prices]\nunit_tolerence = 1\n", r"prices\.unit_tolerence: .*nearest known key is unit_tolerance"),
        ("[price]\nunit_tolerance = 1\n", r"price: .*nearest known key is prices"),
        (
            '[customers."C-1".credits]\novedue = 1\n',
            r'customers\."C-1"\.credits: .*nearest known key is credit',
        ),
        (
            "[prices]\nunit_tolerance = true\n",
            r"prices\.unit_tolerance: expected a number, found true or false",
        ),
        ('[booking]\npo_required = "no"\n', r"booking\.po_required: expected true or false, found text"),
        ('[approvals.limit]\nEUR = "x"\n', r"approvals\.limit\.EUR: expected a number, found text"),
        ("[approvals.limit]\neur = 1\n", r"approvals\.limit\.eur: .*pattern"),
        ("[approvals.limit]\nBRL = 1\n", r"approvals: approvals\.limit_key needs an entry for BRL too"),
        ("[approvals.limit]\nEUR = -1\n", r"approvals\.limit\.EUR: .*greater than or equal to 0, found -1"),
        ('[autonomy]\ndefault = "careful"\n', r"autonomy\.default: .*'shadow', 'assist' or 'auto'"),
        ('[autonomy.workflows]\nnew_orders = "auto"\n', r"autonomy\.workflows\.new_orders: .*'new_order'"),
        ("[risk]\nhistory_min_orders = 2.5\n", r"risk\.history_min_orders: .*valid integer"),
        ("prices = 3\n", r"prices: expected a table, found a number"),
        ("customers = 3\n", r"customers holds one table per customer"),
        ("[customers]\nC-1 = 3\n", r"customers holds one table per customer.*C-1 is not a table"),
        ('[customers."A".customers."B".prices]\nx = 1\n', r"one customer's settings cannot hold another's"),
        ("[prices\n", r"is not valid TOML"),
    ],
)
def test_a_mistake_names_the_file_the_key_and_what_was_expected(
    policy_file: Path, text: str, expected: str
) -> None:
    message = refusal(policy_file, text)
    assert str(policy_file) in message
    assert re.search(expected, message), message


def test_all_mistakes_are_named_at_once(policy_file: Path) -> None:
    message = refusal(policy_file, "[prices]\nunit_tolerance = -1\nline_tolerance = -2\n")
    assert "unit_tolerance" in message
    assert "line_tolerance" in message


def test_a_file_that_is_not_there_is_named_with_its_setting(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"none\.toml cannot be read .*ORDERDESK_POLICY"):
        load_policy(tmp_path / "none.toml")


def test_the_default_file_loads_as_a_company_file_too(tmp_path: Path) -> None:
    """So that a company can start from a copy of it."""
    text = files("orderdesk.policy").joinpath("default.toml").read_text("utf-8")
    copy = tmp_path / "copy.toml"
    copy.write_text(text, "utf-8")
    assert load_policy(copy) == load_policy()
    assert tomllib.loads(text)
