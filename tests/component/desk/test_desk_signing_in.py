"""Who may enter the desk, and who may change something there."""

from __future__ import annotations

import pytest
from starlette.types import ASGIApp

from orderdesk.bootstrap import House
from orderdesk.desk.auth import DeskAuth
from orderdesk.domain.errors import ConfigurationError
from tests.component.desk.scene import PROXY, PROXY_SECRET, SECRET, Visitor, an_app, hidden, made_up_review

NAMED = {"x-orderdesk-user": "Petra", "x-orderdesk-role": "clerk", "x-orderdesk-proxy-secret": PROXY_SECRET}


@pytest.mark.parametrize("path", ["/desk/", "/desk/cases", "/desk/stats", "/desk/reviews/x", "/desk/cases/x"])
async def test_strangers_are_sent_to_the_sign_in_page(visitor: Visitor, path: str) -> None:
    answer = await visitor.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/desk/login"


async def test_signing_in_and_out(visitor: Visitor) -> None:
    await visitor.sign_in("mira")
    page = await visitor.get("/desk/")
    assert page.status_code == 200
    assert "Mira Sandell" in page.text
    out = await visitor.send_form("/desk/logout", {"csrf": hidden(page.text, "csrf")})
    assert out.status_code == 303
    assert (await visitor.get("/desk/")).status_code == 303


async def test_only_listed_users_can_be_picked(visitor: Visitor) -> None:
    token = hidden((await visitor.get("/desk/login")).text, "csrf")
    assert (await visitor.send_form("/desk/login", {"csrf": token, "user": "root"})).status_code == 422


async def test_the_session_cookie_is_strict_and_signed(visitor: Visitor) -> None:
    cookie = (await visitor.get("/desk/login")).headers["set-cookie"]
    assert "httponly" in cookie.lower()
    assert "samesite=strict" in cookie.lower()
    visitor.cookies.set("orderdesk_session", "eyJ1c2VyIjogImFubmEifQ==.aaaaaa.forged")
    assert (await visitor.get("/desk/")).status_code == 303


async def test_cookies_are_secure_behind_the_proxy(house: House) -> None:
    async with Visitor(an_app(house, PROXY), headers=NAMED) as visitor:
        assert "secure" in (await visitor.get("/desk/")).headers["set-cookie"].lower()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {**NAMED, "x-orderdesk-proxy-secret": "wrong"},
        {name: value for name, value in NAMED.items() if name != "x-orderdesk-proxy-secret"},
        {**NAMED, "x-orderdesk-role": "emperor"},
        {**NAMED, "x-orderdesk-user": " "},
        [*NAMED.items(), ("x-orderdesk-role", "admin")],
    ],
    ids=["nothing", "wrong secret", "no secret", "unknown role", "no name", "role twice"],
)
async def test_the_proxy_must_prove_itself(house: House, headers: dict[str, str]) -> None:
    async with Visitor(an_app(house, PROXY), headers=headers) as visitor:
        answer = await visitor.get("/desk/")
        assert answer.status_code == 401
        assert "Waiting for a person" not in answer.text


async def test_the_proxy_names_the_person(house: House) -> None:
    async with Visitor(an_app(house, PROXY), headers=NAMED) as visitor:
        page = await visitor.get("/desk/")
        assert page.status_code == 200
        assert "Petra" in page.text
        assert (await visitor.get("/desk/login")).status_code == 404


async def test_names_from_the_client_count_for_nothing(visitor: Visitor) -> None:
    assert (await visitor.get("/desk/", headers=NAMED)).status_code == 303
    assert (await visitor.get("/desk/api/v1/stats", headers=NAMED)).status_code == 401


def test_the_picker_refuses_to_exist_in_production() -> None:
    with pytest.raises(ConfigurationError, match="production"):
        DeskAuth(mode="development", session_secret=SECRET, environment="production")


@pytest.mark.parametrize("secret", [None, "", "short"])
def test_the_proxy_needs_a_secret(secret: str | None) -> None:
    with pytest.raises(ConfigurationError, match="ORDERDESK_PROXY_SECRET"):
        DeskAuth(mode="proxy", session_secret=SECRET, proxy_secret=secret)


def test_a_short_session_secret_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="ORDERDESK_DESK_SECRET"):
        DeskAuth(mode="proxy", session_secret="short", proxy_secret=PROXY_SECRET)


def test_secrets_are_not_printed() -> None:
    assert SECRET not in repr(PROXY)
    assert PROXY_SECRET not in repr(PROXY)


async def test_a_viewer_sees_but_cannot_decide(app: ASGIApp, house: House) -> None:
    _, review_id = await made_up_review(house, "viewed")
    async with Visitor(app) as visitor:
        await visitor.sign_in("vik")
        page = await visitor.get(f"/desk/reviews/{review_id}")
        assert "Read only" in page.text
        assert "data-approve" not in page.text
        refused = await visitor.decide(review_id, decision="approve")
        assert refused.status_code == 403
    assert (await house.cases.review(review_id))["decision_id"] is None


async def test_a_clerk_cannot_decide_what_needs_a_manager(clerk: Visitor, house: House) -> None:
    _, review_id = await made_up_review(house, "for-manager", role="manager")
    assert "needs a manager" in (await clerk.get(f"/desk/reviews/{review_id}")).text
    assert (await clerk.decide(review_id, decision="approve")).status_code == 403
    assert (await house.cases.review(review_id))["closed_at"] is None
