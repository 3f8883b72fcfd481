from odoo import fields, models


class LogisticsFlowStep(models.Model):
    """A step that an order has reached: from when, until when, in whose hands."""

    _name = "logistics.flow.step"
    _description = "Order Flow Step"
    _order = "flow_id desc, sequence, id"
    _log_access = False
    _rec_name = "stage_id"

    flow_id = fields.Many2one(
        "logistics.flow", required=True, readonly=True, ondelete="cascade", index=True
    )
    stage_id = fields.Many2one(
        "logistics.flow.stage", string="Step", required=True, readonly=True, index=True
    )
    sequence = fields.Integer(readonly=True, aggregator=None)
    role_id = fields.Many2one("logistics.account.role", readonly=True, index=True)
    user_id = fields.Many2one(
        "res.users", string="In the Hands of", readonly=True, index="btree_not_null"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, index="btree_not_null"
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    state = fields.Selection([("open", "Open"), ("done", "Done")], readonly=True)
    date_open = fields.Datetime(string="Handed Over", readonly=True)
    date_done = fields.Datetime(string="Done", readonly=True)
    waiting_days = fields.Float(
        string="Days Taken", readonly=True, aggregator="avg", digits=(16, 2)
    )
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(string="Document", model_field="res_model", readonly=True)

    _stage_uniq = models.UniqueIndex("(flow_id, stage_id)", "An order takes each step once.")

    def _get_document(self):
        self.ensure_one()
        if self.res_model not in self.env or not self.res_id:
            return None
        return self.env[self.res_model].browse(self.res_id).exists() or None

    def action_open_document(self):
        """Open the document of the step."""
        self.ensure_one()
        record = self._get_document() or self.flow_id.order_id or self.flow_id.lead_id
        return record.get_formview_action()
