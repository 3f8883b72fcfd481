from odoo import api, fields, models


class LogisticsCase(models.Model):
    """The eight disciplines (8D) of a case, and their report to the customer."""

    _inherit = "logistics.case"

    # the public view of employees: users of cases need no right on personnel files
    d1_team_ids = fields.Many2many(
        "hr.employee.public",
        "logistics_case_team_rel",
        "case_id",
        "employee_id",
        string="8D Team",
        copy=False,
        help="D1: who finds the cause and takes it away.",
    )
    discipline_ids = fields.One2many("logistics.case.discipline", "case_id", string="8D Steps")
    discipline_progress = fields.Float(
        string="8D Progress",
        compute="_compute_discipline_progress",
        store=True,
        aggregator="avg",
        help="Share of the eight steps that are done, in percent.",
    )

    @api.depends("discipline_ids.date_done")
    def _compute_discipline_progress(self):
        for case in self:
            steps = case.discipline_ids
            done = steps.filtered("date_done")
            case.discipline_progress = 100 * len(done) / len(steps) if steps else 0

    def action_start_8d(self):
        """Lay out the eight steps with usual dates; the responsible leads the team."""
        bare = self.filtered(lambda case: not case.discipline_ids)
        disciplines = self.env["logistics.case.discipline"]
        disciplines.create(
            [values for case in bare for values in disciplines._prepare_usual_steps(case)]
        )
        for case in bare.filtered(lambda case: not case.d1_team_ids):
            case.d1_team_ids = [fields.Command.set(case.employee_id.ids)]
        return True

    def action_print_8d(self):
        """Print the 8D report in the customer's language."""
        return self.env.ref("logistics_crm.action_report_case_8d").report_action(self)

    def action_send_8d(self):
        """Open a mail to the customer with the 8D report attached."""
        self.ensure_one()
        return self._get_composer_action(
            template=self.env.ref("logistics_crm.mail_template_case_8d", raise_if_not_found=False)
        )

    def _get_composer_action(self, template=None, **context):
        """Return the action that opens a mail to the customer, from a template or with defaults.

        Parameters
        ----------
        template : mail.template, optional
            Fills in subject, text and attachments.
        **context
            Further context, such as `default_body`.
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer the Customer"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_template_id": template.id if template else False,
                "default_partner_ids": self.partner_id.ids,
                "force_email": True,
                **context,
            },
        }
