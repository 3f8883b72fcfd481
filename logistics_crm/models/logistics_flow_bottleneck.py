from odoo import fields, models
from odoo.tools import SQL


class LogisticsFlowBottleneck(models.Model):
    """Where orders wait: each step and role of a company, over the last 365 days."""

    _name = "logistics.flow.bottleneck"
    _description = "Order Flow Bottleneck"
    _auto = False
    _order = "company_id, sequence, role_id"
    _rec_name = "stage_id"
    _depends = {
        "logistics.flow.step": [
            "company_id",
            "date_done",
            "date_open",
            "role_id",
            "stage_id",
            "state",
            "waiting_days",
        ],
        "logistics.flow.stage": ["days", "sequence"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    stage_id = fields.Many2one("logistics.flow.stage", string="Step", readonly=True)
    sequence = fields.Integer(readonly=True, aggregator=None)
    role_id = fields.Many2one("logistics.account.role", readonly=True)
    done_count = fields.Integer(string="Done", readonly=True)
    median_days = fields.Float(string="Days, Median", readonly=True, aggregator="max")
    average_days = fields.Float(string="Days, Average", readonly=True, aggregator="max")
    slow_days = fields.Float(
        string="Days, Slowest 10%",
        readonly=True,
        aggregator="max",
        help="Nine of ten were done within these days.",
    )
    waiting_count = fields.Integer(string="Waiting Now", readonly=True)
    stuck_count = fields.Integer(string="Stuck Now", readonly=True)
    oldest = fields.Datetime(string="Oldest Since", readonly=True)

    @property
    def _table_query(self):
        """Count over the steps when read: a view of a few rows, never stale."""
        return SQL(
            """SELECT min(s.id) AS id, s.company_id, s.stage_id, s.role_id, st.sequence,
                count(*) FILTER (WHERE s.state = 'done') AS done_count,
                percentile_cont(0.5) WITHIN GROUP (ORDER BY s.waiting_days) AS median_days,
                avg(s.waiting_days) AS average_days,
                percentile_cont(0.9) WITHIN GROUP (ORDER BY s.waiting_days) AS slow_days,
                count(*) FILTER (WHERE s.state = 'open') AS waiting_count,
                count(*) FILTER (WHERE s.state = 'open' AND s.date_open
                    + st.days * interval '1 day' < now() AT TIME ZONE 'UTC') AS stuck_count,
                min(s.date_open) FILTER (WHERE s.state = 'open') AS oldest
            FROM logistics_flow_step s
            JOIN logistics_flow_stage st ON st.id = s.stage_id
            WHERE s.state = 'open'
                OR s.date_done >= (now() AT TIME ZONE 'UTC') - interval '365 days'
            GROUP BY s.company_id, s.stage_id, s.role_id, st.sequence"""
        )

    def action_open_waiting(self):
        """Show the orders that wait in this step."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.stage_id.name,
            "res_model": "logistics.flow",
            "view_mode": "list,form",
            "domain": [
                ("state", "=", "open"),
                ("stage_id", "=", self.stage_id.id),
                ("company_id", "=", self.company_id.id),
            ],
        }
