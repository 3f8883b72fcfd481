"""Tax and location numbers of the demo: invented, with check digits that are right.

Location numbers begin with 950110, the range that GS1 keeps for examples. Tax numbers begin with
digits that the registers have not given out, as far as the country has such a range.
"""

from stdnum import ean

GLN_RANGE = "950110"
WEIGHTS_GB = (8, 7, 6, 5, 4, 3, 2)
WEIGHTS_NL = (9, 8, 7, 6, 5, 4, 3, 2)
WEIGHTS_PL = (6, 5, 7, 2, 3, 4, 5, 6, 7)


def make_gln(number):
    """Return the Global Location Number (str of 13 digits) of a counter."""
    body = f"{GLN_RANGE}{number:06d}"
    return body + ean.calc_check_digit(body)


def make_vat(country, number):
    """Return the tax number (str) of a counter in a country, empty where we make none."""
    maker = MAKERS.get(country)
    return maker(number) if maker else ""


def _make_german(number):
    """Return DE and nine digits, ISO/IEC 7064 MOD 11,10."""
    body, check = f"999{number:05d}", 10
    for digit in body:
        check = (int(digit) + check) % 10 or 10
        check = check * 2 % 11
    return f"DE{body}{(11 - check) % 10}"


def _make_british(number):
    """Return GB and nine digits whose last two bring the weighted sum to a multiple of 97."""
    body = f"00{number:05d}"
    total = sum(w * int(digit) for w, digit in zip(WEIGHTS_GB, body, strict=True))
    return f"GB{body}{-total % 97:02d}"


def _make_french(number):
    """Return FR, a key and a SIREN, which ends in a Luhn digit."""
    body = f"000{number:05d}"
    digits = [int(digit) for digit in body]
    doubled = [sum(divmod(d * 2, 10)) if place % 2 else d for place, d in enumerate(digits)]
    siren = f"{body}{-sum(doubled) % 10}"
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def _make_dutch(number):
    """Return NL, eight digits, one that brings the sum to a multiple of 11, and B01."""
    while True:
        body = f"000{number:05d}"
        check = sum(w * int(digit) for w, digit in zip(WEIGHTS_NL, body, strict=True)) % 11
        if check < 10:
            return f"NL{body}{check}B01"
        number += 50_000


def _make_polish(number):
    """Return PL and ten digits, the last the weighted sum modulo 11."""
    while True:
        body = f"0000{number:05d}"
        check = sum(w * int(digit) for w, digit in zip(WEIGHTS_PL, body, strict=True)) % 11
        if check < 10:
            return f"PL{body}{check}"
        number += 50_000


MAKERS = {
    "DE": _make_german,
    "GB": _make_british,
    "FR": _make_french,
    "NL": _make_dutch,
    "PL": _make_polish,
}


def set_numbers(demo, partners):
    """Give every third company a location number, and a tax number where the country has one."""
    for number, customer in enumerate(demo.customers, 1):
        if number % 3 or customer.main_key:
            continue
        own = number + demo.profile.seed * 1000
        values = {"global_location_number": make_gln(own)}
        vat = make_vat(customer.country, own)
        partners[customer.key].write({**values, "vat": vat} if vat else values)
