"""The API's own description: complete, and every reference in it resolves."""

from __future__ import annotations

import re

from tests.component.desk.scene import Visitor

API = "/desk/api/v1"


async def test_the_description_covers_every_address_and_resolves(visitor: Visitor) -> None:
    description = (await visitor.get(f"{API}/openapi.json")).json()
    assert description["openapi"].startswith("3.1")
    assert set(description["paths"]) == {
        "/messages",
        "/cases",
        "/cases/{case_id}",
        "/reviews",
        "/reviews/{review_id}",
        "/reviews/{review_id}/decision",
        "/stats",
    }
    schemas = description["components"]["schemas"]
    used = set(re.findall(r'"\$ref": "#/components/schemas/(\w+)"', (str(description)).replace("'", '"')))
    assert used <= set(schemas)
    for path in description["paths"].values():
        for operation in path.values():
            assert operation["operationId"]
            assert any(code.startswith("2") for code in operation["responses"])
