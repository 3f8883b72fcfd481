from odoo import api, fields, models


class LogisticsCaseMerge(models.TransientModel):
    """Choose the case that goes on, and merge the others into it."""

    _name = "logistics.case.merge"
    _description = "Merge Cases"

    case_ids = fields.Many2many("logistics.case", string="Cases", required=True)
    likely_case_ids = fields.Many2many(
        "logistics.case", string="Perhaps the Same", compute="_compute_likely_case_ids"
    )
    survivor_id = fields.Many2one(
        "logistics.case",
        string="Goes On as",
        required=True,
        compute="_compute_survivor_id",
        store=True,
        precompute=True,
        readonly=False,
        ondelete="cascade",
        domain="[('id', 'in', case_ids)]",
    )
    has_other_customers = fields.Boolean(compute="_compute_has_other_customers")
    customer_names = fields.Char(compute="_compute_has_other_customers")
    merge_customers = fields.Boolean(string="Merge all the same")

    @api.depends("case_ids")
    def _compute_survivor_id(self):
        """Go on with the oldest open case: the customer knows its code longest."""
        for wizard in self:
            cases = wizard.case_ids._origin
            if wizard.survivor_id._origin not in cases:
                wizard.survivor_id = cases.sorted(lambda case: (not case._is_open(), case.id))[:1]

    @api.depends("case_ids")
    def _compute_likely_case_ids(self):
        for wizard in self:
            cases = wizard.case_ids._origin
            wizard.likely_case_ids = cases.duplicate_case_ids - cases

    @api.depends("case_ids")
    def _compute_has_other_customers(self):
        for wizard in self:
            customers = wizard.case_ids.commercial_partner_id
            wizard.has_other_customers = len(customers) > 1
            wizard.customer_names = ", ".join(customers.mapped("name"))

    def action_merge(self):
        """Merge, and open the case that goes on."""
        self.ensure_one()
        self.case_ids._merge_into(self.survivor_id, other_customers=self.merge_customers)
        return self.survivor_id.get_formview_action()
