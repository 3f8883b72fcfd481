"""What was known of each customer when a campaign contacted them."""

import numpy as np
import pandas as pd

from ._validation import require_columns

RESPONSE_FEATURES = {
    "days_since_last": "Days since the last order.",
    "days_since_first": "Days since the first order.",
    "orders": "Days with orders.",
    "orders_year": "Days with orders in the last 365 days.",
    "usual_days": "Mean days between two orders; missing with one order.",
    "silence": "Days since the last order over the usual days; missing with one order.",
    "amount_year": "Bought for in the last 365 days, less returns.",
    "average_order": "Mean amount of an order.",
    "earlier_contacts": "Campaigns that contacted the customer and were over.",
    "earlier_answers": "How many of these the customer answered.",
    "channel": "How the campaign contacts its customers.",
    "segment": "The customer's segment then; missing where it was not kept.",
}
#: Columns that tell of one thing: a reason adds up what they do, and is told by the first.
RESPONSE_GROUPS = (
    ("silence", "days_since_last", "usual_days"),
    ("orders_year", "orders", "days_since_first"),
    ("amount_year", "average_order"),
    ("earlier_answers", "earlier_contacts"),
)
#: What recency, the simplest guess of who answers, goes by.
RECENCY = ["days_since_last"]
#: Columns that grow with every campaign and day: that they have moved is no news.
GROWING = ("earlier_contacts", "earlier_answers", "days_since_first", "orders")
#: Columns that are left out where nearly all of them are missing, or all the same.
OPTIONAL = ("segment", "channel", "earlier_answers", "earlier_contacts")
MIN_KNOWN = 0.5
CONTACT_COLUMNS = (
    "time",
    "orders",
    "orders_year",
    "first_date",
    "last_date",
    "amount",
    "amount_year",
    "earlier_contacts",
    "earlier_answers",
    "answers_date",
    "channel",
    "segment",
)


def response_features(contacts):
    """Turn what was counted of each contact into features, with the day each was known.

    Parameters
    ----------
    contacts : DataFrame
        One row per customer and campaign with `CONTACT_COLUMNS`: `time`, the day of the contact;
        `orders`, `orders_year`, `amount` and `amount_year` up to it; `first_date`, `last_date` of
        the orders and `answers_date` of the newest earlier answer (NaT for none);
        `earlier_contacts`, `earlier_answers`; `channel` and `segment` (text or None).

    Returns
    -------
    X : DataFrame
        With the columns of `RESPONSE_FEATURES`.
    as_of : dict of str to Series
        For the columns that come from orders and earlier answers, when they became known.
    """
    require_columns(contacts, CONTACT_COLUMNS, "contacts")
    orders = contacts["orders"].astype(float)
    last = (contacts["time"] - contacts["last_date"]).dt.days.astype(float)
    first = (contacts["time"] - contacts["first_date"]).dt.days.astype(float)
    usual = ((first - last) / (orders - 1).where(orders > 1)).clip(lower=1.0)
    X = pd.DataFrame(
        {
            "days_since_last": last,
            "days_since_first": first,
            "orders": orders,
            "orders_year": contacts["orders_year"].astype(float),
            "usual_days": usual,
            "silence": last / usual,
            "amount_year": contacts["amount_year"].astype(float),
            "average_order": contacts["amount"] / orders.where(orders > 0),
            "earlier_contacts": contacts["earlier_contacts"].astype(float),
            "earlier_answers": contacts["earlier_answers"].astype(float),
            "channel": contacts["channel"].astype(object),
            "segment": contacts["segment"].astype(object),
        }
    )
    as_of = dict.fromkeys(list(RESPONSE_FEATURES)[:8], contacts["last_date"])
    return X, {**as_of, "earlier_answers": contacts["answers_date"]}


def useful_columns(X):
    """Return the columns that say something: those mostly missing or all alike are left out."""
    require_columns(X, list(RESPONSE_FEATURES), "X")
    return [
        name
        for name in RESPONSE_FEATURES
        if name not in OPTIONAL
        or (X[name].notna().mean() >= MIN_KNOWN and X[name].nunique(dropna=False) > 1)
    ]


def prepare_contacts(contacts, channels, segments):
    """Return contacts with texts in place of the numbers of channels and segments.

    Parameters
    ----------
    contacts : DataFrame
        With `channel` (a place in `channels`) and `segment_id` (a key of `segments`); below 0
        or unknown: missing.
    channels : list of str
    segments : dict of int to str
    """
    known = contacts["channel"].between(0, len(channels) - 1)
    names = np.array(channels, dtype=object)[contacts["channel"].where(known, 0).astype(int)]
    segment = contacts["segment_id"].map(segments)
    return contacts.assign(
        channel=pd.Series(names, contacts.index, dtype=object).where(known, None),
        segment=segment.astype(object).where(segment.notna(), None),
    )
