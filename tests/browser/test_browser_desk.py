"""The desk in a browser: sign in, approve, edit, reject, the keyboard's rules, and nothing for axe to find."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import Desk
from tests.browser.get_axe import AXE
from tests.component.desk.scene import made_up_review, waiting_order

QUANTITY = 'input[name="field:lines[0].quantity"]'


async def decisions(desk: Desk, case_id: str) -> list[dict[str, Any]]:
    return (await desk.house.cases.story(case_id))["decisions"]


async def test_sign_in_open_a_review_from_the_queue_and_approve_it(desk: Desk) -> None:
    case_id, review_id = await waiting_order(desk.house, "BR-APPROVE")
    await desk.sign_in("anna")
    await desk.page.click("text=BR-APPROVE")
    await desk.page.wait_for_url(f"**/reviews/{review_id}")
    await desk.page.click("[data-approve]")
    await expect(desk.page.locator(".toast")).to_contain_text("Booked as SO-")
    assert [d["type"] for d in await decisions(desk, case_id)] == ["approve"]


async def test_a_changed_value_is_shown_and_sent_as_an_edit(desk: Desk) -> None:
    case_id, review_id = await waiting_order(desk.house, "BR-EDIT")
    await desk.sign_in("anna")
    await desk.open(f"/desk/reviews/{review_id}")
    await desk.page.click("text=Certain fields")
    await desk.page.fill(QUANTITY, "7")
    await expect(desk.page.locator("#edits ins")).to_have_text("7")
    await expect(desk.page.locator("[data-approve]")).to_contain_text("Approve with 1 edit")
    await desk.page.click("[data-approve]")
    await expect(desk.page.locator(".toast")).to_be_visible()
    [decision] = await decisions(desk, case_id)
    assert (decision["type"], decision["body"]["args"]) == ("edit", {"lines[0].quantity": "7"})


async def test_rejecting_needs_a_reason(desk: Desk) -> None:
    case_id, review_id = await waiting_order(desk.house, "BR-REJECT")
    await desk.sign_in("anna")
    await desk.open(f"/desk/reviews/{review_id}")
    await desk.page.keyboard.press("r")
    await expect(desk.page.locator("#reject")).to_be_visible()
    await expect(desk.page.locator("#reason")).to_be_focused()
    await desk.page.click("text=Reject order")
    assert await decisions(desk, case_id) == []
    await desk.page.select_option("#reason", "duplicate")
    await desk.page.click("text=Reject order")
    await expect(desk.page.locator(".toast")).to_contain_text("Rejected")
    assert [d["body"]["message"] for d in await decisions(desk, case_id)] == ["Duplicate order"]


async def test_digits_choose_tab_moves_on_and_what_is_typed_is_only_text(desk: Desk) -> None:
    _, review_id = await made_up_review(desk.house, "keys")
    await desk.sign_in("anna")
    await desk.open(f"/desk/reviews/{review_id}")
    quantity = desk.page.locator(QUANTITY)
    await desk.page.keyboard.press("2")
    await expect(quantity).to_have_value("400")
    await desk.page.keyboard.press("1")
    await expect(quantity).to_have_value("40")
    await desk.page.keyboard.press("Tab")
    await expect(desk.page.locator('[data-choice="40"]')).to_be_focused()
    await desk.page.keyboard.press("e")
    await expect(quantity).to_be_focused()
    await desk.page.keyboard.type("2ar")
    await expect(quantity).to_have_value("2ar")
    await expect(desk.page.locator("#reject")).to_be_hidden()
    await desk.page.keyboard.press("Enter")
    await desk.page.keyboard.press("Escape")
    await desk.page.keyboard.press("2")
    await expect(quantity).to_have_value("400")
    assert desk.page.url.endswith(review_id)
    assert (await desk.house.cases.review(review_id))["closed_at"] is None


async def test_tab_goes_from_one_field_in_doubt_to_the_next(desk: Desk) -> None:
    _, review_id = await made_up_review(desk.house, "tabs")
    async with desk.house.pool.connection() as connection:
        doubt = "update review set payload = jsonb_set(payload, '{review,fields,0,confidence}', '0.5') where review_id = %s"
        await connection.execute(doubt, (review_id,))
    await desk.sign_in("anna")
    await desk.open(f"/desk/reviews/{review_id}")
    await desk.page.keyboard.press("Tab")
    await expect(desk.page.locator('input[name="field:customer_id"]')).to_be_focused()
    await desk.page.keyboard.press("Tab")
    await expect(desk.page.locator('[data-choice="40"]')).to_be_focused()
    await expect(desk.page.locator("mark.lit")).to_have_text("40 boxes")
    await desk.page.keyboard.press("Shift+Tab")
    await expect(desk.page.locator('input[name="field:customer_id"]')).to_be_focused()


async def test_a_key_approves_and_shortcuts_can_be_switched_off(desk: Desk) -> None:
    case_id, review_id = await waiting_order(desk.house, "BR-KEY")
    await desk.sign_in("anna")
    await desk.open(f"/desk/reviews/{review_id}")
    await desk.page.keyboard.press("?")
    await desk.page.uncheck("#keys-on")
    await desk.page.keyboard.press("Escape")
    await desk.page.keyboard.press("a")
    await desk.page.keyboard.press("r")
    await expect(desk.page.locator("#reject")).to_be_hidden()
    assert await decisions(desk, case_id) == []
    await desk.page.click("[data-help]")
    await desk.page.check("#keys-on")
    await desk.page.click("text=Close")
    await desk.page.keyboard.press("a")
    await expect(desk.page.locator(".toast")).to_be_visible()
    assert [d["type"] for d in await decisions(desk, case_id)] == ["approve"]


async def test_a_page_shown_too_long_says_that_nothing_was_done(desk: Desk) -> None:
    _, review_id = await made_up_review(desk.house, "too-long")
    await desk.sign_in("anna")
    await desk.open(f"/desk/reviews/{review_id}")
    async with desk.house.pool.connection() as connection:
        await connection.execute("update review set closed_at = now() where review_id = %s", (review_id,))
    await desk.page.click("[data-approve]")
    await expect(desk.page.locator("h1")).to_have_text("Nothing was done")


async def test_everything_works_without_scripts(browser: Browser, served: Any) -> None:
    house, base = served
    approved, rejected = [await waiting_order(house, f"BR-PLAIN-{n}") for n in (1, 2)]
    context = await browser.new_context(java_script_enabled=False)
    desk = Desk(await context.new_page(), house, base)
    await desk.sign_in("anna")
    await desk.open(f"/desk/reviews/{approved[1]}")
    await desk.page.click("[data-approve]")
    await expect(desk.page.locator(".toast")).to_contain_text("Booked as SO-")
    await desk.open(f"/desk/reviews/{rejected[1]}")
    await desk.page.click("[data-reject]")
    await desk.page.select_option("#reason", "credit")
    await desk.page.click("text=Reject order")
    await expect(desk.page.locator(".toast")).to_contain_text("Rejected")
    await context.close()


@pytest.mark.parametrize("width", [1440, 390], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing(desk: Desk, width: int, scheme: Any) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not there: python tests/browser/get_axe.py fetches it, given npm")
    case_id, review_id = await made_up_review(desk.house, "axe")
    booked_case, booked_review = await waiting_order(desk.house, f"BR-AXE-{width}-{scheme}")
    await desk.page.set_viewport_size({"width": width, "height": 900})
    await desk.page.emulate_media(color_scheme=scheme)
    await desk.open("/desk/login")
    await must_be_accessible(desk)
    await desk.sign_in("anna")
    pages = [
        "/desk/", "/desk/cases", "/desk/stats", f"/desk/reviews/{review_id}", f"/desk/reviews/{review_id}#reject",
        f"/desk/reviews/{review_id}#ask", f"/desk/reviews/{booked_review}", f"/desk/cases/{case_id}", "/desk/nowhere",
    ]  # fmt: skip
    for path in pages:
        await desk.open(path)
        await must_be_accessible(desk)
    await desk.open(f"/desk/reviews/{booked_review}")
    await desk.page.click("[data-approve]")
    await expect(desk.page.locator(".toast")).to_be_visible()
    await must_be_accessible(desk)
    await desk.open(f"/desk/cases/{booked_case}")
    await must_be_accessible(desk)


async def must_be_accessible(desk: Desk) -> None:
    # A strict policy refuses a script tag; evaluate goes past it, as the browser's own tools do.
    await desk.page.evaluate(AXE.read_text(encoding="utf-8"))
    violations = await desk.page.evaluate(
        "axe.run().then(r => r.violations.map(v => `${v.id}: ${v.nodes.map(n => n.target).join(' ')}`))"
    )
    assert violations == [], desk.page.url
    width = await desk.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0, f"{desk.page.url} is wider than the screen by {width}"
