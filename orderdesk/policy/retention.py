"""How long what finished cases leave behind is kept; source of the numbers: default.toml, area [retention]."""

from __future__ import annotations

from pydantic import Field

from orderdesk.domain.base import Value


class RetentionPolicy(Value):
    """Days from the day a case was finished; 0 keeps for ever. Open cases are never touched."""

    checkpoints_days: int = Field(ge=0)
    """Days until the last checkpoint of a case is deleted; it is pruned to that one as soon as it is finished."""

    model_answers_days: int = Field(ge=0)
    """Days until what models answered is erased; the figures of the calls stay."""

    raw_days: int = Field(ge=0)
    """Days until the raw bytes of a message are erased: the mail with its attachments as it came."""

    not_an_order_days: int = Field(ge=0)
    """Days until messages that were no order are erased, with all texts about them."""

    letters_days: int = Field(ge=0)
    """Days until any other message is erased, with the texts about it; orders and effects stay."""

    decision_log_days: int = Field(ge=0)
    """Days until the decision log and the figures of model calls are deleted."""
