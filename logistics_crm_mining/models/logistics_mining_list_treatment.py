from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, split_every

from odoo.addons.logistics_crm.tools.playbook_hits import Hit, get_hits_query

BATCH = 200


class LogisticsMiningList(models.Model):
    """What is done with those who are contacted; whoever is held out is left out of it."""

    _inherit = "logistics.mining.list"

    def _treat(self):
        """Do what was planned; a hook: an add-on adds `_treat_<treatment>`."""
        treat = getattr(self, f"_treat_{self.treatment}", None)
        if treat:
            treat(self._get_treated())

    def _get_treated(self):
        """Return the customers to contact."""
        members = self.env["logistics.mining.list.member"].search(
            [("list_id", "=", self.id), ("arm", "=", "treated")]
        )
        return members.partner_id

    def _treat_activity(self, partners):
        """Plan an activity with each customer's salesperson, or who answers for the list."""
        today = fields.Date.context_today(self)
        model_id = self.env["ir.model"]._get_id("res.partner")
        days = timedelta(days=self.activity_type_id.delay_count)
        activities = self.env["mail.activity"].with_context(mail_activity_quick_update=True)
        activities.create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": partner.id,
                    "activity_type_id": self.activity_type_id.id,
                    "summary": self.activity_summary or self.name,
                    "date_deadline": today + days,
                    "user_id": (partner.user_id or self.user_id).id,
                }
                for partner in partners
            ]
        )

    def _treat_playbook(self, partners):
        """Start the playbook for each, and note where it could not."""
        playbook = self.playbook_id.sudo()  # sudo: the list starts it, as the nightly scan does
        if playbook.state != "on":
            raise UserError(self.env._("Switch the playbook “%s” on first.", self.playbook_id.name))
        self.env["logistics.playbook.start"].flush_model()
        query = get_hits_query(
            playbook,
            self.company_id.id,
            SQL.identifier("res_partner"),
            SQL.identifier("id"),
            SQL("(SELECT unnest(%s::int[]))", partners.ids),
        )
        hits = [Hit(*row) for row in self.env.execute_query(query)]
        started = set()
        for batch in split_every(BATCH, (hit for hit in hits if hit.outcome == "start"), list):
            started.update(playbook._start_hits(batch, self.company_id).partner_id.ids)
        self._note_skipped(hits, started)

    def _note_skipped(self, hits, started):
        """Write on the members why the playbook did not start for them."""
        codes = {
            hit.partner_id: "failed" if hit.outcome == "start" else hit.outcome
            for hit in hits
            if hit.partner_id not in started
        }
        if not codes:
            return
        self.env.cr.execute(
            SQL(
                """UPDATE logistics_mining_list_member member SET skip_code = skipped.code
                FROM unnest(%s::int[], %s::varchar[]) AS skipped(partner_id, code)
                WHERE member.list_id = %s AND member.partner_id = skipped.partner_id""",
                list(codes),
                list(codes.values()),
                self.id,
            )
        )
        self._forget_members()

    def action_write_email(self):
        """Open Odoo's own composer for those who are contacted."""
        self.ensure_one()
        self._require_state("running")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write an E-mail"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_composition_mode": "mass_mail",
                "default_model": "res.partner",
                "default_res_ids": self._get_treated().ids,
                "default_subject": self.name,
            },
        }
