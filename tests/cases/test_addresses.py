"""Addresses made from a pattern are those that `reverse` makes."""

import pytest
from django.urls import reverse, set_script_prefix

from cases.templatetags.addresses import Addresses, address

OF_PASSAGES = ("passage_untag", "passage_quotable", "passage_memo", "passage_look_done", "second_untag")
OF_TEXTS = ("passage_tag", "finding_change", "finding_delete")
EACH = [*((name, 7) for name in OF_PASSAGES), *((name, "k3d9-x_y") for name in OF_TEXTS)]


@pytest.mark.parametrize(("name", "key"), EACH)
def test_it_is_the_address_that_django_makes(name, key):
    for review, case in (("babies", "ab12"), ("older-children", "cd34"), ("babies", "ab12")):
        assert address(name, review, case, key) == reverse(name, args=[review, case, key])


@pytest.mark.parametrize("name", ["case_answers", "selection_decide", "case_ask"])
def test_it_is_the_address_of_a_case_of_the_ranking(name):
    for review, case in (("babies", "ab12"), ("babies", "cd34"), ("older-children", "ab12")):
        assert address(name, review, case) == reverse(name, args=[review, case])


@pytest.mark.parametrize(("name", "key"), EACH)
def test_those_of_one_case_are_the_same(name, key):
    of_case = Addresses("babies", "ab12")
    for _ in range(2):
        assert of_case(name, key) == reverse(name, args=["babies", "ab12", key])
    assert of_case("case") == reverse("case", args=["babies", "ab12"])
    assert of_case("writing_draft", "memo", 7) == reverse("writing_draft", args=["babies", "ab12", "memo", 7])


def test_it_follows_the_place_at_which_the_service_is_served():
    plain = address("passage_memo", "babies", "ab12", 7)
    set_script_prefix("/practice/")
    try:
        assert address("passage_memo", "babies", "ab12", 7) == "/practice" + plain
    finally:
        set_script_prefix("/")
