from datetime import timedelta

from odoo import api, fields, models

KEPT_DAYS = 730


class LogisticsMiningChange(models.Model):
    """A customer's score that became worse from one published run to the next.

    Written set-based when a run is published, one row per customer and change, and current until
    the scores say otherwise. Playbooks look at these rows, so that each change starts them once.
    """

    _name = "logistics.mining.change"
    _description = "Score Change"
    _order = "id desc"
    _log_access = False

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    run_id = fields.Many2one("logistics.mining.run", readonly=True, ondelete="set null", index=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    kind = fields.Selection(
        [
            ("churn_high", "Risk of leaving became high"),
            ("segment_worse", "Moved to a worse segment"),
            ("class_drop", "Class about to drop"),
        ],
        "Change",
        required=True,
        readonly=True,
    )
    old_state = fields.Char(readonly=True)
    new_state = fields.Char(readonly=True)
    move = fields.Char("From and To", compute="_compute_move")
    date = fields.Date("As of", readonly=True)
    found = fields.Datetime(readonly=True)
    is_current = fields.Boolean("Still So", readonly=True)

    _current_once = models.UniqueIndex(
        "(company_id, kind, partner_id) WHERE is_current", "This change is known already."
    )

    @api.depends("kind", "move")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for change in self:
            change.display_name = f"{labels.get(change.kind, '')}: {change.move}"

    @api.depends("kind", "old_state", "new_state")
    @api.depends_context("lang")
    def _compute_move(self):
        # A handful of records of configuration.
        segments = self.env["logistics.mining.segment"].search([])  # pylint: disable=no-search-all
        names = {segment.code: segment.name for segment in segments}
        names |= {"high": self.env._("high"), "medium": self.env._("medium")}
        names |= {"low": self.env._("low"), "drop": self.env._("about to drop")}
        names |= {code: code.upper() for code in ("a", "b", "c")}
        for change in self:
            old = names.get(change.old_state, change.old_state or self.env._("unknown"))
            change.move = f"{old} → {names.get(change.new_state, change.new_state)}"

    def action_make_list(self):
        """Make a campaign list of the customers selected."""
        return self.partner_id._make_list()

    @api.autovacuum
    def _gc_old_changes(self):
        limit = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.search([("is_current", "=", False), ("found", "<", limit)]).unlink()
