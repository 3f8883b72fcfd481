from markupsafe import Markup

from odoo import models


class MailActivityPlanTemplate(models.Model):
    _inherit = "mail.activity.plan.template"

    def _get_playbook_note(self, step):
        """Say that the customer is told already, so that nobody calls as well."""
        note = super()._get_playbook_note(step)
        channel = step._get_told_by()
        if not channel:
            return note
        channels = step.env["res.partner"]._fields["promise_channel"]
        told = step.env._(
            "The customer is told as they chose (%(channel)s): do not call as well.",
            channel=dict(channels._description_selection(step.env))[channel],
        )
        return note + Markup("<p>%s</p>") % told
