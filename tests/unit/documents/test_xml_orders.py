"""Orders in XML: UBL, cXML, openTRANS and Order-X, whole and with something missing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from orderdesk.domain.orders import OrderDraft
from tools.documents.parsed import Parsed
from tools.documents.xml_read import parse_xml

UBL = """<?xml version="1.0" encoding="UTF-8"?>
<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2" xmlns:cac="a" xmlns:cbc="b">
<cbc:CustomizationID>urn:fdc:peppol.eu:poacc:trns:order:3</cbc:CustomizationID>
<cbc:ProfileID>urn:fdc:peppol.eu:poacc:bis:ordering:3</cbc:ProfileID>
<cbc:ID>PO-4711</cbc:ID><cbc:IssueDate>2024-03-01</cbc:IssueDate><cbc:Note languageID="de">Bitte anrufen</cbc:Note>
<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cac:ContractDocumentReference><cbc:ID>RAHMEN-9</cbc:ID></cac:ContractDocumentReference>
<cac:BuyerCustomerParty><cbc:SupplierAssignedAccountID>K-100</cbc:SupplierAssignedAccountID><cac:Party>
<cbc:EndpointID schemeID="0088">4012345000009</cbc:EndpointID>
<cac:PartyIdentification><cbc:ID>4012345000009</cbc:ID></cac:PartyIdentification>
<cac:PartyName><cbc:Name>Müller &amp; Söhne</cbc:Name></cac:PartyName>
<cac:PostalAddress><cbc:StreetName>Hauptstr.</cbc:StreetName><cbc:BuildingNumber>1</cbc:BuildingNumber>
<cbc:CityName>Stuttgart</cbc:CityName><cbc:PostalZone>70173</cbc:PostalZone>
<cac:Country><cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
<cac:PartyTaxScheme><cbc:CompanyID>DE123456789</cbc:CompanyID></cac:PartyTaxScheme>
<cac:Contact><cbc:Name>Anna Lee</cbc:Name><cbc:ElectronicMail>anna@mueller.example</cbc:ElectronicMail></cac:Contact>
</cac:Party></cac:BuyerCustomerParty>
<cac:SellerSupplierParty><cac:Party><cac:PartyName><cbc:Name>Desk</cbc:Name></cac:PartyName></cac:Party>
</cac:SellerSupplierParty>
<cac:Delivery><cac:DeliveryLocation><cbc:ID>DOCK4</cbc:ID><cac:Address><cbc:CityName>Ulm</cbc:CityName></cac:Address>
</cac:DeliveryLocation><cac:RequestedDeliveryPeriod><cbc:StartDate>2024-03-15</cbc:StartDate>
<cbc:EndDate>2024-03-20</cbc:EndDate></cac:RequestedDeliveryPeriod></cac:Delivery>
<cac:PaymentTerms><cbc:Note>30 days net</cbc:Note></cac:PaymentTerms>
<cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator>
<cbc:AllowanceChargeReason>Freight</cbc:AllowanceChargeReason><cbc:Amount currencyID="EUR">15</cbc:Amount>
</cac:AllowanceCharge>
<cac:AnticipatedMonetaryTotal><cbc:LineExtensionAmount currencyID="EUR">601.50</cbc:LineExtensionAmount>
<cbc:ChargeTotalAmount currencyID="EUR">15</cbc:ChargeTotalAmount>
<cbc:PayableAmount currencyID="EUR">616.50</cbc:PayableAmount></cac:AnticipatedMonetaryTotal>
<cac:OrderLine><cac:LineItem><cbc:ID>10</cbc:ID><cbc:Quantity unitCode="C62">12</cbc:Quantity>
<cbc:LineExtensionAmount currencyID="EUR">579.75</cbc:LineExtensionAmount>
<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>
<cbc:AllowanceChargeReasonCode>95</cbc:AllowanceChargeReasonCode><cbc:Amount currencyID="EUR">2.25</cbc:Amount>
</cac:AllowanceCharge>
<cac:Price><cbc:PriceAmount currencyID="EUR">48.50</cbc:PriceAmount></cac:Price>
<cac:Item><cbc:Description>zinc plated</cbc:Description><cbc:Name>Hex bolt</cbc:Name>
<cac:BuyersItemIdentification><cbc:ID>77-1</cbc:ID></cac:BuyersItemIdentification>
<cac:SellersItemIdentification><cbc:ID>HX-100</cbc:ID></cac:SellersItemIdentification>
<cac:StandardItemIdentification><cbc:ID schemeID="0160">4000862141404</cbc:ID></cac:StandardItemIdentification>
</cac:Item></cac:LineItem></cac:OrderLine>
<cac:OrderLine><cac:LineItem><cbc:ID>20</cbc:ID><cbc:Quantity unitCode="KGM">300</cbc:Quantity>
<cbc:LineExtensionAmount currencyID="EUR">21.75</cbc:LineExtensionAmount>
<cac:Delivery><cac:RequestedDeliveryPeriod><cbc:StartDate>2024-03-18</cbc:StartDate></cac:RequestedDeliveryPeriod>
</cac:Delivery>
<cac:Price><cbc:PriceAmount currencyID="EUR">7.25</cbc:PriceAmount>
<cbc:BaseQuantity unitCode="KGM">100</cbc:BaseQuantity>
</cac:Price><cac:Item><cbc:Name>Salt</cbc:Name></cac:Item></cac:LineItem></cac:OrderLine>
</Order>"""

CXML = """<?xml version="1.0"?><!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.050/cXML.dtd">
<cXML xml:lang="de-DE"><Header><From><Credential domain="NetworkId"><Identity>AN01</Identity></Credential></From>
<To><Credential domain="NetworkId"><Identity>AN02</Identity></Credential></To></Header>
<Request><OrderRequest><OrderRequestHeader orderID="PO-4711" orderDate="2024-03-01T10:00:00+01:00" type="new">
<Total><Money currency="USD">582.00</Money></Total>
<ShipTo><Address addressID="DOCK4"><Name xml:lang="en">Plant</Name><PostalAddress><Street>1 Mill</Street>
<City>Dayton</City><State>OH</State><PostalCode>45402</PostalCode><Country isoCountryCode="US">USA</Country>
</PostalAddress></Address></ShipTo><BillTo><Address><Name>Acme</Name></Address></BillTo>
<Shipping><Money currency="USD">15.00</Money></Shipping><Comments>Call first</Comments></OrderRequestHeader>
<ItemOut quantity="12" lineNumber="1" requestedDeliveryDate="2024-03-15"><ItemID><SupplierPartID>HX-100</SupplierPartID>
<BuyerPartID>77-1</BuyerPartID></ItemID><ItemDetail><UnitPrice><Money currency="USD">48.50</Money></UnitPrice>
<Description xml:lang="en">Hex bolt</Description><UnitOfMeasure>BX</UnitOfMeasure>
<PriceBasisQuantity quantity="1"><UnitOfMeasure>EA</UnitOfMeasure></PriceBasisQuantity></ItemDetail></ItemOut>
</OrderRequest></Request></cXML>"""

OPENTRANS = """<ORDER xmlns="http://www.opentrans.org/XMLSchema/2.1" xmlns:bme="b" version="2.1"><ORDER_HEADER>
<ORDER_INFO><ORDER_ID>PO-4711</ORDER_ID><ORDER_DATE>2024-03-01T18:54:55</ORDER_DATE><bme:LANGUAGE>deu</bme:LANGUAGE>
<DELIVERY_DATE><DELIVERY_START_DATE>2024-03-15</DELIVERY_START_DATE><DELIVERY_END_DATE>2024-03-15</DELIVERY_END_DATE>
</DELIVERY_DATE><PARTIES><PARTY><bme:PARTY_ID type="supplier_specific">K-100</bme:PARTY_ID>
<PARTY_ROLE>buyer</PARTY_ROLE><ADDRESS><bme:NAME>Müller</bme:NAME><bme:CITY>Ulm</bme:CITY></ADDRESS></PARTY>
<PARTY><bme:PARTY_ID>D1</bme:PARTY_ID><PARTY_ROLE>delivery</PARTY_ROLE></PARTY></PARTIES>
<bme:CURRENCY>EUR</bme:CURRENCY><PARTIAL_SHIPMENT_ALLOWED>false</PARTIAL_SHIPMENT_ALLOWED></ORDER_INFO></ORDER_HEADER>
<ORDER_ITEM_LIST><ORDER_ITEM><LINE_ITEM_ID>0010</LINE_ITEM_ID><PRODUCT_ID><bme:SUPPLIER_PID>HX-100</bme:SUPPLIER_PID>
<bme:INTERNATIONAL_PID type="ean">4000862141404</bme:INTERNATIONAL_PID><bme:BUYER_PID>77-1</bme:BUYER_PID>
<bme:DESCRIPTION_SHORT>Schraube</bme:DESCRIPTION_SHORT></PRODUCT_ID><QUANTITY>12</QUANTITY>
<bme:ORDER_UNIT>C62</bme:ORDER_UNIT><PRODUCT_PRICE_FIX><bme:PRICE_AMOUNT>48.50</bme:PRICE_AMOUNT>
<bme:PRICE_QUANTITY>100</bme:PRICE_QUANTITY></PRODUCT_PRICE_FIX><PRICE_LINE_AMOUNT>5.82</PRICE_LINE_AMOUNT>
</ORDER_ITEM></ORDER_ITEM_LIST><ORDER_SUMMARY><TOTAL_ITEM_NUM>1</TOTAL_ITEM_NUM><TOTAL_AMOUNT>5.82</TOTAL_AMOUNT>
</ORDER_SUMMARY></ORDER>"""

OPENTRANS_1 = """<ORDER version="1.0"><ORDER_HEADER><ORDER_INFO><ORDER_ID>PO-4711</ORDER_ID>
<ORDER_DATE>2024-03-01</ORDER_DATE><ORDER_PARTIES><BUYER_PARTY><PARTY><PARTY_ID>K-100</PARTY_ID>
<ADDRESS><NAME>Müller</NAME></ADDRESS></PARTY></BUYER_PARTY></ORDER_PARTIES><PRICE_CURRENCY>EUR</PRICE_CURRENCY>
</ORDER_INFO></ORDER_HEADER><ORDER_ITEM_LIST><ORDER_ITEM><LINE_ITEM_ID>1</LINE_ITEM_ID>
<ARTICLE_ID><SUPPLIER_AID>HX-100</SUPPLIER_AID><DESCRIPTION_SHORT>Schraube</DESCRIPTION_SHORT></ARTICLE_ID>
<QUANTITY>12</QUANTITY><ORDER_UNIT>PCE</ORDER_UNIT><ARTICLE_PRICE><PRICE_AMOUNT>48.50</PRICE_AMOUNT>
<PRICE_LINE_AMOUNT>582.00</PRICE_LINE_AMOUNT></ARTICLE_PRICE></ORDER_ITEM></ORDER_ITEM_LIST></ORDER>"""

ORDERX = """<rsm:SCRDMCCBDACIOMessageStructure xmlns:rsm="r" xmlns:ram="m" xmlns:udt="u"><rsm:ExchangedDocument>
<ram:ID>PO-4711</ram:ID><ram:TypeCode>220</ram:TypeCode><ram:IssueDateTime>
<udt:DateTimeString format="102">20240301</udt:DateTimeString></ram:IssueDateTime><ram:PurposeCode>9</ram:PurposeCode>
</rsm:ExchangedDocument><rsm:SupplyChainTradeTransaction><ram:IncludedSupplyChainTradeLineItem>
<ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID></ram:AssociatedDocumentLineDocument>
<ram:SpecifiedTradeProduct><ram:GlobalID schemeID="0160">4000862141404</ram:GlobalID>
<ram:SellerAssignedID>HX-100</ram:SellerAssignedID><ram:Name>Vis</ram:Name></ram:SpecifiedTradeProduct>
<ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice><ram:ChargeAmount>48.50</ram:ChargeAmount>
<ram:BasisQuantity unitCode="C62">100</ram:BasisQuantity></ram:NetPriceProductTradePrice>
</ram:SpecifiedLineTradeAgreement><ram:SpecifiedLineTradeDelivery>
<ram:RequestedQuantity unitCode="C62">12</ram:RequestedQuantity></ram:SpecifiedLineTradeDelivery>
<ram:SpecifiedLineTradeSettlement><ram:SpecifiedTradeSettlementLineMonetarySummation>
<ram:LineTotalAmount>5.82</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation>
</ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem><ram:ApplicableHeaderTradeAgreement>
<ram:BuyerTradeParty><ram:GlobalID schemeID="0088">4012345000009</ram:GlobalID><ram:Name>Dupont</ram:Name>
</ram:BuyerTradeParty></ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeDelivery>
<ram:RequestedDeliverySupplyChainEvent><ram:OccurrenceDateTime>
<udt:DateTimeString format="102">20240315</udt:DateTimeString></ram:OccurrenceDateTime>
</ram:RequestedDeliverySupplyChainEvent></ram:ApplicableHeaderTradeDelivery><ram:ApplicableHeaderTradeSettlement>
<ram:OrderCurrencyCode>EUR</ram:OrderCurrencyCode><ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator>
<udt:Indicator>true</udt:Indicator></ram:ChargeIndicator><ram:ActualAmount>15</ram:ActualAmount>
</ram:SpecifiedTradeAllowanceCharge><ram:SpecifiedTradeSettlementHeaderMonetarySummation>
<ram:TaxBasisTotalAmount>20.82</ram:TaxBasisTotalAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation>
</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:SCRDMCCBDACIOMessageStructure>"""

ORDERS = {"ubl": UBL, "cxml": CXML, "opentrans": OPENTRANS, "orderx": ORDERX}


def only(parsed: Parsed) -> OrderDraft:
    assert len(parsed.drafts) == 1, parsed.findings
    return parsed.drafts[0]


def read(text: str) -> OrderDraft:
    return only(parse_xml(text.encode(), "doc"))


@pytest.mark.parametrize("kind", ORDERS)
def test_what_every_format_states(kind: str) -> None:
    parsed = parse_xml(ORDERS[kind].encode(), "doc")
    draft = only(parsed)
    assert parsed.format == kind
    assert draft.intent.value == "new_order"
    assert draft.findings == parsed.findings == ()
    assert draft.po_number is not None
    assert draft.po_number.value == "PO-4711"
    assert draft.po_date is not None
    assert draft.po_date.value == date(2024, 3, 1)
    assert draft.currency is not None
    assert draft.currency.value == ("USD" if kind == "cxml" else "EUR")
    line = draft.lines[0]
    assert line.article.value.seller_part == "HX-100"
    assert line.quantity is not None
    assert line.quantity.value == 12
    assert line.unit_price is not None
    assert line.unit_price.value == Decimal("48.50")
    assert line.uom is not None
    assert line.uom.value == ("BX" if kind == "cxml" else "EA")
    assert draft.source_document_id == "doc"


@pytest.mark.parametrize("kind", ORDERS)
def test_every_value_stands_where_its_evidence_says(kind: str) -> None:
    parsed = parse_xml(ORDERS[kind].encode(), "doc")
    draft = only(parsed)
    stated = [draft.po_number, draft.po_date, draft.currency]
    for line in draft.lines:
        stated += [line.article, line.quantity, line.uom, line.unit_price]
    for value in stated:
        assert value is not None
        assert value.evidence is not None
        assert value.evidence.locator.startswith("/")
        assert parsed.text[value.evidence.start : value.evidence.end] == value.evidence.quote != ""


def test_ubl_header_parties_charges_and_lines() -> None:
    draft = read(UBL)
    assert draft.language == "de"
    assert draft.contract == "RAHMEN-9"
    assert (draft.buyer.name, draft.buyer.customer_number) == ("Müller & Söhne", "K-100")
    assert draft.buyer.ids == ("4012345000009",)
    assert (draft.buyer.tax_id, draft.buyer.street) == ("DE123456789", "Hauptstr. 1")
    assert (draft.buyer.contact, draft.buyer.email) == ("Anna Lee", "anna@mueller.example")
    assert draft.ship_to is not None
    assert (draft.ship_to.code, draft.ship_to.city) == ("DOCK4", "Ulm")
    assert draft.requested_date is not None
    assert draft.requested_date.value == date(2024, 3, 15)
    assert "Deliver between 2024-03-15 and 2024-03-20" in draft.note
    assert draft.payment_terms == "30 days net"
    assert draft.charges_total == 15
    assert draft.stated_net_total is not None
    assert draft.stated_net_total.value == Decimal("616.50")
    first, second = draft.lines
    assert (first.article.value.gtin, first.article.value.buyer_part) == ("4000862141404", "77-1")
    assert first.charges == Decimal("-2.25")
    assert first.line_number == 10
    assert second.price_base == 100
    assert second.requested_date is not None
    assert second.requested_date.value == date(2024, 3, 18)


@pytest.mark.parametrize(
    ("element", "severity"),
    [
        ("<cbc:ID>PO-4711</cbc:ID>", "reject"),
        ("<cbc:IssueDate>2024-03-01</cbc:IssueDate>", "info"),
        ("<cbc:ProfileID>urn:fdc:peppol.eu:poacc:bis:ordering:3</cbc:ProfileID>", "info"),
        ("<cac:PartyName><cbc:Name>Desk</cbc:Name></cac:PartyName>", "info"),
        ("<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>", "info"),
        (' unitCode="C62"', "clarify"),
        ('<cbc:Quantity unitCode="C62">12</cbc:Quantity>', "clarify"),
        ("<cbc:ID>10</cbc:ID>", "info"),
    ],
)
def test_ubl_missing_element_is_named_by_its_harm(element: str, severity: str) -> None:
    (finding,) = read(UBL.replace(element, f"<!-- {element} -->" if element.startswith("<") else "")).findings
    assert (finding.code, finding.severity) == ("mandatory_element_missing", severity)
    assert finding.facts["element"].rpartition("/")[2].strip("@") in element or "Party" in finding.message


def test_ubl_order_without_lines_or_currency() -> None:
    bare = UBL[: UBL.index("<cac:AllowanceCharge>")] + "</Order>"
    bare = bare.replace("<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>", "")
    found = {f.facts["element"]: f.severity for f in read(bare).findings}
    assert found == {"DocumentCurrencyCode": "clarify", "OrderLine": "reject"}


@pytest.mark.parametrize(
    ("old", "new", "element"),
    [
        (">601.50</cbc:Line", ">600.00</cbc:Line", "LineExtensionAmount"),
        (">616.50</cbc:Payable", ">616.40</cbc:Payable", "PayableAmount"),
        (">15</cbc:ChargeTotal", ">14</cbc:ChargeTotal", "ChargeTotalAmount"),
    ],
)
def test_ubl_totals_that_do_not_fit_are_named(old: str, new: str, element: str) -> None:
    findings = read(UBL.replace(old, new)).findings
    assert {f.code for f in findings} == {"document_totals_wrong"}
    assert element in [f.facts["element"] for f in findings]


def test_ubl_change_cancellation_and_envelope() -> None:
    reference = "<cac:OrderReference><cbc:ID>PO-4700</cbc:ID></cac:OrderReference><cac:BuyerCustomerParty>"
    text = UBL.replace("<cac:BuyerCustomerParty>", reference).replace("Order-2", "OrderChange-2")
    change = read(text.replace("<Order ", "<OrderChange ").replace("</Order>", "</OrderChange>"))
    assert (change.intent.value, change.is_revision) == ("change_order", True)
    assert change.po_number is not None
    assert change.po_number.value == "PO-4700"
    head = text[: text.index("<cac:Delivery>")].replace("<Order ", "<OrderCancellation ")
    assert read(head + "</OrderCancellation>").intent.value == "cancel_order"
    order = UBL[UBL.index("<Order ") :]
    enveloped = f"<StandardBusinessDocument><StandardBusinessDocumentHeader/>{order}{order}</StandardBusinessDocument>"
    assert len(parse_xml(enveloped.encode(), "d").drafts) == 2


def test_ubl_nso_order_that_cancels_another() -> None:
    reference = "<cac:OrderDocumentReference><cbc:ID>4600#2024-02-01#X#Cancelled</cbc:ID></cac:OrderDocumentReference>"
    draft = read(
        UBL.replace("<cac:ContractDocumentReference>", reference + "<cac:ContractDocumentReference>")
    )
    assert draft.intent.value == "cancel_order"
    assert [(f.code, f.facts["order"]) for f in draft.findings] == [("revises_order", "4600")]


def test_cxml_header_and_line() -> None:
    draft = read(CXML)
    assert draft.language == "de"
    assert (draft.buyer.name, draft.buyer.ids) == ("Acme", ("AN01",))
    assert draft.ship_to is not None
    assert (draft.ship_to.code, draft.ship_to.country) == ("DOCK4", "US")
    assert draft.charges_total == 15
    assert draft.note == "Call first"
    assert draft.reply_format == "cxml"
    (line,) = draft.lines
    assert line.price_uom == "EA", "boxes are ordered at a price for each"
    assert line.requested_date is not None
    assert line.requested_date.value == date(2024, 3, 15)
    assert line.article.value.buyer_part == "77-1"


@pytest.mark.parametrize(("kind", "intent"), [("update", "change_order"), ("delete", "cancel_order")])
def test_cxml_type_gives_the_intent(kind: str, intent: str) -> None:
    assert read(CXML.replace('type="new"', f'type="{kind}"')).intent.value == intent


def test_cxml_test_document_is_not_booked_by_itself() -> None:
    draft = read(CXML.replace("<Request>", '<Request deploymentMode="test">'))
    assert [(f.code, f.severity) for f in draft.findings] == [("test_message", "approve")]


@pytest.mark.parametrize(
    "text", [OPENTRANS, OPENTRANS.replace("bme:", ""), OPENTRANS.replace(' xmlns:bme="b"', "")]
)
def test_opentrans_2_with_any_prefixes(text: str) -> None:
    draft = read(text)
    assert draft.buyer.customer_number == "K-100"
    assert draft.buyer.city == "Ulm"
    assert draft.ship_to is not None
    assert draft.ship_to.ids == ("D1",)
    assert draft.ship_complete is True
    assert draft.language == "de"
    (line,) = draft.lines
    assert (line.line_number, line.line_id, line.price_base) == (10, "0010", 100)
    assert line.article.value.gtin == "4000862141404"


def test_opentrans_1() -> None:
    draft = read(OPENTRANS_1)
    assert draft.buyer.name == "Müller"
    assert draft.currency is not None
    assert draft.lines[0].article.value.seller_part == "HX-100"
    assert draft.lines[0].line_total is not None
    assert draft.lines[0].line_total.value == 582


def test_opentrans_change_and_wrong_count() -> None:
    change = OPENTRANS.replace("ORDER_ITEM_LIST", "ORDERCHANGE_ITEM_LIST").replace(
        "ORDER_HEADER", "ORDERCHANGE_HEADER"
    )
    change = change.replace("ORDER_INFO", "ORDERCHANGE_INFO").replace("<ORDER ", "<ORDERCHANGE ")
    assert read(change.replace("</ORDER>", "</ORDERCHANGE>")).intent.value == "change_order"
    (finding,) = read(OPENTRANS.replace("NUM>1<", "NUM>2<")).findings
    assert (finding.code, finding.severity) == ("control_count_wrong", "reject")


def test_orderx_header_and_line() -> None:
    draft = read(ORDERX)
    assert draft.buyer.name == "Dupont"
    assert draft.charges_total == 15
    assert draft.stated_net_total is not None
    assert draft.stated_net_total.value == Decimal("20.82")
    assert draft.lines[0].price_base == 100
    assert draft.lines[0].article.value.gtin == "4000862141404"


@pytest.mark.parametrize(
    ("code", "purpose", "intent"),
    [("230", "4", "change_order"), ("220", "1", "cancel_order"), ("220", "5", "change_order")],
)
def test_orderx_types_and_purposes(code: str, purpose: str, intent: str) -> None:
    text = ORDERX.replace("TypeCode>220<", f"TypeCode>{code}<").replace(
        "PurposeCode>9<", f"PurposeCode>{purpose}<"
    )
    assert read(text).intent.value == intent


def test_orderx_response_is_no_order() -> None:
    parsed = parse_xml(ORDERX.replace("TypeCode>220<", "TypeCode>231<").encode(), "d")
    assert parsed.drafts == ()
    assert [f.code for f in parsed.findings] == ["not_an_order"]


@pytest.mark.parametrize("kind", ORDERS)
@pytest.mark.parametrize("wrong", ["1,000", "twelve", "1e9", "9" * 50])
def test_numbers_that_cannot_be_read_are_asked(kind: str, wrong: str) -> None:
    text = ORDERS[kind].replace(">12<", f">{wrong}<").replace('quantity="12"', f'quantity="{wrong}"')
    draft = read(text)
    assert draft.lines[0].quantity is None
    assert ("unreadable_value", "lines[0].quantity") in [(f.code, f.path) for f in draft.findings]


@pytest.mark.parametrize("kind", ORDERS)
@pytest.mark.parametrize("stated", ["0", "-3", "0.25"])
def test_odd_quantities_are_kept_as_stated(kind: str, stated: str) -> None:
    text = ORDERS[kind].replace(">12<", f">{stated}<").replace('quantity="12"', f'quantity="{stated}"')
    quantity = read(text).lines[0].quantity
    assert quantity is not None
    assert quantity.value == Decimal(stated)
