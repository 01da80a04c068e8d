"""A real browser at a real desk: chromium against a server on a free port."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, Page, Response, async_playwright

from orderdesk.bootstrap import House
from tests.component.desk.scene import a_house, an_app, with_company
from tests.support.postgres import fresh_database

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
# A browser that talks to nobody but the desk.
FLAGS = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]


@dataclass
class Desk:
    """A page of the desk, what is behind it, and everything that went wrong in it."""

    page: Page
    house: House
    base: str
    problems: list[str] = field(default_factory=list[str])

    async def open(self, path: str) -> None:
        """Go to an address of the desk."""
        await self.page.goto(f"{self.base}{path}")

    async def sign_in(self, user: str) -> None:
        """Through the development picker."""
        await self.open("/desk/login")
        await self.page.check(f'input[value="{user}"]')
        await self.page.click("text=Sign in")
        await self.page.wait_for_url("**/desk/")

    def watch(self) -> None:
        """Note every error of the console, of a script and of the server."""
        self.page.on("console", lambda m: self._note(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self._note(str(error)))
        self.page.on("response", self._answered)

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self._note(f"{response.status} {response.url}")

    def _note(self, problem: str) -> None:
        if "the server responded with a status of 4" not in problem:  # refusals are part of the tests
            self.problems.append(problem)


@pytest_asyncio.fixture(scope="session")
async def browser() -> AsyncGenerator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip("chromium is not installed: the browser tests need Debian's package of that name")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session")
async def served(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[tuple[House, str]]:
    """The desk served on a free port, with the demo company behind it."""
    with fresh_database(postgres_url) as url, socket.socket() as listening:
        house = await with_company(a_house(url, tmp_path_factory.mktemp("browser")))
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(
            uvicorn.Config(an_app(house), log_level="critical", ws="none", lifespan="off")
        )
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield house, f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            with contextlib.suppress(asyncio.CancelledError):
                await serving
            await house.close()


@pytest_asyncio.fixture
async def desk(browser: Browser, served: tuple[House, str]) -> AsyncGenerator[Desk]:
    """A fresh window; whatever its console or the server complained about fails the test."""
    house, base = served
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    desk = Desk(await context.new_page(), house, base)
    desk.watch()
    yield desk
    await context.close()
    assert desk.problems == []
