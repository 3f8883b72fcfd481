"""Seeded generator of a plausible logistics company: customers, products, three years of lines.

Pure functions of (date, seed): no Odoo, no clock, no files. Every day is counted from the first
day of the history, so the story (who grows, who left, when the carrier failed) is the same
whatever the date; only the seasons follow the calendar.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import demo_words as words
import numpy as np
from demo_customers import BAD_SEASON, DAYS, MAIN, RHYTHMS, Profile, make_customers

USD_RATES = {"USD": 1.0, "EUR": 0.92, "GBP": 0.79, "CNY": 7.15}  # units for one US dollar


@dataclass(frozen=True)
class Product:
    """A freight lane, a warehouse or value-added service, or goods."""

    key: str
    name: str
    kind: str
    price: float
    quantity: float
    transit: int
    carrier: str


@dataclass(frozen=True)
class Demo:
    """What the generator returns: `lines` are rows of `logistics.api.load_sales_history`."""

    profile: Profile
    customers: list
    products: list
    lines: list


def generate(today: date, profile: Profile = MAIN) -> Demo:
    """Generate customers, products and order lines whose last day is the day before `today`.

    Parameters
    ----------
    today : datetime.date
        The day the demo starts; the history covers the 1,095 days before it.
    profile : Profile
        `MAIN` or `CHINA`; its seed makes the result repeatable.

    Returns
    -------
    Demo
        Amounts are untaxed, in the currency of the line; dates are ISO 8601 text.
    """
    rng = np.random.default_rng(profile.seed)
    start = today - timedelta(days=DAYS)
    products = get_products()
    customers = make_customers(rng, profile)
    orders = []
    for customer in customers:
        basket = _choose_basket(rng, customer, products)
        for day in _order_days(rng, customer, start):
            orders.append((int(day), customer, _order_lines(rng, customer, basket, int(day))))
    orders = _end_yesterday(sorted(orders, key=lambda order: (order[0], order[1].key)))
    return Demo(profile, customers, products, _number(rng, orders, start, profile))


def get_products() -> list:
    """Return what the company sells."""
    return [Product(*row) for row in words.PRODUCTS]


def monthly_rates(today: date, seed: int = 19) -> list:
    """Return (first day of month, currency, units for one US dollar) for three years and more.

    The rates walk at random around `USD_RATES`; the US dollar is listed with 1.0, so that no
    currency is without a rate in any company.
    """
    rng = np.random.default_rng(seed)
    last = today.year * 12 + today.month - 1
    months = [date(m // 12, m % 12 + 1, 1) for m in range(last - 37, last + 1)]
    rows = []
    for currency, level in USD_RATES.items():
        steps = rng.normal(0, 0.0 if currency == "USD" else 0.009, len(months))
        walk = level * np.exp(np.cumsum(steps) - steps.sum() / 2)
        rows += [(m, currency, round(float(r), 6)) for m, r in zip(months, walk, strict=True)]
    return rows


def _season(days, start, strength):
    """Return the season's factor per day: a peak in October, a dip in February."""
    first = start.timetuple().tm_yday
    angle = 2 * np.pi * (days + first - 288) / 365.25
    return np.exp(strength * (np.cos(angle) - 0.2))


def _order_days(rng, customer, start):
    """Return the days a customer orders: a gamma renewal process in a clock that the trend and
    the season speed up or slow down, moved from weekends to Fridays and Mondays."""
    rhythm = RHYTHMS[customer.rhythm]
    if rhythm.orders:
        return np.array([_workday(start, int(rng.uniform(30, DAYS - 30)))])
    days = np.arange(customer.first, customer.last + 1)
    rate = np.exp(rhythm.trend * days / DAYS) * _season(days, start, rhythm.season) / rhythm.gap
    clock = np.cumsum(rate)
    ticks = np.cumsum(rng.gamma(2.0, 0.5, int(clock[-1] * 2 + 20)))
    ticks = ticks[ticks < clock[-1]] if ticks[0] < clock[-1] else clock[-1:] / 2
    found = days[np.searchsorted(clock, ticks)]
    return np.unique([_workday(start, int(day)) for day in found]).astype(int)


def _workday(start, day):
    weekday = (start + timedelta(days=day)).weekday()
    return min(day + {5: -1, 6: 1}.get(weekday, 0), DAYS - 1) if day else day


def _choose_basket(rng, customer, products):
    """Return the products a customer buys, with the probability of each."""
    chosen = rng.choice(len(products), int(rng.integers(3, 9)), replace=False)
    weights = rng.dirichlet(np.full(len(chosen), 0.8))
    return [products[i] for i in chosen], weights


def _order_lines(rng, customer, basket, day):
    """Return (product, quantity, amount) per line of one order."""
    products, weights = basket
    count = min(1 + rng.poisson(RHYTHMS[customer.rhythm].lines - 1), len(products))
    chosen = np.argsort(rng.exponential(size=len(products)) / weights)[:count]  # by weight
    factors = rng.lognormal(-0.3, 0.45, count).tolist()
    level = 1.03 ** (day / 365) * USD_RATES[customer.currency]
    lines = []
    for product, factor in zip((products[i] for i in chosen), factors, strict=True):
        quantity = max(1, round(product.quantity * customer.size * factor))
        price = round(product.price * level * (0.9 if quantity > 3 * product.quantity else 1), 2)
        lines.append((product, quantity, round(price * quantity, 2)))
    return lines


def _end_yesterday(orders):
    """Move the last order to the last day, so that the history always ends yesterday."""
    _day, customer, lines = orders[-1]
    return [*orders[:-1], (DAYS - 1, customer, lines)]


def _number(rng, orders, start, profile):
    """Turn orders into rows of the public loader, with deliveries and returns."""
    rows, returns = [], []
    for number, (day, customer, lines) in enumerate(orders):
        ref = f"{profile.order_prefix}{number + 1:06d}"
        for line, (product, quantity, amount) in enumerate(lines, 1):
            row = _row(customer, start, day, ref, line, product, quantity, amount)
            rows.append(row | _delivery(rng, product, start, day))
            back = day + int(rng.integers(7, 30))
            if product.kind == "goods" and rng.random() < 0.06 and back < DAYS:
                part = max(1, int(quantity * rng.uniform(0.1, 0.6)))
                value = -round(amount * part / quantity, 2)
                returns.append(_row(customer, start, back, f"{ref}-R", line, product, -part, value))
    return rows + returns


def _row(customer, start, day, order, line, product, quantity, amount):
    return {
        "order": order,
        "line": str(line),
        "date": _iso(start, day),
        "customer": customer.key,
        "product": product.key,
        "quantity": quantity,
        "amount": amount,
        "currency": customer.currency,
        "customer_name": customer.name,
        "customer_country": customer.country,
        "product_name": product.name,
    }


def _delivery(rng, product, start, day):
    """Return the dates promised and delivered; what is still on its way has no delivery."""
    late, early, delay = rng.random(), int(rng.integers(0, 2)), int(rng.geometric(0.35))
    if not product.transit:
        return {}
    promised = day + product.transit + 1
    delivered = promised + delay if late < _late_share(product, day) else promised - early
    dates = {"promised": _iso(start, promised)}
    return dates | ({"delivered": _iso(start, delivered)} if delivered < DAYS else {})


def _late_share(product, day):
    """Return the probability of a late delivery: the road carrier failed in the bad season."""
    if BAD_SEASON[0] <= day < BAD_SEASON[1]:
        return 0.42 if product.carrier == words.KESTREL else 0.14
    return {words.OWN: 0.03, words.ALBION: 0.05}.get(product.carrier, 0.08)


def _iso(start, day):
    return (start + timedelta(days=int(day))).isoformat()
