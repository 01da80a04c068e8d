"""Addresses under a row of labels, as forms print them."""

from __future__ import annotations

import pytest

from tools.documents.order_address import read_addresses


@pytest.mark.parametrize(
    "text",
    [
        "VENDOR\tSHIP TO\nDesk Inc\tAcme Plant 2\n1 High St\t5 Mill Road\nReno, NV 89501\tDayton, OH 45402\n",
        "VENDOR\tSHIP TO\n\nDesk Inc\tAcme Plant 2\n1 High St\t5 Mill Road\nReno, NV 89501\tDayton, OH 45402\n",
        "VENDOR\tSHIP TO\nDesk Inc\tAcme Plant 2\nPO Date: 1 May\n1 High St\t5 Mill Road\n"
        "Reno, NV 89501\tDayton, OH 45402\tNet 30\n",
    ],
)
def test_the_column_below_a_label_is_its_address(text: str) -> None:
    ship_to, _, findings = read_addresses(text)
    assert findings == ()
    assert ship_to is not None
    assert (ship_to.name, ship_to.street) == ("Acme Plant 2", "5 Mill Road")
    assert (ship_to.city, ship_to.region, ship_to.postal_code) == ("Dayton", "OH", "45402")
