"""The ways a case can go, each to one of the outcomes that the code can produce; every one is killed everywhere."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from orderdesk.review.actors import Actor
from tests.chaos.kill_scene import Scene
from tests.integration.cases.orders import DANA, clean_order, stranger, unknown_article
from tests.support.house import mail

MIRA = Actor(name="mira", role="manager")
APPROVE = {"type": "approve"}
PO = "K-1"


@dataclass(frozen=True)
class Act:
    """What happens, and where the case then stops. The process that brings it there is the one that is killed."""

    happens: Callable[[Scene], Awaitable[Any]]
    stops: str
    by: str = "drive"


@dataclass(frozen=True)
class Path:
    """A case from its message to its outcome."""

    name: str
    acts: tuple[Act, ...]
    set_up: str = ""
    orders: int = 0
    asks: int = 0
    """How many questions a model is asked; without any there is no model."""
    fails: bool = False
    """Drives fail on the way: how often depends on how many were killed."""


def arrives(raw: bytes, name: str = "order.eml") -> Callable[[Scene], Awaitable[Any]]:
    return lambda scene: scene.submit(raw, name)


def decided(answer: dict[str, Any]) -> Callable[[Scene], Awaitable[Any]]:
    return lambda scene: scene.decide(answer, MIRA)


def edited(**args: str) -> dict[str, Any]:
    return {"type": "edit", "edited_action": {"name": "book_order", "args": args}}


async def _booked_already(scene: Scene) -> None:
    await scene.submit(_structured(), "first.x12")
    await scene.drive()
    await scene.submit(_structured(2), "second.x12")


async def _customer_answers(scene: Scene) -> None:
    asked = await scene.row(
        "select request from effect where kind = 'send_mail' order by created_at desc limit 1"
    )
    reply_to = asked["request"]["message_id"]
    answer = mail(
        "We mean TOL-40310.",
        sender=DANA,
        subject=f"Re: PO {PO}",
        message_id="answer@h",
        reply_to=reply_to,
    )
    stored = await scene.house.cases.submit(answer, "answer.eml", channel="test")
    assert stored.answers_case == scene.case_id


async def _question_expires(scene: Scene) -> None:
    await scene.sql(
        "update cases set question_expire_at = now() - interval '1 hour' where case_id = %s", scene.case_id
    )
    assert await scene.house.cases.chase_overdue() == 1


def _autonomy(level: str) -> str:
    return f"update customer set autonomy = '{level}'"


def _structured(number: int = 1, segments: int = 8) -> bytes:
    """An order that needs no reading by rule, which is most of what a mail costs; complete with eight segments."""
    return (
        f"ISA*00*          *00*          *ZZ*REDWOODCNV     *ZZ*NORTHGATE      *260302*0530*U*00401*{number:09}*0*P*>~\n"
        f"GS*PO*REDWOODCNV*NORTHGATE*20260302*0530*{number}*X*004010~\nST*850*0001~\nBEG*00*SA*{PO}**20260302~\n"
        "PER*BD*PRIYA NAIR*TE*5035550123*EM*priya.nair@redwoodconveyor.example~\nDTM*002*20260316~\n"
        "N1*BY*REDWOOD CONVEYOR SYSTEMS LLC*1*079555021~\nPO1*1*45*EA*5.35**VP*BRG-20410~\nCTT*1*45~\n"
        f"SE*{segments}*0001~\nGE*1*{number}~\nIEA*1*{number:09}~\n"
    ).encode()


_NEWS = mail(
    "TOOL WORLD WEEKLY\n\nSpring deals for your workshop:\n * Webinar: choosing the right cutting disc, March 12\n\n"
    "You receive this newsletter because you subscribed at a trade fair. Unsubscribe: https://news.example/u\n",
    sender="Tool World Weekly <news@toolworld.example>", subject="Tool World Weekly: spring deals",
    message_id="news@h",
).replace(b"MIME-Version", b"List-Unsubscribe: <https://news.example/u>\r\nPrecedence: bulk\r\nMIME-Version")  # fmt: skip
_LARGE = clean_order(PO).replace(b"10 rolls", b"9000 rolls")
_NEVER = "alter table sales_order add constraint never check (false) no inherit not valid"
_AGAIN = "alter table sales_order drop constraint never"

BOOKED = Path("booked", (Act(arrives(clean_order(PO)), "booked"),), orders=1)
OTHERS = (
    Path("booked by a model", (Act(arrives(clean_order(PO)), "booked"),), orders=1, asks=1),
    Path(
        "answered",
        (Act(arrives(_structured(), "order.x12"), "waiting_review"), Act(decided(APPROVE), "answered")),
        set_up=_autonomy("shadow"),
    ),
    Path("rejected by policy", (Act(arrives(_structured(segments=90), "order.x12"), "rejected"),)),
    Path(
        "rejected by a person",
        (
            Act(arrives(stranger(PO)), "waiting_review"),
            Act(decided({"type": "reject", "message": "not ours"}), "rejected"),
        ),
    ),
    Path("duplicate", (Act(_booked_already, "duplicate"),), orders=1),
    Path("not an order", (Act(arrives(_NEWS, "news.eml"), "not_an_order"),)),
    Path(
        "approved",
        (Act(arrives(_structured(), "order.x12"), "waiting_review"), Act(decided(APPROVE), "booked")),
        set_up=_autonomy("assist"),
        orders=1,
    ),
    Path(
        "edited",
        (
            Act(arrives(stranger(PO)), "waiting_review"),
            Act(decided(edited(customer_id="C1003")), "booked"),
        ),
        orders=1,
    ),
    Path(
        "asked by a person",
        (
            Act(arrives(_LARGE), "waiting_review"),
            Act(decided({"type": "respond", "message": "Do you really mean 9000 rolls?"}), "waiting_customer"),
            Act(_customer_answers, "waiting_review"),
            Act(decided(edited(**{"lines[1].quantity": "10"})), "booked"),
        ),
        orders=1,
    ),
    Path(
        "asked by rule",
        (
            Act(arrives(unknown_article(PO)), "waiting_customer"),
            Act(_customer_answers, "waiting_review"),
            Act(decided(edited(**{"lines[1].sku": "TOL-40310", "lines[1].uom": "EA"})), "booked"),
        ),
        orders=1,
    ),
    Path(
        "never answered",
        (
            Act(arrives(unknown_article(PO)), "waiting_customer"),
            Act(_question_expires, "waiting_review"),
            Act(decided({"type": "reject", "message": "no answer came"}), "rejected"),
        ),
    ),
    Path(
        "dead letter",
        (
            Act(arrives(_structured(), "order.x12"), "dead_letter"),
            Act(lambda scene: scene.sql(_AGAIN), "booked", by="retry"),
        ),
        set_up=_NEVER, orders=1, fails=True,
    ),
    Path(
        "handed over",
        (
            Act(arrives(_structured(), "order.x12"), "waiting_review"),
            Act(lambda scene: scene.sql("alter table away rename to price"), "booked", by="retry"),
        ),
        set_up="alter table price rename to away", orders=1, fails=True,
    ),
)  # fmt: skip
