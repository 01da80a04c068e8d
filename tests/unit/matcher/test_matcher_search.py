"""The article index: what it finds, what it says about what it did not look at, typos."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from matcher_builders import index_of, matching_policy, product

from agents.matcher.rules.proposals import propose
from tools.master.fold import fold_gtin, fold_name, fold_part, gtin_check_digit_holds
from tools.master.spelling import Spelling

WORDS = ["alpha", "bravo", "carbon", "delta", "escort", "foxtrot", "golf"]
descriptions = st.lists(st.sets(st.sampled_from(WORDS), min_size=1, max_size=5), min_size=1, max_size=40)


@given(descriptions, st.sets(st.sampled_from(WORDS), min_size=1, max_size=4), st.integers(1, 5))
@settings(deadline=None, max_examples=80)
def test_nothing_left_out_covers_more_than_the_floor(
    catalogue: list[set[str]], wanted: set[str], limit: int
) -> None:
    index = index_of(*(product(f"Z-{n}", " ".join(sorted(words))) for n, words in enumerate(catalogue)))
    query = " ".join(sorted(wanted))
    every = {hit.sku: hit.coverage for hit in index.search(query, 1000).hits}
    found = index.search(query, limit)
    for sku in every.keys() - {hit.sku for hit in found.hits}:
        assert every[sku] <= found.floor + 1e-9


def test_too_many_equal_articles_are_never_clear() -> None:
    index = index_of(*(product(f"Z-{n}", "alpha bravo") for n in range(2_100)))
    assert index.search("alpha bravo", 10).floor == 1.0
    assert not propose("alpha bravo", index, (), matching_policy()).clear


def test_where_every_word_is_common_their_combination_is_found() -> None:
    many = [product(f"Z-{n}", "alpha bravo" if n % 2 else "carbon delta") for n in range(5_000)]
    index = index_of(*many, product("ONE", "alpha delta"))
    found = index.search("alpha delta", 5)
    assert found.hits[0].sku == "ONE"
    assert found.floor < 1.0


def test_an_unconfirmed_attribute_is_never_clear_whatever_the_policy_says() -> None:
    index = index_of(product("D", "Hammer drill 850 W, 230 V with case and depth stop"))
    lenient = matching_policy(least_coverage=0.1, clear_margin=0.0)
    assert propose("hammer drill 850 W 230 V", index, (), lenient).clear
    assert not propose("hammer drill 850 W 230 V 3 kg", index, (), lenient).clear
    assert not propose("hammer drill 850 W 230 V type 77", index, (), lenient).clear


def test_searches_in_four_languages_find_one_article() -> None:
    index = index_of(
        product("GLV-L", "Nitrile disposable gloves, blue, size L"),
        product("GLV-M", "Nitrile disposable gloves, blue, size M"),
        product("BRG", "Ball bearing 6204-2RS"),
    )
    for words in (
        "blue nitrile gloves size L",
        "Nitril-Einmalhandschuhe blau Gr. L",
        "guantes desechables de nitrilo azules talla L",
        "gants nitrile jetables bleus taille L",
    ):
        found = propose(words, index, (), matching_policy())
        assert found.clear, words
        assert found.proposals[0].hit.sku == "GLV-L"


def test_one_word_is_no_description() -> None:
    index = index_of(product("CH", "Chain"))
    assert not propose("chain", index, (), matching_policy()).clear


def test_empty_catalogue_and_empty_words() -> None:
    assert index_of().search("alpha").hits == ()
    assert index_of(product("Z", "alpha")).search("").hits == ()
    assert index_of(product("Z", "alpha")).search("of the and").hits == ()


def test_typos_of_long_words_only() -> None:
    spelling = Spelling({"washer": "=washer", "nut": "=nut", "deckscheibe": "=zz"})
    assert set(spelling.near("wahser")) == {"=washer"}
    assert set(spelling.near("deckschiebbe")) == {"=zz"}
    assert spelling.near("nub") == {}
    assert spelling.near("wxyher") == {}


def test_folding() -> None:
    assert fold_part(" hf-44 71/b ") == "HF4471B"
    assert fold_gtin("4006381333931") == fold_gtin("04006381333931")
    assert fold_gtin("400638133393") != ""
    assert fold_gtin("123") == ""
    assert gtin_check_digit_holds("4006381333931")
    assert not gtin_check_digit_holds("4006381333932")
    assert fold_name("Müller Maschinenbau GmbH & Co. KG") == fold_name("MULLER Maschinenbau")
    assert fold_name("Ferretería S.A. de C.V.") == fold_name("ferreteria")
