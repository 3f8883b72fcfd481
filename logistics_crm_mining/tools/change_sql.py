"""The statements that find what changed from one published run to the next."""

from odoo.tools import SQL

# kind -> what a score says (of `score` and its `segment`), and whether that is worse than before
KINDS = {
    "churn": {
        "churn_high": (
            SQL("score.band"),
            SQL("score.state = 'high' AND before.state IS DISTINCT FROM 'high'"),
        )
    },
    "segment": {
        "segment_worse": (SQL("segment.code"), SQL("score.sequence > before.sequence")),
    },
    "key_account": {
        "class_drop": (
            SQL(
                """CASE WHEN score.reasons @> '[{"code": "key_down"}]' THEN 'drop'
                    ELSE score.band END"""
            ),
            SQL("score.state = 'drop' AND before.state IS DISTINCT FROM 'drop'"),
        )
    },
}


def _said(run, state):
    """Return what the scores of a run say: ``partner_id``, ``state`` and ``sequence``."""
    return SQL(
        """SELECT score.partner_id, %s AS state, segment.sequence
        FROM logistics_mining_score score
        LEFT JOIN logistics_mining_segment segment ON segment.id = score.segment_id
        WHERE score.run_id = %s AND score.partner_id IS NOT NULL""",
        state,
        run.id,
    )


def close_query(run, kind):
    """Return the statement that ends the changes that the run's scores do not say any more."""
    state, _worse = KINDS[run.task_id.code][kind]
    return SQL(
        """WITH said AS (%(said)s)
        UPDATE logistics_mining_change change SET is_current = false
        WHERE change.is_current AND change.kind = %(kind)s AND change.company_id = %(company)s
            AND NOT EXISTS (
                SELECT FROM said
                WHERE said.partner_id = change.partner_id AND said.state = change.new_state)""",
        said=_said(run, state),
        kind=kind,
        company=run.company_id.id,
    )


def record_query(run, before, kind):
    """Return the statement that keeps whose score became worse since the run before.

    Rows: the ids of the changes. A change that is there already is not kept twice.
    """
    state, worse = KINDS[run.task_id.code][kind]
    return SQL(
        """WITH score AS (%(now)s), before AS (%(before)s)
        INSERT INTO logistics_mining_change (
            company_id, run_id, partner_id, kind, old_state, new_state, date, found, is_current)
        SELECT %(company)s, %(run)s, score.partner_id, %(kind)s, before.state, score.state,
            %(date)s, now() AT TIME ZONE 'UTC', true
        FROM score LEFT JOIN before ON before.partner_id = score.partner_id
        WHERE %(worse)s
        ORDER BY score.partner_id
        ON CONFLICT DO NOTHING
        RETURNING id""",
        now=_said(run, state),
        before=_said(before, state),
        company=run.company_id.id,
        run=run.id,
        kind=kind,
        date=run.cutoff,
        worse=worse,
    )
