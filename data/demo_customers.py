"""Customers of the demo company: who they are, how they order, when they come and go."""

from dataclasses import dataclass, replace

import demo_words as words
import numpy as np

DAYS = 3 * 365
BAD_SEASON = (DAYS - 430, DAYS - 280)  # days in which the road carrier failed


@dataclass(frozen=True)
class Rhythm:
    """How a kind of customer orders: every `gap` days, with a trend, seasons or an end."""

    share: float  # of all customers
    gap: float  # mean days between orders at the start
    lines: float  # mean lines per order
    size: float  # size of an order beside the others
    trend: float = 0.0  # growth of the order rate over the three years, as a logarithm
    season: float = 0.12  # strength of the season
    leaves: float = 0.3  # share of those who stop ordering
    orders: int = 0  # fixed number of orders, 0 for as many as the rhythm gives


RHYTHMS = {
    "weekly": Rhythm(0.11, 7, 3.6, 1.9),
    "monthly": Rhythm(0.27, 28, 2.8, 1.1),
    "occasional": Rhythm(0.14, 75, 2.0, 0.7),
    "seasonal": Rhythm(0.10, 30, 2.6, 1.0, season=1.2),
    "one-off": Rhythm(0.14, 365, 1.8, 0.8, leaves=0.0, orders=1),
    "growing": Rhythm(0.05, 40, 2.8, 1.2, trend=1.4, leaves=0.0),
    "declining": Rhythm(0.07, 11, 2.8, 1.1, trend=-2.4, leaves=0.0),
    "lost": Rhythm(0.12, 12, 2.8, 1.3, leaves=1.0),
}


@dataclass(frozen=True)
class Profile:
    """One of the two companies: its name, currency, and the shape of its business."""

    code: str
    name: str
    currency: str
    country: str
    city: str
    customers: int
    order_prefix: str
    home_share: float  # share of customers from the company's own country
    foreign_pay_own: float  # share of foreign customers who pay in the company's currency
    seed: int


MAIN = Profile("main", "Orrin Bay Logistics", "USD", "US", "Tacoma", 400, "OB", 0.26, 0.1, 19)
CHINA = Profile("china", "欧林湾物流（上海）", "CNY", "CN", "上海", 110, "SH", 0.72, 0.3, 23)
SHARED = 12  # so many of the main company's customers buy from the Chinese company too


@dataclass(frozen=True)
class Customer:
    """A customer of the demo company; `main_key` names the same customer at the main company."""

    key: str
    name: str
    country: str
    city: str
    currency: str
    rhythm: str
    size: float
    first: int
    last: int
    main_key: str = ""


def make_customers(rng, profile: Profile) -> list:
    """Return the company's customers; in China the first ones are customers of `MAIN` too."""
    rhythms = _spread({name: r.share for name, r in RHYTHMS.items()}, profile.customers)
    rng.shuffle(rhythms)
    shares = {code: row[0] for code, row in words.COUNTRIES.items()}
    scale = (1 - profile.home_share) / (sum(shares.values()) - shares[profile.country])
    shares = {code: share * scale for code, share in shares.items()}
    shares[profile.country] = profile.home_share
    countries = _spread(shares, profile.customers)
    rng.shuffle(countries)
    names = _company_names(rng, countries, profile is MAIN)
    customers = [
        _make_customer(rng, profile, number, rhythm, country, name)
        for number, (rhythm, country, name) in enumerate(
            zip(rhythms, countries, names, strict=True)
        )
    ]
    return customers if profile is MAIN else _share_customers(customers)


def _make_customer(rng, profile, number, rhythm, country, name):
    _share, currency, _form, cities = words.COUNTRIES[country]
    newest = DAYS - 400 if RHYTHMS[rhythm].leaves == 1 else DAYS - 100
    first = 0 if rng.random() < 0.55 else int(rng.uniform(20, newest))
    if country != profile.country and rng.random() < profile.foreign_pay_own:
        currency = profile.currency
    return Customer(
        key=f"{profile.order_prefix}-C{number + 1:04d}",
        name=name,
        country=country,
        city=str(rng.choice(cities)),
        currency=currency,
        rhythm=rhythm,
        size=float(rng.lognormal(0, 0.7)) * RHYTHMS[rhythm].size,
        first=first,
        last=_last_day(rng, RHYTHMS[rhythm], first),
    )


def _last_day(rng, rhythm, first):
    """Return the day a customer stops. Of those who leave, most find in their first
    months that we do not suit them, and the others leave in the bad season."""
    if rng.random() >= rhythm.leaves:
        return DAYS - 1
    if rng.random() < 0.8:
        return min(first + 25 + int(rng.exponential(60)), DAYS - 1)
    return max(int(rng.uniform(*BAD_SEASON)), first + 60)


def _share_customers(customers):
    """Replace the identity of some customers by that of large customers of the main company."""
    main = make_customers(np.random.default_rng(MAIN.seed), MAIN)
    regular = [c for c in main if c.rhythm in ("weekly", "monthly") and c.country != "CN"]
    regular.sort(key=lambda c: -c.size)
    shared = [
        replace(own, name=other.name, country=other.country, city=other.city, main_key=other.key)
        for own, other in zip(customers[:SHARED], regular, strict=False)
    ]
    return shared + customers[SHARED:]


def _spread(shares, count):
    """Return `count` names in proportion to their shares, by largest remainder."""
    total = sum(shares.values())
    exact = {name: count * share / total for name, share in shares.items()}
    whole = {name: int(value) for name, value in exact.items()}
    by_remainder = sorted(exact, key=lambda name: whole[name] - exact[name])
    for name in by_remainder[: count - sum(whole.values())]:
        whole[name] += 1
    return [name for name, n in whole.items() for _ in range(n)]


def _company_names(rng, countries, from_the_front):
    """Return one invented name per country code; the two companies draw from opposite ends."""
    latin = [f"{stem} {trade}" for stem in words.STEMS for trade in words.TRADES]
    han = [
        first + second + trade
        for first in words.HAN_FIRST
        for second in words.HAN_SECOND
        for trade in words.HAN_TRADES
    ]
    order, step = np.random.default_rng(5), 1 if from_the_front else -1
    latin, han = (list(order.permutation(names)[::step]) for names in (latin, han))
    names = []
    for country in countries:
        _share, _currency, form, cities = words.COUNTRIES[country]
        if country == "CN":
            names.append(f"{rng.choice(cities)}{han.pop()}{form}")
        else:
            names.append(f"{latin.pop()} {form}")
    return names
