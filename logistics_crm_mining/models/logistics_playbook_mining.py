from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

CHANGE = "logistics.mining.change"


class LogisticsPlaybook(models.Model):
    """Playbooks that start when a customer's score becomes worse, and leave the held-out alone."""

    _inherit = "logistics.playbook"

    spares_held_out = fields.Boolean(
        "Leave Out Held-out Customers",
        compute="_compute_spares_held_out",
        precompute=True,
        store=True,
        readonly=False,
        help="Customers who are left alone to measure what a campaign brings do not start this "
        "playbook until the campaign has been measured.",
    )

    @api.depends("model")
    def _compute_spares_held_out(self):
        """Leave those held out alone, unless a document of theirs has to be dealt with."""
        for playbook in self:
            playbook.spares_held_out = playbook.model in ("res.partner", CHANGE)

    @api.depends("model")
    def _compute_scope(self):
        """Wait for the cool-down of the customer, also when the next change is another one."""
        changes = self.filtered(lambda playbook: playbook.model == CHANGE)
        changes.scope = "customer"
        return super(LogisticsPlaybook, self - changes)._compute_scope()

    @api.model
    def _get_model_selection(self):
        labels = {CHANGE: self.env._("Changes of Scores")}
        return [(name, labels.get(name, label)) for name, label in super()._get_model_selection()]

    @api.model
    def _get_models(self):
        return [*super()._get_models(), CHANGE]

    def _get_hit_domain(self, model, company):
        domain = super()._get_hit_domain(model, company)
        if self.spares_held_out:
            path = self._get_partner_path()
            domain &= Domain(f"{path}.is_held_out" if path else "is_held_out", "=", False)
        if self.model == CHANGE:
            domain &= Domain("is_current", "=", True)
            domain &= Domain("id", "not in", self._get_answered_changes(company))
        return domain

    def _get_answered_changes(self, company):
        """Return the changes for which this playbook has been started already.

        A start that came after the change was found answered it: each change starts once, also
        when the cool-down is over and the customer's score is still bad.
        """
        return SQL(
            """(SELECT change.id FROM logistics_mining_change change
            JOIN logistics_playbook_start start ON start.partner_id = change.partner_id
                AND start.company_id = change.company_id AND start.playbook_id = %s
                AND start.state NOT IN ('skipped', 'failed') AND start.date_start >= change.found
            WHERE change.is_current AND change.company_id = %s)""",
            self.id,
            company.id,
        )
