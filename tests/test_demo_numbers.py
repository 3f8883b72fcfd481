"""The demo's tax and location numbers are valid where they are shown, and nobody has two."""

import pytest
from demo_numbers import MAKERS, make_gln, make_vat
from stdnum import ean
from stdnum.util import get_cc_module

NUMBERS = range(19_003, 19_403, 3)


def test_location_numbers_are_valid_and_from_the_range_for_examples():
    made = [make_gln(number) for number in NUMBERS]
    assert len(set(made)) == len(made)
    assert all(ean.is_valid(gln) and gln.startswith("950110") for gln in made)


@pytest.mark.parametrize("country", sorted(MAKERS))
def test_tax_numbers_are_valid(country):
    made = [make_vat(country, number) for number in NUMBERS]
    module = get_cc_module(country.lower(), "vat")
    assert [vat for vat in made if not module.is_valid(vat)] == []
    assert len(set(made)) == len(made)


def test_countries_without_a_maker_have_none():
    assert make_vat("SG", 1) == ""
