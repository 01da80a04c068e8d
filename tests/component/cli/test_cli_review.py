"""`orderdesk review ...` and `case`: a person sees what waits, decides it once, and reads the whole story."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.component.cli.conftest import Tables
from tests.component.cli.test_cli_process import AS_OF, in_form
from tests.integration.cases.orders import clean_order, stranger, unknown_article
from tests.support.commands import Commands

REJECT = ("--reason", "not ours", "--as", "mia")


@pytest.fixture
def waiting(orderdesk: Commands, folder: Path, request: pytest.FixtureRequest) -> dict[str, Any]:
    """A case that waits for a person, as `process --json` printed it: an order from somebody not on file."""
    return _process(orderdesk, folder, stranger(f"R-{request.node.name[5:30]}"))


def _process(orderdesk: Commands, folder: Path, raw: bytes, **environment: str) -> dict[str, Any]:
    (folder / "order.eml").write_bytes(raw)
    [row] = orderdesk.run("process", str(folder / "order.eml"), "--json", *AS_OF, **environment).rows
    return in_form(row)


def test_list_and_show(orderdesk: Commands, waiting: dict[str, Any]) -> None:
    review_id = waiting["review"]["review_id"]
    listed = orderdesk.run("review", "list", "--json")
    assert review_id in [row["review_id"] for row in listed.rows]
    assert review_id[:8] in orderdesk.run("review", "list").out
    [shown] = orderdesk.run("review", "show", review_id[:12], "--json").rows
    assert shown["interrupt_id"]
    assert shown["action_requests"][0]["name"]
    text = orderdesk.run("review", "show", review_id).out
    assert waiting["case_id"] in text
    assert "Quarry Works" in text or "quarryworks" in text
    assert "payload hash sha256:" in text


def test_an_edit_names_the_customer_and_books(
    orderdesk: Commands, waiting: dict[str, Any], tables: Tables
) -> None:
    review_id = waiting["review"]["review_id"]
    ran = orderdesk.run("review", "edit", review_id, "customer_id=C1003", "--as", "mia", "--json")
    [row] = ran.rows
    assert (ran.code, ran.err) == (0, "")
    assert in_form(row)["outcome"] == "booked"
    assert tables.value(f"select actor from review_decision where review_id = '{review_id}'") == "mia"


def test_a_decision_is_made_once(orderdesk: Commands, waiting: dict[str, Any], tables: Tables) -> None:
    review_id = waiting["review"]["review_id"]
    assert orderdesk.run("review", "reject", review_id, *REJECT).out.startswith("rejected")
    before = tables.counts()
    again = orderdesk.run("review", "reject", review_id, *REJECT)
    assert again.code == 0
    assert again.out.startswith("Already decided so; rejected")
    other = orderdesk.run("review", "edit", review_id, "customer_id=C1003")
    assert (other.code, other.out) == (1, "")
    assert "mia already decided this" in other.err
    assert tables.counts() == before


def test_what_must_not_be_decided(orderdesk: Commands, waiting: dict[str, Any], tables: Tables) -> None:
    review_id = waiting["review"]["review_id"]
    before = tables.counts()
    for args, word in (
        (("reject", review_id, *REJECT, "--hash", "sha256:0"), "changed since"),
        (("edit", review_id, "lines[0].quantity=many"), "quantity"),
        (("edit", review_id, "lines[9].sku=FST-10310"), "lines[9]"),
        (("approve", review_id, "--hash", "sha256:0"), "changed since"),
    ):
        ran = orderdesk.run("review", *args)
        assert (ran.code, ran.out) == (1, ""), args
        assert ran.err.startswith("orderdesk: ")
        assert word in ran.err
    ran = orderdesk.run("review", "edit", review_id, "customer_id")
    assert ran.code == 2
    assert "PATH=VALUE" in ran.err
    assert tables.counts() == before


def test_a_manager_and_then_another_one(orderdesk: Commands, folder: Path, tables: Tables) -> None:
    policy = folder / "policy.toml"
    policy.write_text(
        "[approvals]\n"
        + "".join(f"{name} = {{ USD = 1, EUR = 1 }}\n" for name in ("limit", "limit_key", "four_eyes"))
    )
    strict = {"ORDERDESK_POLICY": str(policy)}
    case = _process(orderdesk, folder, clean_order("R-52", quantity=300), **strict)
    assert case["outcome"] == "waiting_review"
    review_id = case["review"]["review_id"]

    def approve(name: str, role: str = "manager") -> tuple[int, str]:
        ran = orderdesk.run("review", "approve", review_id, "--as", name, "--role", role, **strict)
        return ran.code, ran.out + ran.err

    code, said = approve("carl", "clerk")
    assert code == 1
    assert "needs a manager" in said
    for _ in range(2):  # the same person twice is one person
        code, said = approve("mia")
        assert code == 0
        assert "1 more approval" in said
    assert tables.count(f"sales_order where case_id = '{case['case_id']}'") == 0
    code, said = approve("noor")
    assert code == 0
    assert said.startswith("booked SO-")
    code, said = approve("noor")
    assert code == 0
    assert said.startswith("Already decided so")
    assert tables.count(f"sales_order where case_id = '{case['case_id']}'") == 1


def test_a_question_in_own_words(orderdesk: Commands, folder: Path) -> None:
    case = _process(orderdesk, folder, clean_order("R-53").replace(b"10 rolls", b"9100 rolls"))
    review_id = case["review"]["review_id"]
    [row] = orderdesk.run("review", "respond", review_id, "-m", "Really 9100?", "--json").rows
    assert in_form(row)["outcome"] == "waiting_customer"
    assert row["questions"] == ["Really 9100?"]


def test_the_story_of_a_case(orderdesk: Commands, folder: Path) -> None:
    case = _process(orderdesk, folder, unknown_article("R-51"))
    text = orderdesk.run("case", case["case_id"][:13]).out
    for part in ("R-51", "dana.whitfield", "supervisor", "send_mail", "model calls"):
        assert part in text
    [story] = orderdesk.run("case", case["case_id"], "--json").rows
    assert story["report"]["outcome"] == "waiting_customer"
    assert {"case", "log", "effects", "decisions", "report"} <= set(story)
    listed = orderdesk.run("cases", "--status", "waiting_customer").out
    assert case["case_id"][:8] in listed
    ran = orderdesk.run("retry", case["case_id"])
    assert ran.code == 1
    assert "neither a dead letter nor a hand-off" in ran.err


def test_a_decision_recorded_by_a_killed_process_is_carried_out(
    orderdesk: Commands, waiting: dict[str, Any], tables: Tables
) -> None:
    review_id = waiting["review"]["review_id"]
    args = ("review", "edit", review_id, "customer_id=C1002", "--as", "mia")
    assert orderdesk.run(*args, kill_at=1).code == -9
    assert tables.count(f"sales_order where case_id = '{waiting['case_id']}'") == 0
    again = orderdesk.run(*args)
    assert again.out.startswith("Already decided so; booked"), again
    assert tables.count(f"sales_order where case_id = '{waiting['case_id']}'") == 1
