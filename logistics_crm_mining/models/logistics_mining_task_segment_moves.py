import numpy as np
import pandas as pd
from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.tools import SQL

from ..analytics import last_moves, segment_moves, segment_trail
from ..tools.copy_frame import copy_frame
from ..tools.outcome import plain

# Months back to where customers are looked up in the same data, and those of them that make a
# table of moves each.
EARLIER_MONTHS = range(1, 13)
TABLE_MONTHS = (3, 12)
LAST_RUN = {
    "res_id": "int64",
    "segment_id": "int64",
    "rfm": "int64",
    "previous_segment_id": "int64",
    "rfm_before": "int64",
    "since": "date",
}
MOVE_COLUMNS = ["previous_segment_id", "segment_since", "segment_move", "rfm_before"]


class LogisticsMiningTask(models.Model):
    """Task ``segment``: where customers come from, and who fell."""

    _inherit = "logistics.mining.task"

    def _published_fields_segment(self):
        names = ["previous_segment_id", "segment_since", "segment_move"]
        return [*super()._published_fields_segment(), *names]

    def _prepare_segment_details(self, run, days, cutoff, customers, scored, outcome):
        """Add where each customer was before, and count the moves."""
        details = super()._prepare_segment_details(run, days, cutoff, customers, scored, outcome)
        trail = self._get_trail(run, days, cutoff, scored)
        last = self._read_last_segments(run)
        outcome.metrics["segment_moves"] = self._count_moves(run, trail, last, details)
        ids = self._get_segment_ids()
        moves = self._follow(trail, last, details, ids)
        return details.join(self._rank_moves(moves, details, ids))

    def _get_trail(self, run, days, cutoff, scored):
        """Return the segments at earlier cut-offs in the same data, the newest first."""
        window = relativedelta(months=run.parameters["window_months"])
        earlier = [cutoff - relativedelta(months=months) for months in EARLIER_MONTHS]
        trail = segment_trail(days, earlier, window, is_return="is_return")
        return {cutoff: scored, **trail}

    def _read_last_segments(self, run):
        """Return what the published run before knew of each customer, or None."""
        newest = run._get_newest()
        if not newest:
            return None
        query = SQL(
            """SELECT res_id, segment_id, (details->>'rfm_score')::int AS rfm,
                (details->>'previous_segment_id')::int AS previous_segment_id,
                (details->>'rfm_before')::int AS rfm_before,
                (details->>'segment_since')::date AS since
            FROM logistics_mining_score WHERE run_id = %s""",
            newest.id,
        )
        return copy_frame(self.env.cr, query, LAST_RUN).set_index("res_id")

    def _count_moves(self, run, trail, last, details):
        """Return the tables of moves: since the run before, and since earlier cut-offs."""
        codes = {number: code for code, number in self._get_segment_ids().items()}
        (cutoff, now), tables = next(iter(trail.items())), []
        if last is not None:
            before = last["segment_id"].map(codes)
            tables.append(_table("run", run._get_newest().cutoff, before, now["segment"]))
        for months in TABLE_MONTHS:
            day = cutoff - relativedelta(months=months)
            if day in trail:
                then = trail[day]["segment"]
                tables.append(_table("earlier", day.date(), then, now["segment"]))
        return plain(tables)

    def _follow(self, trail, last, details, ids):
        """Return each customer's last move: seen by a run where there is one, else in the data."""
        moves = last_moves(trail).assign(before=lambda frame: frame["before"].map(ids))
        moves = moves[["before", "since", "rfm_before"]]
        if last is None:
            return moves
        known = last.reindex(details.index)
        moved = known["segment_id"].notna() & (known["segment_id"] != details["segment_id"])
        kept = ~moved & (known["previous_segment_id"] > 0)
        new = pd.DataFrame(
            {
                "before": known["segment_id"].where(moved, known["previous_segment_id"]),
                "since": known["since"].where(~moved, next(iter(trail))),
                "rfm_before": known["rfm"].where(moved, known["rfm_before"]),
            }
        )[moved | kept]
        return pd.concat([new, moves[~moves.index.isin(new.index)]])

    def _rank_moves(self, moves, details, ids):
        """Return the columns of the customers; without a move they are missing (NaN)."""
        moves = moves.reindex(details.index)
        order = {number: place for place, number in enumerate(ids.values())}
        fall = details["segment_id"].map(order) - moves["before"].map(order)
        # back in the segment they came from: nothing to tell
        moved = moves["before"].notna() & (fall != 0)
        known = moves[moved]
        result = pd.DataFrame(index=details.index, columns=MOVE_COLUMNS, dtype=object)
        result.loc[moved, "previous_segment_id"] = known["before"].astype(int)
        result.loc[moved, "segment_since"] = known["since"].map(_iso)
        result.loc[moved, "segment_move"] = np.where(fall[moved] > 0, "down", "up")
        result.loc[moved, "rfm_before"] = known["rfm_before"].astype(int).astype(str)
        return result

    def _get_move_reasons(self, details):
        codes = {number: code for code, number in self._get_segment_ids().items()}
        columns = ["segment_id", "rfm_score", *MOVE_COLUMNS]
        return [
            [
                {
                    "code": "segment_moved",
                    "from": codes[before],
                    "to": codes[segment],
                    "move": move,
                    "since": since,
                    "rfm": [rfm_before, rfm],
                }
            ]
            if move == move
            else []
            for segment, rfm, before, since, move, rfm_before in zip(
                *(details[name].tolist() for name in columns), strict=True
            )
        ]


def _table(kind, day, before, after):
    moves = segment_moves(before, after)[["before", "after", "customers"]]
    return {"kind": kind, "since": day.isoformat(), "rows": moves.to_dict("records")}


def _iso(day):
    return pd.Timestamp(day).date().isoformat()
