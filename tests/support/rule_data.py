"""The articles that the domain rules are tried on, and the settings of single accounts."""

from __future__ import annotations

from tests.support.rule_house import Article

ARTICLES: dict[str, Article] = {
    "RULE-100": Article("Anchor flange alpha"),
    "RULE-200": Article("Coupling sleeve beta", {"gtin": "09520001000015"}),
    "RULE-PACK": Article("Grommet gamma", {"pack_uom": "BX", "pack_size": "12", "min_order_qty": "12"}),
    "RULE-MIN": Article("Damper delta", {"min_order_qty": "5"}),
    "RULE-TILE": Article(
        "Slab epsilon", {"base_uom": "M2", "pack_uom": "BX", "pack_size": "1.44", "min_order_qty": "1.44"}
    ),
    "RULE-OLD": Article("Bracket zeta", {"status": "superseded", "superseded_by": "RULE-200"}),
    "RULE-110V": Article("Drill eta 110 V", {"status": "superseded", "superseded_by": "RULE-230V"}),
    "RULE-230V": Article("Drill eta 230 V"),
    "RULE-GONE": Article("Hinge theta", {"status": "discontinued"}),
    "RULE-SOLVENT": Article("Solvent iota", {"restricted": "true"}),
    "RULE-NOSTOCK": Article("Latch kappa", stock=None),
    "RULE-NOLEAD": Article("Lever lambda", {"lead_time_days": ""}, stock=None),
    "RULE-NOCOST": Article("Nozzle mu", {"unit_cost": ""}),
    "RULE-LEAD-IN": Article("Pin nu", {"lead_time_days": "5"}, {"on_hand": "0"}),
    "RULE-LEAD-OUT": Article("Pin xi", {"lead_time_days": "5"}, {"on_hand": "0"}),
    **{
        f"RULE-SHORT-{n}": Article(
            f"Shim {name}", stock={"on_hand": "6", "next_receipt_date": "2026-03-20", "next_receipt_qty": "100"}
        )
        for n, name in enumerate(("omicron", "pi", "rho", "sigma", "tau"))
    },
    **{
        f"RULE-BUY-{n}": Article(f"Valve {name}", stock={"on_hand": "0"}, supplier={"unit_cost": cost})
        for n, (name, cost) in enumerate(
            (("upsilon", "6.00"), ("phi", "6.00"), ("chi", "8.50"), ("psi", "8.51"))
        )
    },
    "RULE-NOBUY": Article("Washer omega", stock={"on_hand": "0"}),
}  # fmt: skip

# Settings of single accounts; everything else is the policy as it comes.
POLICY = """
[customers."R-minimum-order-in".booking]
order_minimum = { USD = 100 }
[customers."R-minimum-order-out".booking]
order_minimum = { USD = 100 }
[customers."R-minimum-surcharge".booking]
order_minimum = { USD = 100 }
small_order_surcharge = { USD = 15 }
[customers."R-overdue-grace-in".credit]
overdue_grace = 20
[customers."R-overdue-grace-out".credit]
overdue_grace = 20
[customers."R-required-credit".booking]
require_data = ["data_unknown_credit"]
[customers."R-required-credit-known".booking]
require_data = ["data_unknown_credit"]
[customers."R-required-sender".booking]
require_data = ["data_unknown_sender"]
[customers."R-required-stock".booking]
require_data = ["data_unknown_stock"]
"""
