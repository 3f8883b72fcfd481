from odoo import api, fields, models
from odoo.exceptions import UserError


class LogisticsFlow(models.Model):
    """An order seen end to end, from lead to payment, whoever's department it is in.

    One row per order, and one per lead that has no order yet. Nobody types anything here: rows
    follow the documents, see `_refresh`. The next step opens when the one before is done.
    """

    _name = "logistics.flow"
    _description = "Order Flow"
    _order = "date_step, id"
    _log_access = False
    _rec_names_search = ["order_id.name", "lead_id.name"]

    order_id = fields.Many2one("sale.order", readonly=True, ondelete="cascade")
    lead_id = fields.Many2one("crm.lead", readonly=True, ondelete="cascade", index="btree_not_null")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    currency_id = fields.Many2one(
        "res.currency",
        string="Order Currency",
        readonly=True,
    )
    amount = fields.Monetary(readonly=True, aggregator=None, help="Untaxed, in its own currency.")
    state = fields.Selection(
        [("open", "Under Way"), ("done", "Paid"), ("cancelled", "Cancelled")],
        readonly=True,
        required=True,
        default="open",
    )
    stage_id = fields.Many2one(
        "logistics.flow.stage",
        string="Step",
        readonly=True,
        index=True,
        group_expand="_read_group_stage_ids",
    )
    role_id = fields.Many2one(related="stage_id.role_id", string="Role")
    user_id = fields.Many2one(
        "res.users", string="In the Hands of", readonly=True, index="btree_not_null"
    )
    date_start = fields.Datetime(string="Started", readonly=True)
    date_step = fields.Datetime(
        string="Waiting Since", readonly=True, help="When the step before was done."
    )
    date_stuck = fields.Datetime(
        string="Due", readonly=True, help="When the step has taken too long."
    )
    date_end = fields.Datetime(string="Paid On", readonly=True)
    waiting_days = fields.Float(compute="_compute_waiting_days", digits=(16, 1))
    step_ids = fields.One2many("logistics.flow.step", "flow_id", string="Steps", readonly=True)

    _order_uniq = models.UniqueIndex("(order_id)", "An order has one flow.")
    _bare_lead_uniq = models.UniqueIndex(
        "(lead_id) WHERE order_id IS NULL", "A lead without an order has one flow."
    )
    _waiting_idx = models.Index("(stage_id, date_step) WHERE state = 'open'")

    @api.depends("order_id", "lead_id")
    def _compute_display_name(self):
        for flow in self:
            flow.display_name = (flow.order_id or flow.lead_id).sudo().display_name

    @api.depends("date_step", "state")
    def _compute_waiting_days(self):
        now = fields.Datetime.now()
        for flow in self:
            waits = flow.state == "open" and flow.date_step
            flow.waiting_days = (now - flow.date_step).total_seconds() / 86400 if waits else 0

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        return stages.search([("fold", "=", False)])

    def action_open_document(self):
        """Open what has to be worked on now: the newest document of the current step."""
        self.ensure_one()
        step = self.step_ids.filtered(lambda step: step.state == "open")[-1:]
        record = (step and step._get_document()) or self.order_id or self.lead_id
        if not record.has_access("read"):
            raise UserError(
                self.env._(
                    "%(document)s is not among the documents that you may see. "
                    "%(user)s has it now.",
                    document=self.display_name,
                    user=self.sudo().user_id.name or self.env._("Nobody"),
                )
            )
        return record.get_formview_action()
