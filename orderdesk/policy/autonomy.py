"""How much the desk may do by itself: shadow, assist or auto; default.toml, area [autonomy]."""

from __future__ import annotations

from orderdesk.domain.base import Value
from orderdesk.domain.master import Autonomy
from orderdesk.domain.orders import Intent


class AutonomyPolicy(Value):
    """Autonomy per workflow; the customer's own setting in the master data wins over both."""

    default: Autonomy
    """For every workflow without an entry of its own."""

    workflows: dict[Intent, Autonomy]
    """Per workflow: new_order, change_order, cancel_order, order_status, quote_request, other."""

    def resolve(self, intent: Intent, customer_autonomy: Autonomy | None) -> Autonomy:
        """The customer's own setting, else the workflow's, else the default."""
        return customer_autonomy or self.workflows.get(intent, self.default)
