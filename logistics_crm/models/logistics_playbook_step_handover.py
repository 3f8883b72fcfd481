from odoo import api, fields, models
from odoo.tools import SQL


class LogisticsPlaybookStep(models.Model):
    """From step to step: documents, the next department, and days on which something breaks."""

    _inherit = "logistics.playbook.step"

    # ------------------------------------------------------------------ done

    @api.model
    def _get_of_activities(self, activities):
        """Return the open steps behind activities."""
        # sudo: whoever may end the activity ends the step, whether or not they see the customer
        return self.sudo().search(
            [("activity_id", "in", activities.ids), ("state", "=", "open")], order="id"
        )

    def _collect_documents(self, attachment_ids=None):
        """Return the documents of each step about to end, kept with the playbook.

        They are copied (the file itself is not), because those of the done activity move to a
        message that the next department may not read.

        Returns
        -------
        dict[logistics.playbook.step, ir.attachment]
        """
        attachments = self.env["ir.attachment"].sudo()  # sudo: handed over with the step
        loose = attachments.search(
            [("res_model", "=", "mail.activity"), ("res_id", "in", self.activity_id.ids)]
        ).grouped("res_id")
        given = attachments.browse(attachment_ids or [])
        return {
            step: step._keep(
                loose.get(step.activity_id.id, attachments)
                | given
                | step.activity_id.attachment_ids
            )
            for step in self
        }

    def _keep(self, attachments):
        self.ensure_one()
        place = {"res_model": "logistics.playbook.start", "res_id": self.start_id.id}
        new = (attachments - self.attachment_ids).filtered(lambda one: one.type == "binary")
        kept = [attachment.copy(dict(place, name=attachment.name)) for attachment in new]
        return self.attachment_ids.concat(*kept)

    def _finish(self, documents):
        """Mark steps done and open the next ones, or end the playbook."""
        now = fields.Datetime.now()
        self.write({"state": "done", "date_done": now, "done_by_id": self.env.uid})
        for step in self:
            waiting = step.start_id.step_ids.filtered(lambda other: other.state == "waiting")
            if step.start_id.state != "running":
                continue
            if not step.partner_id.active:
                step.start_id._end("cancelled", "archived")
            elif waiting:
                waiting.sorted("number")[0]._open(documents[step])
            else:
                step.start_id._end("done")

    # ------------------------------------------------------------------ bad days

    def _has_record(self):
        self.ensure_one()
        start = self.start_id
        return bool(self.env[start.res_model].browse(start.res_id).exists())

    def _drop(self, code):
        """End the playbooks whose open step's activity was deleted."""
        self.write({"state": "cancelled", "activity_id": False})
        self.start_id._end("cancelled", code)

    def _hand_on(self, without=None):
        """Hand open steps to who can do them, because the one who has them cannot any more."""
        chosen = self._choose(without)
        for step in self:
            values = chosen[step]
            left = [["left", step.user_id.name]] if step.user_id else []
            names = [name for _code, name in values.get("passed_over", [])]
            if step.employee_id.name not in names and step.user_id.name not in names:
                values["passed_over"] = left + values.get("passed_over", [])
            step.write({**values, "date_open": fields.Datetime.now()})
            note = step.template_id._get_playbook_note(step)
            step.activity_id.write({"user_id": step.user_id.id, "note": note})

    @api.model
    def _keep_going(self):
        """Mend what broke since yesterday: archived customers, people who left.

        Two queries when nothing did.
        """
        starts = self.env["logistics.playbook.start"].search(
            [("state", "=", "running"), ("partner_id.active", "=", False)]
        )
        starts._end("cancelled", "archived")
        self._get_stranded()._hand_on()
        self.env["ir.cron"]._commit_progress()

    @api.model
    def _get_stranded(self):
        """Return open steps in the hands of people who left, or whose activity is gone."""
        self.env["res.users"].flush_model(["active"])
        self.env["hr.employee"].flush_model(["active"])
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT s.id FROM logistics_playbook_step s
                JOIN mail_activity a ON a.id = s.activity_id AND a.active
                LEFT JOIN res_users u ON u.id = a.user_id
                LEFT JOIN hr_employee e ON e.id = s.employee_id
                WHERE s.state = 'open'
                    AND (u.active IS FALSE OR e.active IS FALSE AND s.user_id = a.user_id)
                ORDER BY s.id"""
            )
        )
        return self.browse([row[0] for row in rows])
