"""What the pages show: the queue in order, a review with its evidence, cases, figures; under any prefix."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from orderdesk.bootstrap import House
from tests.component.desk.scene import Visitor, an_app, made_up_review, waiting_order


async def test_an_empty_queue_says_so(empty_house: House) -> None:
    async with Visitor(an_app(empty_house)) as visitor:
        await visitor.sign_in("anna")
        assert "Nothing to decide" in (await visitor.get("/desk/")).text
        assert "No cases" in (await visitor.get("/desk/cases")).text
        assert "No case has reached a stop" in (await visitor.get("/desk/stats")).text


async def test_the_queue_shows_the_most_urgent_first_and_filters_by_kind(empty_house: House) -> None:
    await made_up_review(empty_house, "later", due=timedelta(hours=3))
    await made_up_review(empty_house, "overdue", due=timedelta(minutes=-12), kind="value")
    await made_up_review(empty_house, "soon", due=timedelta(minutes=20), amount=None)
    async with Visitor(an_app(empty_house)) as visitor:
        await visitor.sign_in("anna")
        page = (await visitor.get("/desk/")).text
        assert re.findall(r"Order (later|overdue|soon)", page) == ["overdue", "soon", "later"]
        assert "12 min late" in page
        assert "1 overdue" in page
        assert "1,678.60 EUR" in page
        assert "The quantity of soon is not clear" in page
        high_value = (await visitor.get("/desk/?kind=value")).text
        assert re.findall(r"Order (later|overdue|soon)", high_value) == ["overdue"]
        rows = (await visitor.get("/desk/", headers={"hx-request": "true"})).text
        assert "<html" not in rows
        assert rows.count("<tr") == 3


async def test_a_review_shows_doubt_first_with_its_place_in_the_text(clerk: Visitor, house: House) -> None:
    _, review_id = await made_up_review(house, "doubt")
    page = (await clerk.get(f"/desk/reviews/{review_id}")).text
    mark = re.search(r'<mark id="([^"]+)" class="doubt"[^>]*>([^<]*)</mark>', page)
    assert mark
    assert mark[2] == "40 boxes"
    assert f'href="#{mark[1]}"' in page
    assert page.index("Line 1 quantity") < page.index("Certain fields") < page.index(">Customer<")
    assert 'data-choice="400"' in page
    assert "Box or piece?" in page
    assert "price list A-311" in page


async def test_the_pages_of_a_booked_case_tell_its_story(clerk: Visitor, house: House) -> None:
    case_id, review_id = await waiting_order(house, "P-STORY")
    await clerk.decide(review_id, decision="approve")
    page = (await clerk.get(f"/desk/cases/{case_id}")).text
    for text in ("P-STORY", "Booked", "Book order", "Anna Berg", "supervisor", "model calls"):
        assert text in page
    decided = (await clerk.get(f"/desk/reviews/{review_id}")).text
    assert "Anna Berg already decided this" in decided


async def test_cases_can_be_listed_by_outcome(clerk: Visitor, house: House) -> None:
    stored = await house.cases.submit(
        b"From: news@shop.example\nSubject: Spring news\nList-Unsubscribe: <mailto:x@shop.example>\n"
        b"Precedence: bulk\n\nOur new catalogue is here. Discover more online!\n",
        "news.eml",
        channel="test",
    )
    report = await house.cases.drive(stored.case_ids[0])
    page = (await clerk.get(f"/desk/cases?outcome={report['outcome']}")).text
    assert "Spring news" in page
    other = "booked" if report["outcome"] != "booked" else "rejected"
    assert "Spring news" not in (await clerk.get(f"/desk/cases?outcome={other}")).text


async def test_figures_are_shown(clerk: Visitor, house: House) -> None:
    await waiting_order(house, "P-FIGURES")
    page = (await clerk.get("/desk/stats")).text
    assert "Waits for a person" in page
    assert "<rect" in page


async def test_links_hold_under_a_prefix(house: House) -> None:
    _, review_id = await made_up_review(house, "mounted")
    outer = Starlette(routes=[Mount("/inner", app=an_app(house))])
    async with Visitor(outer, follow_redirects=True) as visitor:
        login = await visitor.get("/inner/desk")
        assert login.url.path == "/inner/desk/login"
        links = re.findall(r'(?:href|src|action|hx-get)="(/[^"]*)"', login.text)
        assert links
        assert all(link.startswith("/inner/desk/") for link in links)
        assert (await visitor.get("/inner/desk/static/desk.css")).status_code == 200
        assert (await visitor.get("/inner/desk/api/v1/stats")).headers["content-type"] == (
            "application/problem+json"
        )
        assert (await visitor.get(f"/inner/desk/reviews/{review_id}")).url.path == "/inner/desk/login"


async def test_no_page_holds_up_the_event_loop(clerk: Visitor, house: House) -> None:
    """LangGraph Server refuses handlers that read files or wait while others could run."""
    blockbuster = pytest.importorskip("blockbuster", reason="comes with the studio extra")
    case_id, review_id = await waiting_order(house, "P-BLOCKING")
    paths = [
        "/",
        "/cases",
        "/stats",
        f"/reviews/{review_id}",
        f"/cases/{case_id}",
        "/api/v1/openapi.json",
        "/none",
    ]
    with blockbuster.blockbuster_ctx():
        answers = [await clerk.get(f"/desk{path}") for path in paths]
    assert [answer.status_code for answer in answers] == [200] * 6 + [404]
