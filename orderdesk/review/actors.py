"""People who decide: their role and up to which amount; the rule is checked on the server, always."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from orderdesk.domain.base import Value
from orderdesk.domain.errors import NotAllowed

Role = Literal["viewer", "clerk", "manager", "admin"]
_RANK: dict[str, int] = {"viewer": 0, "clerk": 1, "manager": 2, "admin": 3}


class Actor(Value):
    """A person as the server knows them, never as a client says they are."""

    name: str
    role: Role


def must_be_allowed(
    actor: Actor, role_needed: str, amount: Decimal | None, limits: dict[str, Decimal]
) -> None:
    """Raise NotAllowed unless this person may decide; `limits` are amounts by role, none = no limit."""
    if actor.role == "viewer":
        raise NotAllowed(f"{actor.name} may look but not decide: ask a clerk or a manager.")
    if _RANK[actor.role] < _RANK.get(role_needed, 3):
        raise NotAllowed(f"This needs a {role_needed}: {actor.name} is a {actor.role}.")
    limit = limits.get(actor.role)
    if amount is not None and limit is not None and amount > limit:
        raise NotAllowed(
            f"{amount} is above the limit of a {actor.role} ({limit}): ask someone with a higher one."
        )
