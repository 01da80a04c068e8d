"""XML orders of older versions and of formats that are not read, and figures as their writers group them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tools.documents.sniff import sniff
from tools.documents.stated import exact
from tools.documents.xml_read import parse_xml

UBL_1_0 = """<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-1.0" xmlns:c="b" xmlns:a="a">
<BuyersID>PO-5</BuyersID><c:IssueDate>2003-01-23</c:IssueDate>
<TransactionCurrencyCode>GBP</TransactionCurrencyCode>
<c:LineExtensionTotalAmount amountCurrencyID="GBP">12.50</c:LineExtensionTotalAmount>
<a:BuyerParty><a:Party><a:PartyName><c:Name>Acme</c:Name></a:PartyName>
<a:Address><c:CityName>Elgin</c:CityName></a:Address></a:Party></a:BuyerParty>
<a:SellerParty><a:Party><a:PartyName><c:Name>Desk</c:Name></a:PartyName></a:Party></a:SellerParty>
<a:Delivery><c:RequestedDeliveryDateTime>2003-02-05T15:00:00</c:RequestedDeliveryDateTime></a:Delivery>
<a:OrderLine><a:LineItem><a:BuyersID>7</a:BuyersID><c:Quantity quantityUnitCode="PCE">5</c:Quantity>
<c:LineExtensionAmount amountCurrencyID="GBP">12.50</c:LineExtensionAmount>
<a:Item><c:Description>Pencils</c:Description>
<a:SellersItemIdentification><a:ID>32145-12</a:ID></a:SellersItemIdentification>
<a:BasePrice><c:PriceAmount amountCurrencyID="GBP">2.50</c:PriceAmount></a:BasePrice></a:Item>
</a:LineItem></a:OrderLine></Order>"""

OPENTRANS_1 = """<ORDER version="1.0"><ORDER_HEADER><ORDER_INFO><ORDER_ID>PO-5</ORDER_ID>
<ORDER_PARTIES><BUYER_PARTY><PARTY><PARTY_ID>1</PARTY_ID></PARTY></BUYER_PARTY>
<SHIPMENT_PARTIES><DELIVERY_PARTY><PARTY><PARTY_ID>D3</PARTY_ID><ADDRESS><NAME>Lager</NAME></ADDRESS></PARTY>
</DELIVERY_PARTY></SHIPMENT_PARTIES></ORDER_PARTIES></ORDER_INFO></ORDER_HEADER><ORDER_ITEM_LIST><ORDER_ITEM>
<LINE_ITEM_ID>1</LINE_ITEM_ID><ARTICLE_ID><SUPPLIER_AID>A-1</SUPPLIER_AID>
<INTERNATIONAL_AID type="EAN">4000862141404</INTERNATIONAL_AID></ARTICLE_ID><QUANTITY>4</QUANTITY>
<ORDER_UNIT>PCE</ORDER_UNIT></ORDER_ITEM></ORDER_ITEM_LIST></ORDER>"""


def test_ubl_1_0_is_read_by_what_its_names_became() -> None:
    parsed = parse_xml(UBL_1_0.encode(), "doc")
    (draft,) = parsed.drafts
    assert draft.po_number is not None
    assert draft.po_number.value == "PO-5"
    assert draft.po_number.evidence is not None
    assert parsed.text[draft.po_number.evidence.start : draft.po_number.evidence.end] == "PO-5"
    assert draft.currency is not None
    assert draft.currency.value == "GBP"
    assert draft.requested_date is not None
    assert draft.requested_date.value == date(2003, 2, 5)
    assert (draft.buyer.name, draft.buyer.city) == ("Acme", "Elgin")
    assert draft.stated_net_total is not None
    assert draft.stated_net_total.value == Decimal("12.50")
    (line,) = draft.lines
    assert (line.line_number, line.article.value.seller_part, line.uom_stated) == (7, "32145-12", "PCE")
    assert line.quantity is not None
    assert line.quantity.value == 5
    assert line.unit_price is not None
    assert line.unit_price.value == Decimal("2.50")
    assert "unsupported_version" in [f.code for f in draft.findings if f.severity == "approve"]


def test_opentrans_1_0_place_of_delivery_and_gtin() -> None:
    (draft,) = parse_xml(OPENTRANS_1.encode(), "doc").drafts
    assert draft.ship_to is not None
    assert (draft.ship_to.name, draft.ship_to.code) == ("Lager", "D3")
    assert draft.lines[0].article.value.gtin == "4000862141404"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("<Order><OrderHeader><OrderNumber/></OrderHeader></Order>", "xCBL"),
        ("<ORDERS05><IDOC><EDI_DC40/></IDOC></ORDERS05>", "SAP IDoc"),
        ('<o:orderMessage xmlns:o="urn:gs1:ecom:order:xsd:3"/>', "GS1 XML"),
    ],
)
def test_order_formats_that_are_not_read_are_named(text: str, what: str) -> None:
    parsed = parse_xml(text.encode(), "doc")
    assert parsed.drafts == ()
    (finding,) = parsed.findings
    assert (finding.code, finding.severity) == ("unsupported_version", "approve")
    assert what in finding.message


@pytest.mark.parametrize("name", ["order.xml", "order.txt", "order"])
def test_an_order_without_namespace_or_declaration_is_known_by_its_root(name: str) -> None:
    assert sniff(b"<Order><ID>1</ID></Order>", name) == "xml"
    assert sniff(b"<Ordering> please send 5 bolts", "note.txt") == "text"


def test_commas_are_left_out_only_where_there_is_one_reading() -> None:
    assert exact("1,232.50") == Decimal("1232.50")
    assert exact("-12,345,678.9") == Decimal("-12345678.9")
    for text in ("1,000", "12,34.50", "1,2345.6", ",123.4"):
        assert exact(text) is None
