"""XML from outside: nothing is loaded or expanded, damage is named, and every value knows where it stands."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderdesk.domain.errors import ReadError
from tools.documents.xml_read import parse_xml
from tools.documents.xml_safe import read_xml

BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<Order><ID>&b;</ID></Order>"""
EXTERNAL = b"""<?xml version="1.0"?>
<!DOCTYPE Order [<!ENTITY x SYSTEM "file:///etc/hostname">]><Order><ID>&x;</ID></Order>"""
PARAMETER = (
    b"""<!DOCTYPE Order [<!ENTITY % p SYSTEM "http://127.0.0.1:9/evil.dtd"> %p;]><Order><ID>1</ID></Order>"""
)


@pytest.mark.parametrize("raw", [BOMB, EXTERNAL, PARAMETER, b"<a>" * 101 + b"</a>" * 101])
def test_what_attacks_use_is_not_read(raw: bytes) -> None:
    parsed = parse_xml(raw, "d")
    assert parsed.drafts == ()
    assert [(f.code, f.severity) for f in parsed.findings] == [("unsafe_xml", "approve")]


def test_a_doctype_that_only_names_a_dtd_is_ignored() -> None:
    root = read_xml('<!DOCTYPE cXML SYSTEM "http://127.0.0.1:9/cXML.dtd"><cXML><Header/></cXML>')
    assert [child.name for child in root.children] == ["Header"]


@pytest.mark.parametrize(
    ("raw", "line"),
    [(b"<a>\n<b>\n</a>", 3), (b"<a>\n<b></b>\n", 3), (b"<a x=1/>", 1), (b"just text", 1), (b"", 1)],
)
def test_broken_xml_is_named_with_its_line(raw: bytes, line: int) -> None:
    (finding,) = parse_xml(raw, "d").findings
    assert (finding.code, finding.severity) == ("unreadable_document", "clarify")
    assert f"line {line}" in finding.message


@pytest.mark.parametrize(
    "raw",
    [
        "<a><b>Käse</b></a>".encode(),
        "\ufeff<a><b>Käse</b></a>".encode(),
        '<?xml version="1.0" encoding="ISO-8859-1"?><a><b>Käse</b></a>'.encode("latin-1"),
        '<?xml version="1.0" encoding="ISO-8859-1"?><a><b>Käse</b></a>'.encode(),
        '<?xml version="1.0" encoding="UTF-8"?><a><b>Käse</b></a>'.encode("latin-1"),
        '<?xml version="1.0" encoding="UTF-16"?><a><b>Käse</b></a>'.encode(),
        '<?xml version="1.0" encoding="UTF-16"?><a><b>Käse</b></a>'.encode("utf-16"),
        '<?xml version="1.0" encoding="no-such"?><a><b>Käse</b></a>'.encode(),
    ],
)
def test_encodings_that_are_declared_wrongly_are_seen_through(raw: bytes) -> None:
    text = parse_xml(raw, "d").text
    root = read_xml(text)
    place = root.place("b")
    assert place is not None
    assert place.text == "Käse"
    assert text[place.start : place.end] == "Käse"


def test_places_of_text_entities_cdata_and_attributes() -> None:
    text = "<o:x xmlns:o='u'><é/><b k = ' 12 '>\n  A &amp; B&#x21;\n</b><c><![CDATA[ <raw> ]]></c></o:x>"
    root = read_xml(text)
    b, c = root.place("b"), root.place("c")
    assert b is not None
    assert c is not None
    assert (b.text, text[b.start : b.end]) == ("A & B!", "A &amp; B&#x21;")
    assert (c.text, text[c.start : c.end]) == ("<raw>", "<raw>")
    node = root.first("b")
    assert node is not None
    attribute = node.attribute("k")
    assert attribute is not None
    assert (attribute.text, text[attribute.start : attribute.end]) == ("12", "12")
    assert attribute.locator == "/o:x/b/@k"


WORD = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], max_codepoint=0x1FFFF), min_size=1, max_size=12
)


@settings(max_examples=80)
@given(st.lists(WORD.map(str.strip).filter(bool), min_size=1, max_size=6))
def test_any_text_is_found_where_it_stands(words: list[str]) -> None:
    escaped = [w.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for w in words]
    text = "<r>" + "".join(f"<w> {word} </w>\n" for word in escaped) + "</r>"
    for node, word, written in zip(read_xml(text).all("w"), words, escaped, strict=True):
        place = node.place()
        assert place is not None
        assert (place.text, text[place.start : place.end]) == (word, written)


@settings(max_examples=100)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"<?xml version='1.0'?>", b"<Order><OrderLine>", b"<!DOCTYPE a ["]),
)
def test_random_bytes_give_a_parsed_with_findings(noise: bytes, head: bytes) -> None:
    parsed = parse_xml(head + noise, "d")
    assert parsed.findings
    assert "\0" not in parsed.text


@pytest.mark.parametrize(
    ("raw", "code", "words"),
    [
        (
            b"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>",
            "not_an_order",
            "an invoice",
        ),
        (b"<OrderResponse/>", "not_an_order", "an order response"),
        (b"<rsm:CrossIndustryInvoice xmlns:rsm='u'/>", "not_an_order", "an invoice"),
        (b"<ORDERRESPONSE/>", "not_an_order", "an order response"),
        (b"<cXML><Request><ProfileRequest/></Request></cXML>", "not_an_order", "ProfileRequest"),
        (b"<Envelope><Body><Invoice/></Body></Envelope>", "not_an_order", "an invoice"),
        (b"<rss><channel/></rss>", "unknown_xml", "rss"),
        (b"<Order><Customer>1</Customer></Order>", "unknown_xml", "Order"),
    ],
)
def test_documents_that_are_no_orders_are_named(raw: bytes, code: str, words: str) -> None:
    parsed = parse_xml(raw, "d")
    assert parsed.drafts == ()
    assert [f.code for f in parsed.findings] == [code]
    assert words in parsed.findings[0].message


def test_too_large_a_file_is_refused_before_it_is_read() -> None:
    with pytest.raises(ReadError) as refused:
        read_xml("<a>" + "x" * 20_000_000 + "</a>")
    assert refused.value.code == "reader_limit_exceeded"
