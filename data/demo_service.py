"""Seeded generator of the demo company's customer service: cases, calls and leads of 18 months.

Pure functions of (demo, today): no Odoo, no clock. Times are naive UTC; people work from Monday
to Friday. What is recent may still be open, most of the rest is solved.
"""

from bisect import bisect
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import demo_service_words as words
import numpy as np
from demo_company import USD_RATES
from demo_customers import BAD_SEASON, DAYS, MAIN

CASE_DAYS = 540
CASES = {"main": 260, "china": 70}
CHANNELS = {"mail": 0.52, "portal": 0.18, "phone": 0.2, "visit": 0.05, "web": 0.05}
OPENING = 8  # UTC
FRESH = 3  # so many came in yesterday and nobody has answered yet


@dataclass(frozen=True)
class Case:
    """One story: what came in when, what was said, how it ended (`state`)."""

    customer: str
    theme: words.Theme
    severity: str
    channel: str
    order: str
    subject: str
    text: str
    received: datetime
    answered: datetime | None
    waiting: tuple | None  # from, to or None while the customer still has not answered
    solved: datetime | None
    state: str
    claimed: float
    liable: float
    settled: float
    messages: tuple  # (who: "us" or "customer", when, text)
    csat: int
    nps: int


@dataclass(frozen=True)
class Call:
    """One telephone call; `customer` is empty where nobody knows the number."""

    customer: str
    start: datetime
    direction: str
    outcome: str
    minutes: float
    note: str


def make_cases(demo, today: date) -> list:
    """Return the cases of a generated company, by time of receipt.

    Parameters
    ----------
    demo : demo_company.Demo
    today : datetime.date
        The day of the demo, as given to `generate`.
    """
    rng = np.random.default_rng(demo.profile.seed + 100)
    themes = words.THEMES if demo.profile is MAIN else words.CHINESE_THEMES
    orders = _orders_by_day(demo, today)
    days = np.sort(_case_days(rng, CASES[demo.profile.code]))[::-1]
    cases = [_make_case(rng, demo, themes, orders, today, DAYS - ago) for ago in days.tolist()]
    return sorted(cases, key=lambda case: case.received)


def _case_days(rng, count):
    """Return days before today: many in the bad season, a few in the last week."""
    recent = np.append(rng.uniform(1, 7, count // 5), np.full(FRESH, 1.0))
    bad = DAYS - rng.uniform(BAD_SEASON[0], BAD_SEASON[1], count // 4)
    rest = rng.uniform(7, CASE_DAYS, count - len(recent) - len(bad))
    return np.concatenate([recent, bad, rest])


def _orders_by_day(demo, today):
    """Return (day, customer, order, product, amount in dollars), one per order, by day."""
    start, rows = today - timedelta(days=DAYS), {}
    names = {product.key: product.name for product in demo.products}
    for line in demo.lines:
        if line["quantity"] > 0:
            day = (date.fromisoformat(line["date"]) - start).days
            amount = line["amount"] / USD_RATES[line["currency"]]
            known = rows.get(line["order"])
            total = amount + (known[4] if known else 0)
            name = known[3] if known else names[line["product"]]
            rows[line["order"]] = (day, line["customer"], line["order"], name, total)
    return sorted(rows.values())


def _make_case(rng, demo, themes, orders, today, day):
    """Return the story of a case that came in on a day (a float, counted from the start)."""
    newest = bisect(orders, (day,))
    _day, key, order, product, value = orders[int(rng.integers(max(0, newest - 200), newest))]
    customer = next(c for c in demo.customers if c.key == key)
    theme = _choose_theme(rng, themes, BAD_SEASON[0] <= day < BAD_SEASON[1])
    fill = {"order": order, "product": product, "city": customer.city}
    received = _moment(rng, today, int(day))
    severity = str(rng.choice(theme.severities))
    now = received if day == DAYS - 1 else datetime.combine(today, time(6))
    times = _tell_times(rng, received, severity, now)
    claimed = round(value * theme.claim * float(rng.uniform(0.5, 1.5)), -1)
    liable = round(claimed * float(rng.choice([0, 0.5, 0.8, 1])), 2) if times["solved"] else 0.0
    return Case(
        customer=key,
        theme=theme,
        severity=severity,
        channel=str(rng.choice(list(CHANNELS), p=list(CHANNELS.values()))),
        order=order,
        subject=theme.subject.format(**fill),
        text=theme.text.format(**fill),
        received=received,
        claimed=claimed,
        liable=liable,
        settled=liable if times["state"] == "closed" else 0.0,
        messages=_tell_messages(theme, times),
        csat=_rate(rng, times, received),
        nps=int(np.clip(rng.normal(8 if theme.kind != "complaint" else 6.5, 2), 0, 10)),
        **times,
    )


def _choose_theme(rng, themes, is_bad):
    weights = np.array([theme.share * (theme.bad if is_bad else 1) for theme in themes])
    return themes[int(rng.choice(len(themes), p=weights / weights.sum()))]


def _moment(rng, today, day):
    """Return a moment of a working day, counted from the start of the history."""
    found = today - timedelta(days=DAYS - day)
    found -= timedelta(days=max(0, found.weekday() - 4))
    return datetime.combine(found, time(OPENING)) + timedelta(minutes=int(rng.integers(0, 480)))


def _later(start, hours):
    """Return the moment so many working hours later, eight a day from Monday to Friday."""
    day, minutes = start, hours * 60
    while True:
        closing = datetime.combine(day.date(), time(OPENING + 8))
        left = (closing - day).total_seconds() / 60 if day.weekday() < 5 else 0
        if minutes <= left:
            return day + timedelta(minutes=round(minutes))
        minutes -= max(left, 0)
        day = datetime.combine(day.date() + timedelta(days=1), time(OPENING))


def _tell_times(rng, received, severity, now):
    """Return answered, waiting, solved and state; what would be after `now` has not happened."""
    pace = {"low": 1.2, "medium": 1.0, "high": 0.5, "critical": 0.18}[severity]
    answered = _later(received, float(rng.lognormal(1.0, 0.8)) * pace)
    waits = rng.random() < 0.5
    asked = _later(answered, float(rng.uniform(0.2, 3)) * pace)
    replied = _later(asked, float(rng.lognormal(1.8, 0.8)))
    begin = replied if waits else answered
    solved = _later(begin, float(rng.lognormal(2.4, 0.75)) * pace)
    if solved > now and now - received > timedelta(days=30):
        solved = now - timedelta(days=2)
    if solved <= now:
        state = "closed" if now - solved > timedelta(days=7) else "solved"
    elif waits and asked <= now < replied:
        state = "waiting"
    else:
        state = "open" if answered <= now else "new"
    if solved <= now and rng.random() < 0.03:
        state = "cancelled"
    return {
        "answered": answered if answered <= now else None,
        "waiting": (asked, replied if replied <= now else None) if waits and asked <= now else None,
        "solved": solved if solved <= now and state != "cancelled" else None,
        "state": state,
    }


def _tell_messages(theme, times):
    """Return the conversation as far as it got."""
    told = []
    if times["waiting"]:
        asked, replied = times["waiting"]
        told += [("us", asked, theme.question)]
        told += [("customer", replied, theme.reply)] if replied else []
    elif times["answered"]:
        told += [("us", times["answered"], theme.question)]
    if times["solved"]:
        told += [("us", times["solved"], theme.solution)]
    return tuple(told)


def _rate(rng, times, received):
    """Return the rating from 1 to 5, 0 for those who gave none; quick answers please."""
    if times["state"] != "closed" or rng.random() < 0.45:
        return 0
    days = (times["solved"] - received).total_seconds() / 86400
    return int(np.clip(round(float(rng.normal(4.7 - 0.25 * days, 0.8))), 1, 5))


def make_calls(demo, today: date) -> list:
    """Return the calls of the last 60 days; some of the last two days wait to be returned."""
    rng = np.random.default_rng(demo.profile.seed + 200)
    regular = [c.key for c in demo.customers if c.rhythm in ("weekly", "monthly", "growing")]
    calls = []
    for _number in range(110 if demo.profile is MAIN else 30):
        start = _moment(rng, today, DAYS - 2 - int(rng.uniform(0, 58)))
        answered = rng.random() < 0.85
        calls.append(
            Call(
                customer=str(rng.choice(regular)) if rng.random() < 0.93 else "",
                start=start,
                direction="in" if rng.random() < 0.7 or not answered else "out",
                outcome="answered" if answered else "returned",
                minutes=float(rng.integers(1, 14)) if answered else 0.0,
                note=str(rng.choice(words.CALL_NOTES)) if answered else "",
            )
        )
    for number, outcome in enumerate(("missed", "missed", "callback", "voicemail", "missed")):
        start = _moment(rng, today, DAYS - 1)
        customer = str(rng.choice(regular)) if number < 4 else ""
        calls.append(Call(customer, start, "in", outcome, 0.0, ""))
    return sorted(calls, key=lambda call: call.start)
