from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.logistics_crm.loader.fields import Many2oneUnchecked

BY_HAND = frozenset({"reply", "note"})


class LogisticsMiningListMember(models.Model):
    """One customer on a campaign list: contacted or held out, and what they did.

    Rows are written set-based by their list. People note what a customer said, and take
    customers off a draft.
    """

    _name = "logistics.mining.list.member"
    _description = "Customer on a Campaign List"
    _order = "list_id desc, id"
    _rec_name = "partner_id"
    _log_access = False

    list_id = fields.Many2one(
        "logistics.mining.list", required=True, readonly=True, ondelete="cascade"
    )
    # these follow from the list: one foreign key less each
    company_id = Many2oneUnchecked("res.company", required=True, readonly=True)
    task_id = Many2oneUnchecked("logistics.mining.task", "Task", readonly=True)
    list_state = fields.Selection(related="list_id.state", string="State of the List")
    date_start = fields.Date(related="list_id.date_start")
    date_end = fields.Date(related="list_id.date_end")
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade", index=True
    )
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    arm = fields.Selection(
        [("treated", "Contacted"), ("held_out", "Held Out")],
        "Group",
        readonly=True,
        help="Held out: left alone by chance, to see what the campaign itself brings.",
    )
    is_open = fields.Boolean("On a Running List", readonly=True)
    score_value = fields.Float("Score", readonly=True, aggregator="avg")
    score_text = fields.Char("Score Says", compute="_compute_score_text")
    band = fields.Char(readonly=True)
    score_date = fields.Date("Score as of", readonly=True)
    segment_id = Many2oneUnchecked("logistics.mining.segment", "Segment", readonly=True)
    segment_date = fields.Date("Segment as of", readonly=True)
    skip_code = fields.Selection(
        [
            ("running", "The playbook runs for them already"),
            ("cooldown", "The playbook ran for them a short time ago"),
            ("failed", "The playbook could not start"),
        ],
        "Not Started Because",
        readonly=True,
    )
    reply = fields.Selection(
        [("yes", "Answered"), ("no", "No Answer")],
        "What They Said",
        help="Noted by hand; it goes before what orders and leads tell.",
    )
    note = fields.Char("Remark")
    ordered = fields.Boolean(readonly=True)
    order_date = fields.Date("First Order", readonly=True)
    amount = fields.Monetary(readonly=True, help="Bought within the days measured, less returns.")
    answered = fields.Boolean(readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")

    _once = models.UniqueIndex("(list_id, partner_id)", "A customer is on a list once.")
    _open_once = models.UniqueIndex(
        "(partner_id, company_id, COALESCE(task_id, 0)) WHERE is_open",
        "One of these customers has just been put on another running list of the same task. "
        "Choose the customers again.",
    )
    _open_idx = models.Index("(company_id, arm, partner_id) WHERE is_open")

    @api.depends("score_value", "task_id", "company_id")
    @api.depends_context("lang")
    def _compute_score_text(self):
        """Write scores as people read them: a probability or an amount, with its unit."""
        kinds = self.env["logistics.mining.score"]._get_value_kinds()
        for member in self:
            if not member.task_id:
                member.score_text = False
            elif kinds.get(member.task_id.code) == "probability":
                member.score_text = self.env["logistics.card.mixin"]._percent(member.score_value)
            else:
                member.score_text = self.env["logistics.mining.reason"]._whole(
                    member.score_value, member.company_id
                )

    def write(self, vals):
        """Let people note what was said, and nothing else."""
        if not self.env.su and vals.keys() - BY_HAND:
            raise AccessError(
                self.env._("Only what the customer said can be written on a campaign list.")
            )
        if not self.env.su and "reply" in vals and "held_out" in self.mapped("arm"):
            raise UserError(
                self.env._("Customers who are held out are not asked: they have no answer.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        """Nobody is taken off once the list runs: that would choose whom to measure."""
        if any(member.list_id.state != "draft" for member in self):
            raise UserError(self.env._("Customers can be taken off a draft only."))
        for record, members in self.grouped("list_id").items():
            left = record.customer_count - len(members)
            record.sudo().customer_count = left  # sudo: the list counts its customers itself
