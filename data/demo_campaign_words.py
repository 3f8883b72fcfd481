"""Words of the demo's campaigns, in the language of each company. Data only."""

from typing import NamedTuple

from demo_customers import CHINA, MAIN


class Campaign(NamedTuple):
    """A list that asked customers for an answer: days ago, days measured, share of customers."""

    name: str
    ago: int
    days: int
    share: float


class Words(NamedTuple):
    """The campaigns of a company; `silent` (name, days ago, days measured) may be missing."""

    campaigns: tuple
    holdout: float  # share left alone; a small company needs more of them to measure anything
    silent: tuple
    running: str
    to_do: str


WORDS = {
    MAIN.code: Words(
        campaigns=(
            Campaign("Price list of the new season", 330, 60, 0.8),
            Campaign("Consolidated shipments by sea", 200, 60, 0.8),
            Campaign("Weekly rail instead of road", 110, 50, 0.8),
        ),
        holdout=0.15,
        silent=("Call who went silent", 262, 55),
        running="Call who is leaving",
        to_do="Ask what keeps them from ordering",
    ),
    CHINA.code: Words(
        campaigns=(
            Campaign("新季度价目表", 300, 60, 0.9),
            Campaign("中欧班列每周发运", 150, 60, 0.9),
        ),
        holdout=0.4,
        silent=(),
        running="致电可能流失的客户",
        to_do="询问客户不再下单的原因",
    ),
}
