"""A line in another currency than its order's is asked about, never booked without a word."""

from __future__ import annotations

import pytest

from tools.documents.xml_read import parse_xml

ORDER = """<?xml version="1.0"?>
<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2">
<cbc:ID>A-1</cbc:ID><cbc:IssueDate>2026-03-02</cbc:IssueDate><cbc:DocumentCurrencyCode>USD</cbc:DocumentCurrencyCode>
<cac:OrderLine><cac:LineItem><cbc:ID>1</cbc:ID><cbc:Quantity unitCode="C62">5</cbc:Quantity>
<cac:Price><cbc:PriceAmount currencyID="{currency}">2.00</cbc:PriceAmount></cac:Price>
<cac:Item><cbc:Name>Nut</cbc:Name></cac:Item></cac:LineItem></cac:OrderLine></Order>"""


@pytest.mark.parametrize(("currency", "asked"), [("USD", False), ("EUR", True)])
def test_a_line_price_in_another_currency_is_asked_about(currency: str, asked: bool) -> None:
    [draft] = parse_xml(ORDER.format(currency=currency).encode(), "d").drafts
    assert ("mixed_currencies" in {f.code for f in draft.findings}) is asked
