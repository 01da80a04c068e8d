"""The article ladder, rung by rung, on both sides of each limit."""

from __future__ import annotations

import pytest
from matcher_builders import matching_policy, product, shelf_of

from agents.matcher.rules.articles import ArticleMatch, match_article
from orderdesk.domain.orders import ArticleRef

SCREW = product("FST-10120", 'Hex cap screw 1/2-13 x 2", Grade 5, zinc plated', gtin="9520041070264")
SCREW8 = product("FST-10121", 'Hex cap screw 1/2-13 x 2", Grade 8, yellow zinc')
NUT = product("FST-10310", "Hex nut 1/2-13, Grade 5, zinc plated")
BEARING = product("BRG-20410", "Deep groove ball bearing 6204-2RS, 20x47x14 mm, rubber sealed")
SHIELDED = product("BRG-20411", "Deep groove ball bearing 6204-ZZ, 20x47x14 mm, metal shields")
OAK = product(
    "FLR-60110",
    "Porcelain floor tile wood look 20x120 cm, oak",
    long_description="Feinsteinzeug Holzoptik 20x120 Eiche; pavimento imitación madera 20x120 roble",
)
WALNUT = product("FLR-60111", "Porcelain floor tile wood look 20x120 cm, walnut")
DRILL = product("TOL-40110", "Hammer drill 850 W, 230 V")
CATALOGUE = (SCREW, SCREW8, NUT, BEARING, SHIELDED, OAK, WALNUT, DRILL)


def run(article: ArticleRef, *more: object, **shelf: object) -> ArticleMatch:
    return match_article(0, article, shelf_of(*CATALOGUE, *more, **shelf))  # type: ignore[arg-type]


def codes(match: ArticleMatch) -> list[str]:
    return [f.code for f in match.findings]


@pytest.mark.parametrize("number", ["FST-10120", "fst 10120", "FST10120", "fst.10120"])
def test_our_number_however_it_is_written(number: str) -> None:
    match = run(ArticleRef(seller_part=number))
    assert match.product == SCREW
    assert (match.method, match.confidence, codes(match)) == ("sku", 1.0, [])


def test_agreed_number_comes_before_all_others() -> None:
    match = run(ArticleRef(part="hf 4471"), aliases=(("HF-4471", BEARING.sku),))
    assert (match.product, match.method) == (BEARING, "agreed_part_number")


def test_a_number_agreed_with_somebody_else_is_nothing() -> None:
    assert codes(run(ArticleRef(part="HF-4471"))) == ["unknown_article"]


def test_gtin_in_any_length() -> None:
    assert run(ArticleRef(gtin="09520041070264")).method == "gtin"


def test_learned_alias_yields_to_an_agreed_number() -> None:
    learned = run(ArticleRef(part="X-99"), learned=(("X-99", NUT.sku),))
    assert (learned.product, learned.method) == (NUT, "learned_alias")
    agreed = run(ArticleRef(part="X-99"), learned=(("X-99", NUT.sku),), aliases=(("X-99", SCREW.sku),))
    assert agreed.product == SCREW


def test_leading_zeros_count_only_where_they_decide() -> None:
    one, other = product("00711"), product("0711")
    assert run(ArticleRef(part="711"), one).product == one
    assert run(ArticleRef(part="711"), one, other).product is None
    assert run(ArticleRef(part="0711"), one, other).product == other


def test_numbers_that_name_different_articles_are_asked_about() -> None:
    match = run(ArticleRef(seller_part=NUT.sku, gtin=SCREW.gtin))
    assert match.product is None
    assert codes(match) == ["article_numbers_disagree"]
    assert len(match.findings[0].options) == 2


@pytest.mark.parametrize(
    ("sku", "description"),
    [
        ("FST-10120", "hex cap screw grade 5 zinc 1/2-13 x 3"),
        ("FST-10120", "hex cap screw 1/2-13 x 2 stainless"),
        ("FST-10120", "hex cap screw 1/2-13 x 2 grade 8"),
        ("TOL-40110", "hammer drill 110V"),
        ("BRG-20410", "bearing 6204-ZZ"),
        ("BRG-20410", "bearing 6205-2RS"),
        ("BRG-20410", "hex nut"),
        ("FLR-60110", "Feinsteinzeug 20x120 Nussbaum"),
    ],
)
def test_a_number_beside_another_description_is_asked_about(sku: str, description: str) -> None:
    match = run(ArticleRef(seller_part=sku, description=description))
    assert match.product is None
    assert codes(match) == ["number_description_mismatch"]


@pytest.mark.parametrize(
    ("sku", "description"),
    [
        ("FST-10120", "screws"),
        ("FST-10120", "hx cap scrw 1/2-13x2 gr 5"),
        ("TOL-40110", "Schlagbohrmaschine 850W"),
        ("BRG-20410", "Rillenkugellager 6204 2RS"),
        ("BRG-20410", "spare part for conveyor line 3"),
        ("FLR-60110", "pavimento roble"),
    ],
)
def test_a_loose_description_does_not_spoil_an_exact_number(sku: str, description: str) -> None:
    match = run(ArticleRef(seller_part=sku, description=description))
    assert match.product is not None
    assert match.product.sku == sku
    assert not match.findings


def test_a_description_without_a_word_in_common_that_is_another_article() -> None:
    pump = product("PMP-1", "Centrifugal impeller cast")
    match = run(ArticleRef(seller_part="FST-10120", description="centrifugal impeller"), pump)
    assert codes(match) == ["number_description_mismatch"]
    assert any(o.startswith("PMP-1") for o in match.findings[0].options)


def test_the_buyers_own_number_that_happens_to_be_ours_needs_the_description() -> None:
    accident = run(ArticleRef(buyer_part="FST-10120", description="spare part for line 3"))
    assert codes(accident) == ["article_unconfirmed"]
    meant = run(ArticleRef(buyer_part="FST-10120", description="hex cap screw grade 5"))
    assert (meant.product, codes(meant)) == (SCREW, [])


def test_a_number_in_the_middle_of_the_words() -> None:
    assert run(ArticleRef(description="need TOL 40110 drill soon")).product == DRILL
    assert run(ArticleRef(description="cola (ref. FLR-60110)")).method == "sku"


def test_one_clear_proposal_needs_an_earlier_purchase() -> None:
    words = ArticleRef(description="pavimento imitación madera roble de 20x120")
    bought = run(words, bought=(OAK.sku,))
    assert (bought.product, bought.method, codes(bought)) == (OAK, "fuzzy", [])
    assert bought.confidence > 0.9
    new = run(words)
    assert codes(new) == ["article_unconfirmed"]
    assert new.confidence < 0.9
    assert new.findings[0].options[0].startswith(OAK.sku)


def test_having_bought_one_of_two_twins_does_not_decide() -> None:
    match = run(ArticleRef(description="pavimento imitación madera de 20x120"), bought=(OAK.sku,))
    assert match.product is None
    assert codes(match) == ["ambiguous_article"]
    assert {c.sku for c in match.candidates} == {OAK.sku, WALNUT.sku}


def test_a_missing_grade_is_a_question_and_a_stated_one_an_answer() -> None:
    bought = (SCREW.sku, SCREW8.sku)
    asked = run(ArticleRef(description='hex cap screws 1/2-13 x 2"'), bought=bought)
    assert codes(asked) == ["ambiguous_article"]
    told = run(ArticleRef(description='hex cap screws 1/2-13 x 2" grade 8'), bought=bought)
    assert told.product == SCREW8


def test_a_bearing_without_its_suffix_is_a_question() -> None:
    assert codes(run(ArticleRef(description="bearing 6204"), bought=(BEARING.sku,))) == ["ambiguous_article"]


def test_an_attribute_that_the_article_does_not_have_is_not_assumed() -> None:
    match = run(ArticleRef(description="hammer drill 850 W 230 V yellow"), bought=(DRILL.sku,))
    assert match.product is None or match.findings


def test_an_unknown_number_beside_a_known_description_is_not_ignored() -> None:
    match = run(ArticleRef(part="ZZZ-998877", description="hammer drill 850 W 230 V"), bought=(DRILL.sku,))
    assert codes(match) == ["article_unconfirmed"]


def test_typos_are_tolerated_in_words_but_never_in_numbers() -> None:
    bought = (DRILL.sku, OAK.sku)
    assert run(ArticleRef(description="hamer dril 850 W 230 V"), bought=bought).product in (DRILL, None)
    assert (
        run(ArticleRef(description="pavimiento imitacion madera roble 20x120"), bought=bought).product == OAK
    )
    assert (
        run(ArticleRef(description="pavimento imitacion madera roble 20x121"), bought=bought).product is None
    )
    assert codes(run(ArticleRef(part="FST-10129"))) == ["unknown_article"]


def test_nothing_that_fits() -> None:
    assert codes(run(ArticleRef(description="rubber duck"))) == ["unknown_article"]
    assert codes(run(ArticleRef())) == ["unknown_article"]


def test_the_margin_decides_between_clear_and_ambiguous() -> None:
    # Of ten articles two share three words; the fourth is log(11) of log(11) + 3 log(6) = 0.31 of the query.
    pair = (product("P-1", "alpha beta gamma delta"), product("P-2", "alpha beta gamma epsilon"))
    words = ArticleRef(description="alpha beta gamma delta")
    for margin, expected in (("0.30", []), ("0.32", ["ambiguous_article"])):
        policy = matching_policy(clear_margin=margin)
        assert codes(run(words, *pair, bought=("P-1",), policy=policy)) == expected


def test_the_least_coverage_decides_too() -> None:
    words = ArticleRef(description="hammer drill 850 W 230 V superb")
    for least, expected in (("0.75", []), ("0.76", ["ambiguous_article"])):
        policy = matching_policy(least_coverage=least)
        assert codes(run(words, bought=(DRILL.sku,), policy=policy)) == expected


OLD = product("SEA-1", "O-ring assortment NBR", status="superseded", superseded_by="SEA-2")
NEW = product("SEA-2", "O-ring assortment NBR, new case")
NEW_FKM = product("SEA-2", "O-ring assortment FKM")
GONE = product("KNF-1", "Utility knife 18 mm, snap-off", status="discontinued")
KNIFE = product("KNF-2", "Utility knife 18 mm")
ACETONE = product("CLN-1", "Acetone 5 l", restricted=True)


def test_a_successor_only_with_consent() -> None:
    yes = run(ArticleRef(part="SEA-1"), OLD, NEW, consent=True)
    assert (yes.product, [(f.code, f.severity) for f in yes.findings]) == (
        NEW,
        [("article_superseded", "info")],
    )
    for consent in (False, None):
        no = run(ArticleRef(part="SEA-1"), OLD, NEW, consent=consent)
        assert [(f.code, f.severity) for f in no.findings] == [("article_superseded", "clarify")]


def test_a_successor_of_another_material_is_never_swapped_in() -> None:
    match = run(ArticleRef(part="SEA-1"), OLD, NEW_FKM, consent=True)
    assert [(f.code, f.severity) for f in match.findings] == [("article_superseded", "clarify")]


def test_a_missing_or_circular_successor_is_asked_about() -> None:
    assert run(ArticleRef(part="SEA-1"), OLD, consent=True).findings[0].severity == "clarify"
    circle = product("SEA-2", "O-ring", status="superseded", superseded_by="SEA-1")
    assert run(ArticleRef(part="SEA-1"), OLD, circle, consent=True).findings[0].severity == "clarify"


def test_discontinued_offers_an_alternative() -> None:
    match = run(ArticleRef(part="KNF-1"), GONE, KNIFE)
    assert codes(match) == ["article_discontinued"]
    assert [o.split()[0] for o in match.findings[0].options] == ["KNF-2"]


def test_restricted_goes_to_a_person() -> None:
    match = run(ArticleRef(part="CLN-1"), ACETONE)
    assert match.product == ACETONE
    assert [(f.code, f.severity) for f in match.findings] == [("article_restricted", "approve")]


def test_a_reviewers_article_wins() -> None:
    shelf = shelf_of(*CATALOGUE)
    match = match_article(0, ArticleRef(description="rubber duck"), shelf, "FST-10310")
    assert (match.product, match.method, match.confidence, codes(match)) == (NUT, "person", 1.0, [])
    assert codes(match_article(0, ArticleRef(), shelf, "FST-99999")) == ["correction_invalid"]


def test_a_bare_number_in_the_words_is_ours_only_if_the_words_agree() -> None:
    lamp = product("10000", "Sodium lamp E40")
    accident = run(ArticleRef(description="grease for 10000 h of running"), lamp)
    assert accident.product is None or accident.findings
    assert run(ArticleRef(description="10000 sodium lamp"), lamp).product == lamp


def test_numbers_that_are_alike_but_for_zeros_do_not_outvote_an_exact_one() -> None:
    one, other = product("00711"), product("0711")
    match = run(ArticleRef(part="711", gtin=SCREW.gtin), one, other)
    assert match.product == SCREW


def test_another_articles_number_in_the_words_is_a_contradiction() -> None:
    both = run(ArticleRef(part="FLR-60110", description="FLR-60110 and FLR-60111"))
    assert (both.product, codes(both)) == (None, ["article_numbers_disagree"])
    same = run(ArticleRef(part="FLR-60110", description="FLR-60110 oak"))
    assert same.product == OAK


def test_a_description_that_is_mostly_another_articles_is_a_mismatch() -> None:
    pillow = product("BRG-21010", "Pillow block bearing UCP205, 25 mm shaft")
    match = run(ArticleRef(part="BRG-20410", description="pillow block bearing"), pillow)
    assert codes(match) == ["number_description_mismatch"]
    assert any(o.startswith("BRG-21010") for o in match.findings[0].options)
