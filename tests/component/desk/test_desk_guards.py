"""What keeps other sites, hostile texts and broken requests from doing anything."""

from __future__ import annotations

import pytest

from orderdesk.bootstrap import House
from tests.component.desk.scene import Visitor, an_app, hidden, made_up_review


async def test_a_form_without_its_token_does_nothing(clerk: Visitor, house: House) -> None:
    _, review_id = await made_up_review(house, "no-token")
    form = {"payload_hash": "sha256:no-token", "decision": "reject", "reason": "duplicate"}
    assert (await clerk.send_form(f"/desk/reviews/{review_id}", form)).status_code == 403
    forged = await clerk.send_form(f"/desk/reviews/{review_id}", form | {"csrf": "guessed"})
    assert forged.status_code == 403
    assert (await house.cases.review(review_id))["closed_at"] is None


async def test_another_sessions_token_does_nothing(clerk: Visitor, visitor: Visitor, house: House) -> None:
    _, review_id = await made_up_review(house, "other-token")
    await visitor.sign_in("ben")
    bens = hidden((await visitor.get("/desk/")).text, "csrf")
    assert (await clerk.decide(review_id, decision="approve", csrf=bens)).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_another_site_is_refused_even_with_the_token(clerk: Visitor, house: House, site: str) -> None:
    _, review_id = await made_up_review(house, f"from-{site}")
    page = (await clerk.get(f"/desk/reviews/{review_id}")).text
    form = {"csrf": hidden(page, "csrf"), "payload_hash": hidden(page, "payload_hash"), "decision": "approve"}
    answer = await clerk.send_form(f"/desk/reviews/{review_id}", form, **{"sec-fetch-site": site})
    assert answer.status_code == 403
    assert (await house.cases.review(review_id))["closed_at"] is None


@pytest.mark.parametrize(
    "path", ["/desk/", "/desk/login", "/desk/nowhere", "/desk/static/desk.js", "/desk/api/v1/stats"]
)
async def test_every_answer_carries_the_strict_policy(clerk: Visitor, path: str) -> None:
    answer = await clerk.get(path)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/desk/", "/desk/login", "/desk/cases", "/desk/stats"])
async def test_pages_hold_no_inline_script_or_style(clerk: Visitor, path: str) -> None:
    page = (await clerk.get(path)).text
    assert "<style" not in page
    assert " style=" not in page
    assert page.count("<script") == page.count("<script src=")
    assert " onclick=" not in page


async def test_hostile_text_is_shown_and_never_run(clerk: Visitor, house: House) -> None:
    case_id, review_id = await made_up_review(house, "hostile")
    for path in (f"/desk/reviews/{review_id}", f"/desk/cases/{case_id}"):
        page = (await clerk.get(path)).text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "<script>alert(1)" not in page
        assert "<b onmouseover" not in page
        assert "<i>Lindqvist" not in page


async def test_an_endless_form_is_cut_off(clerk: Visitor) -> None:
    token = hidden((await clerk.get("/desk/")).text, "csrf")
    answer = await clerk.send_form("/desk/logout", {"csrf": token, "more": "x" * 300_000})
    assert answer.status_code == 413
    assert (await clerk.get("/desk/")).status_code == 200


@pytest.mark.parametrize(
    "path", ["/desk/reviews/", "/desk/cases/", "/desk/api/v1/reviews/", "/desk/api/v1/cases/"]
)
@pytest.mark.parametrize("wrong", ["%25", "_", "00000000-0000-0000-0000-000000000000", "a'--"])
async def test_unknown_ids_are_not_found(clerk: Visitor, path: str, wrong: str) -> None:
    answer = await clerk.get(path + wrong)
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("pattern", ["%25", "_%25"])
async def test_a_wildcard_is_no_id_even_where_it_fits_one(empty_house: House, pattern: str) -> None:
    await made_up_review(empty_house, "only-one")
    async with Visitor(an_app(empty_house)) as visitor:
        await visitor.sign_in("anna")
        assert (await visitor.get(f"/desk/reviews/{pattern}")).status_code == 404
