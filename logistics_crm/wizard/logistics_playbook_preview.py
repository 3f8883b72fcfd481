from odoo import api, fields, models

LISTED = 500


class LogisticsPlaybookPreview(models.TransientModel):
    """Who a playbook would hit today, before it is switched on. Starts nothing."""

    _name = "logistics.playbook.preview"
    _description = "Playbook Preview"
    _rec_name = "playbook_id"

    playbook_id = fields.Many2one(
        "logistics.playbook", required=True, readonly=True, ondelete="cascade"
    )
    state = fields.Selection(related="playbook_id.state")
    start_count = fields.Integer(string="Would Start", readonly=True)
    cooldown_count = fields.Integer(string="Must Wait", readonly=True)
    running_count = fields.Integer(string="Run Already", readonly=True)
    line_ids = fields.One2many("logistics.playbook.preview.line", "preview_id", readonly=True)
    hidden_count = fields.Integer(string="Not Listed", readonly=True)

    @api.model
    def _create_for(self, playbook):
        """Return the preview of a playbook for the companies of the user.

        A few queries per company; lists the first 500 and counts all.
        """
        companies = (playbook.company_id or self.env.companies) & self.env.companies
        found = [(company, playbook._find_hits(company)) for company in companies]
        outcomes = [hit.outcome for _company, hits in found for hit in hits]
        preview = self.create(
            {
                "playbook_id": playbook.id,
                "start_count": outcomes.count("start"),
                "cooldown_count": outcomes.count("cooldown"),
                "running_count": outcomes.count("running"),
                "hidden_count": max(0, len(outcomes) - LISTED),
            }
        )
        room = LISTED
        for company, hits in found:
            preview._add_lines(company, sorted(hits, key=self._get_rank)[:room])
            room = max(0, room - len(hits))
        return preview

    @api.model
    def _get_rank(self, hit):
        return ("start", "cooldown", "running").index(hit.outcome)

    def _add_lines(self, company, hits):
        starts = self.env["logistics.playbook.start"]
        playbook = self.playbook_id
        owners = self._get_owners(company, hits)
        facts = starts._get_facts(playbook, hits, company) if hits else []
        self.env["logistics.playbook.preview.line"].create(
            [
                {
                    "preview_id": self.id,
                    "partner_id": hit.partner_id,
                    "company_id": company.id,
                    "reason": starts._say_facts(playbook.model, fact),
                    "outcome": hit.outcome,
                    "until": hit.until if hit.outcome == "cooldown" else False,
                    "owner": owners.get(hit.partner_id),
                }
                for hit, fact in zip(hits, facts, strict=True)
            ]
        )

    def _get_owners(self, company, hits):
        """Return who would get the first step, by customer."""
        playbook = self.playbook_id
        template = playbook.plan_id.template_ids.sorted()[:1]
        partners = self.env["res.partner"].browse({hit.partner_id for hit in hits})
        role = self.env["logistics.account.role"]
        if template.responsible_type == "account_role":
            role = template.account_role_id
        user = template._get_playbook_user() or playbook.user_id
        users = self.env["res.users"].sudo()  # sudo: the name of a colleague
        return {
            partner.id: users.browse(owner["user_id"]).name
            for partner, owner in role._find_owners(partners, company, user).items()
        }

    def action_switch_on(self):
        """Switch the playbook on."""
        self.playbook_id.action_switch_on()
        return self.playbook_id.get_formview_action()
