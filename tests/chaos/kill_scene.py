"""One case over one database, again and again from the start: what happens to it, and what is left of it in the end."""

from __future__ import annotations

import json
import re
import shutil
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from checkpoints.queries import load_queries
from graphs.review_node import checked_answer
from orderdesk.bootstrap import House
from orderdesk.review.actors import Actor
from orderdesk.review.answers import parse_answer
from orderdesk.review.reviews import decide
from tests.integration.effects.receivers import Erp, MailRoom
from tests.support.chat_double import ChatDouble
from tests.support.house import DEMO_DAY
from tests.support.invariants import broken_invariants, broken_mails, mails_in
from tests.support.kill_points import Place
from tests.support.zygote import Zygote

SQL = load_queries("tests.chaos", "kill_scene.sql")


class Scene:
    """Everything around the one case; all work on it is done by forked processes."""

    def __init__(self, zygote: Zygote, house: House, home: Path, environment: Mapping[str, str]) -> None:
        self.house = house
        self.case_id = ""
        self.room: MailRoom | None = None
        self.erp: Erp | None = None
        self.models: ChatDouble | None = None
        self._zygote = zygote
        self._home = home
        self._environment = {"DATABASE_URL": house.url, "ORDERDESK_HOME": str(home), **environment}
        self._tables: list[str] = []
        self._sequences: list[str] = []

    # -- the same start each time --------------------------------------------------------------------------------

    async def begin(self, set_up: str) -> None:
        """Empty every table that was empty at first, and whatever was sent; then set up the path's own conditions."""
        if not self._tables:
            await self._remember()
        async with self.house.pool.connection() as connection, connection.transaction():
            await connection.execute(f"truncate {', '.join(self._tables)} restart identity cascade")  # type: ignore[arg-type]
            for name in self._sequences:
                await connection.execute(f"alter sequence {name} restart")  # type: ignore[arg-type]
            if set_up:
                await connection.execute(set_up)  # type: ignore[arg-type]
        for folder in (self._home / "outbox", self._home / "export"):
            shutil.rmtree(folder, ignore_errors=True)
        for received in (
            self.room and self.room.taken,
            self.erp and self.erp.posts,
            self.erp and self.erp.orders,
        ):
            if received:
                received.clear()
        if self.models:
            self.models.calls.clear()

    async def _remember(self) -> None:
        async with self.house.pool.connection() as connection:
            rows = await (await connection.execute(SQL.tables)).fetchall()
            for row in rows:
                found = await connection.execute(f"select 1 from {row['name']} limit 1")  # type: ignore[arg-type]
                if await found.fetchone() is None:
                    self._tables.append(row["name"])
            unused = await (await connection.execute(SQL.sequences)).fetchall()
            self._sequences = [row["name"] for row in unused]

    # -- what happens --------------------------------------------------------------------------------------------

    async def submit(self, raw: bytes, name: str) -> None:
        """A message arrives; its case is the one to watch from then on."""
        stored = await self.house.cases.submit(raw, name, channel="test", as_of=DEMO_DAY)
        [self.case_id] = stored.case_ids

    async def decide(self, answer: dict[str, Any], actor: Actor) -> None:
        """A person's decision is recorded; whoever drives the case next carries it out."""
        parsed = parse_answer(answer)
        assert parsed
        async with self.house.pool.connection() as connection, connection.transaction():
            review = await self.row("select * from review where closed_at is null")
            decided = await decide(
                connection, review_id=review["review_id"], payload_hash=review["payload_hash"],
                answer=checked_answer(parsed, review["payload"]), actor=actor, limits={},
                now=self.house.clock.now(),
            )  # fmt: skip
        assert decided.decision_id

    async def drive(self, kill_at: Place | None = None, *, by: str = "drive") -> list[Place]:
        """Bring the case to its next stop in another process, or to the place where it dies; where it has been."""
        been = self._home / "been.json"
        child = await self._zygote.start(
            f"tests.support.forked:{by}", self._environment, case_id=self.case_id, been=str(been),
            kill_at=str(kill_at) if kill_at else None,
        )  # fmt: skip
        wanted = -signal.SIGKILL if kill_at else 0
        assert await child.wait() == wanted, f"{kill_at}: {child}\n{child.said()}"
        return [] if kill_at else [Place(*place) for place in json.loads(been.read_text())]

    async def let_go(self) -> None:
        """Wait until the server has noticed that the killed process is gone: it frees the case's lock only then."""
        async with self.house.pool.connection() as connection:
            await connection.execute(SQL.lock, {"case_id": self.case_id})
            await connection.execute(SQL.unlock, {"case_id": self.case_id})

    async def send_the_rest(self) -> None:
        """Whoever claimed something is past its time; another process takes it up."""
        if await self.rows("select 1 from effect where status in ('pending', 'sending')"):
            await self.sql(
                "update effect set next_try_at = null, claimed_until = clock_timestamp() - interval '1 second'"
                " where status in ('pending', 'sending')"
            )
            child = await self._zygote.start("tests.support.forked:deliver", self._environment)
            assert await child.wait() == 0, child.said()

    # -- what is left --------------------------------------------------------------------------------------------

    @property
    def asked(self) -> int:
        """How many questions models were asked."""
        return len(self.models.calls) if self.models else 0

    async def outcome(self) -> str:
        """Where the case stands."""
        return str((await self.house.cases.report(self.case_id))["outcome"])

    async def log(self) -> list[dict[str, Any]]:
        """The decision log of the case, in its own order."""
        return (await self.house.cases.story(self.case_id))["log"]

    async def left(self) -> dict[str, Any]:
        """Everything that must be the same however often somebody died on the way."""
        found: dict[str, Any] = {
            name: await self.rows(SQL[name]) for name in sorted(SQL) if name.startswith("left_")
        }
        found["posted orders"] = sorted(self.erp.orders) if self.erp else []
        exported = (self._home / "export").glob("*.json")
        found["exported orders"] = sorted(json.dumps(json.loads(path.read_text())) for path in exported)
        text = json.dumps(found, default=str)
        # Numbers are not given out twice: an order that was not committed leaves a gap.
        text = re.sub(r"SO-\d{6}", "SO-n", text)
        text = re.sub(r"\d\d \w{3} \d\d:\d\d UTC", "then", text)
        # A decision's id comes from its interrupt's, and that from the checkpoint's, which are as they come.
        for number, decision in enumerate(found["left_decisions"], 1):
            text = text.replace(decision["decision_id"], f"decision {number}")
        return {name: sorted(rows, key=json.dumps) for name, rows in json.loads(text).items()}

    async def wrong(self) -> list[str]:
        """Invariants that do not hold, and mails that went out twice or never."""
        mails = self.room.taken if self.room else mails_in(self._home / "outbox")
        return await broken_invariants(self.house.url) + await broken_mails(self.house.url, mails)

    async def rows(self, statement: Any, *values: Any) -> list[dict[str, Any]]:
        """Rows of a statement of the test's own."""
        async with self.house.pool.connection() as connection:
            return await (await connection.execute(statement, values or None)).fetchall()

    async def row(self, statement: Any, *values: Any) -> dict[str, Any]:
        """The one row of it."""
        [row] = await self.rows(statement, *values)
        return row

    async def sql(self, statement: Any, *values: Any) -> None:
        """A change of the test's own."""
        async with self.house.pool.connection() as connection:
            await connection.execute(statement, values or None)
