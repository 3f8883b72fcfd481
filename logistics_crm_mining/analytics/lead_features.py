"""What a lead is known by when it comes in: a table for the model, no Odoo, no names."""

import numpy as np
import pandas as pd

from ._validation import require_columns
from .odoo_bayes import TAG

# Columns of the frame and what they hold: ids and counts are whole numbers, -1 is "none".
LEAD_FRAME = {
    "lead_id": "id of the lead",
    "outcome": "1 won, 0 lost, -1 open",
    "created": "seconds since 1970 (UTC)",
    "closed": "seconds since 1970, NaN where unknown or open",
    "team": "id",
    "source": "id: where the lead came from",
    "medium": "id",
    "campaign": "id",
    "country": "id",
    "state": "id",
    "language": "id",
    "is_lead": "came as a lead to be qualified, not as an opportunity",
    "email": "0 none, 1 incorrect, 2 correct",
    "phone": "0 none, 1 incorrect, 2 correct",
    "recommended": "somebody is named who recommended us",
    "revenue": "expected, in company currency; 0 is unknown, less counts as next to nothing",
    "known": "the contact was there before the lead came",
    "orders_before": "days on which the customer had ordered before",
    "won_before": "leads of the customer won before",
    "lost_before": "leads of the customer lost before",
    "known_as_of": "since when the contact was known, seconds, NaN for never",
    "history_as_of": "the newest fact among the three counts before, seconds, NaN for none",
    "weekday": "of creation at the company, 1 Monday to 7 Sunday",
    "hour": "of creation at the company",
}
CATEGORIES = ("team", "source", "medium", "campaign", "country", "state", "language")
# What a lead has had since it came in: where it came from, and how it can be reached.
SINCE_CREATED = (*CATEGORIES, "email", "phone")
COUNTS = ("orders_before", "won_before", "lost_before")
FLAGS = ("recommended", "known")
_QUALITY = np.array(["none", "incorrect", "correct"], dtype=object)
_DAYTIMES = np.array(["night", "morning", "afternoon", "evening"], dtype=object)
_DAYS = np.array(["mon", "tue", "wed", "thu", "fri", "sat", "sun"], dtype=object)


def lead_features(frame):
    """Turn the frame of leads into the columns that models look at.

    Parameters
    ----------
    frame : DataFrame
        With the columns of `LEAD_FRAME`; tags are boolean columns "tag_<id>".

    Returns
    -------
    DataFrame
        Indexed as `frame`: ids as texts (missing where there is none), `came_as` ("lead" or
        "opportunity"), `email` and `phone` ("none", "incorrect", "correct"), `revenue_known` and
        `revenue` (NaN where unknown), `recommended`, `known`, the three counts, `weekday`,
        `daytime`, and the tags.
    """
    require_columns(frame, LEAD_FRAME, "the frame of leads")
    columns = {name: _ids(frame[name]) for name in CATEGORIES}
    columns["came_as"] = np.where(frame["is_lead"], "lead", "opportunity").astype(object)
    columns |= {name: _QUALITY[frame[name].to_numpy()] for name in ("email", "phone")}
    revenue = frame["revenue"].to_numpy(dtype=float)
    columns["revenue_known"] = (revenue != 0) & ~np.isnan(revenue)
    columns["revenue"] = np.where(revenue != 0, np.maximum(revenue, 0.0), np.nan)
    columns |= {name: frame[name].to_numpy(dtype=bool) for name in FLAGS}
    columns |= {name: frame[name].to_numpy(dtype=float) for name in COUNTS}
    columns["weekday"] = _DAYS[frame["weekday"].to_numpy() - 1]
    columns["daytime"] = _DAYTIMES[frame["hour"].to_numpy() // 6]
    tags = [name for name in frame.columns if name.startswith(TAG)]
    columns |= {name: frame[name].to_numpy(dtype=bool) for name in tags}
    return pd.DataFrame(columns, index=frame.index)


def lead_as_of(frame):
    """Return since when the facts of a lead's past were known: column -> dates, NaT for never."""
    history = pd.to_datetime(frame["history_as_of"], unit="s")
    known = pd.to_datetime(frame["known_as_of"], unit="s")
    return {**dict.fromkeys(COUNTS, history), "known": known.where(frame["known"].astype(bool))}


def creation_order(frame):
    """Put leads and their endings on one scale: the order in which they came.

    Leads that came at the same moment, as in an import, are ordered by id.

    Returns
    -------
    created, closed : ndarray of shape (n,)
        The place of each lead, and how many leads had come when its outcome was known; its own
        place where nobody knows when.
    """
    order = np.lexsort((frame["lead_id"].to_numpy(), frame["created"].to_numpy()))
    place = np.empty(len(frame))
    place[order] = np.arange(len(frame))
    moments = frame["created"].to_numpy()[order]
    known = np.searchsorted(moments, frame["closed"].to_numpy(), side="right").astype(float)
    return place, np.where(frame["closed"].isna(), place, np.maximum(known, place))


def _ids(values):
    numbers = values.to_numpy()
    texts = np.where(numbers > 0, numbers.astype(str).astype(object), None)
    return pd.array(texts, dtype="string")  # categories, even where all are missing
