"""The whole matcher over the demo company in a real database, as the graph calls it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
import pytest_asyncio

from agents.matcher.contract import MessageFacts, UnclearLine
from agents.matcher.rules import match
from agents.matcher.tokeniser import TradeTokeniser
from checkpoints.pools import Pool, open_pool
from orderdesk.domain.documents import Sender
from orderdesk.domain.evidence import Stated
from orderdesk.domain.findings import Finding
from orderdesk.domain.orders import ArticleRef, DraftLine, OrderDraft, PartyRef
from orderdesk.domain.results import MatchResult
from orderdesk.policy.loader import load_policy
from tools.master.importer import import_folder
from tools.master.repository import MasterData
from tools.master.search import ArticleIndexes

DEMO = Path(__file__).parents[3] / "orderdesk" / "demo" / "company"
HARLAN = "dana.whitfield@harlanfab.example"
LEVANTE = "carmen.ibanez@suministroslevante.example"
REDWOOD = "tom.becerra@redwoodconveyor.example"


@pytest_asyncio.fixture
async def pool(database_url: str) -> AsyncGenerator[Pool]:
    pool = await open_pool(database_url, min_size=1, max_size=3)
    await import_folder(pool, DEMO)
    yield pool
    await pool.close()


@pytest.fixture
def master(pool: Pool) -> MasterData:
    return MasterData(pool)


def line(quantity: str, uom: str | None, **article: str) -> DraftLine:
    return DraftLine(
        line_number=1,
        article=Stated(value=ArticleRef(**article)),
        quantity=Stated(value=Decimal(quantity)),
        uom=Stated(value=uom) if uom else None,
    )


async def run(
    master: MasterData,
    sender: str,
    *lines: DraftLine,
    ship_to: str = "",
    corrections: dict[str, str] | None = None,
    chooser: object = None,
    seen: Sequence[Finding] = (),
) -> MatchResult:
    draft = OrderDraft(
        intent=Stated(value="new_order"),
        language="en",
        lines=lines,
        ship_to=PartyRef(name=ship_to) if ship_to else None,
    )
    index = await ArticleIndexes(master, TradeTokeniser()).current()
    message = MessageFacts(sender=Sender(address=sender), findings=tuple(seen))
    policy = load_policy().matching
    return await match(draft, message, master, index, policy, corrections, chooser)  # type: ignore[arg-type]


def codes(result: MatchResult) -> list[str]:
    return [f.code for f in result.findings]


async def test_prose_in_spanish(master: MasterData) -> None:
    result = await run(
        master,
        LEVANTE,
        line("30", "BX", description="pavimento imitación madera roble de 20x120"),
        line("25", "BG", description="cola flexible C2TE gris (ref. FLR-60210)"),
        ship_to="almacén de Paterna",
    )
    assert [entry.sku for entry in result.lines] == ["FLR-60110", "FLR-60210"]
    assert (result.customer_id, result.ship_to_code, codes(result)) == ("C1008", "VLC", [])
    assert result.lines[0].base_quantity == Decimal("43.2")


async def test_a_screw_of_several_grades_is_asked_about(master: MasterData) -> None:
    result = await run(master, REDWOOD, line("200", "EA", description='hex cap screws 1/2-13 x 2"'))
    assert codes(result) == ["ambiguous_article"]
    assert result.lines[0].sku is None
    assert {c.sku for c in result.lines[0].candidates if c.bought_before} == {"FST-10120", "FST-10121"}


async def test_the_same_screw_in_full_words(master: MasterData) -> None:
    words = 'Grade 5 hex cap screws, 1/2-13 x 2", zinc plated'
    result = await run(master, HARLAN, line("450", None, description=words), ship_to="Toledo plant")
    entry = result.lines[0]
    assert (entry.sku, entry.method, entry.uom, codes(result)) == ("FST-10120", "fuzzy", "EA", [])


async def test_an_agreed_number_of_another_account_is_unknown(master: MasterData) -> None:
    mine = await run(master, HARLAN, line("4", "EA", part="HF-4471"))
    assert mine.lines[0].sku == "BRG-20510"
    other = await run(master, REDWOOD, line("4", "EA", part="HF-4471"))
    assert other.lines[0].sku is None


async def test_unknown_sender_and_blocked_account(master: MasterData) -> None:
    assert codes(await run(master, "x@gmail.example", line("100", "EA", part="FST-10120"))) == [
        "unknown_customer"
    ]
    blocked = await run(master, "ops@coastalmarine.example", line("100", "EA", part="FST-10120"))
    assert "customer_blocked" in codes(blocked)
    assert any(f.hold for f in blocked.findings)


async def test_a_reviewers_edits_settle_everything(master: MasterData) -> None:
    vague = line("200", None, description="hex cap screws")
    edits = {
        "customer_id": "C1001",
        "ship_to_code": "FTW",
        "lines[0].sku": "FST-10120",
        "lines[0].quantity": "40",
        "lines[0].uom": "BX",
    }
    result = await run(master, "x@gmail.example", vague, corrections=edits)
    entry = result.lines[0]
    assert (result.customer_id, result.customer_method, result.ship_to_code) == ("C1001", "person", "FTW")
    assert (entry.sku, entry.method, entry.confidence, entry.base_quantity) == (
        "FST-10120",
        "person",
        1.0,
        2000,
    )
    assert codes(result) == []


class Chooser:
    """Always picks the first candidate, as an over-confident model would."""

    def __init__(self) -> None:
        self.asked: list[UnclearLine] = []

    async def choose(self, lines: Sequence[UnclearLine]) -> list[int | None]:
        self.asked += lines
        return [0 for _ in lines]


async def test_a_models_choice_is_confirmed_by_the_customer(master: MasterData) -> None:
    chooser = Chooser()
    lines = (line("200", "EA", description='hex cap screws 1/2-13 x 2"'), line("100", "EA", part="FST-10310"))
    result = await run(master, REDWOOD, *lines, chooser=chooser)
    assert [asked.line_index for asked in chooser.asked] == [0]
    assert result.lines[0].method == "model"
    assert result.lines[0].confidence < 0.9
    assert codes(result) == ["ambiguous_article"]


async def test_same_as_last_time_is_echoed(master: MasterData) -> None:
    seen = Finding(code="same_as_last_time", severity="info", message="The mail refers to an earlier order.")
    result = await run(master, HARLAN, seen=[seen])
    assert [(f.code, f.severity) for f in result.findings if f.code == "same_as_last_time"] == [
        ("same_as_last_time", "clarify")
    ]


async def test_a_new_import_is_found_at_once(pool: Pool, master: MasterData, tmp_path: Path) -> None:
    indexes = ArticleIndexes(master, TradeTokeniser())
    before = await indexes.current()
    assert await indexes.current() is before
    (tmp_path / "products.csv").write_text("sku,description\nPMP-1,Centrifugal pump\n", encoding="utf-8")
    await import_folder(pool, tmp_path)
    after = await indexes.current()
    assert [hit.sku for hit in after.search("centrifugal pump").hits][:1] == ["PMP-1"]
