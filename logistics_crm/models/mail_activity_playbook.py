from odoo import models


class MailActivity(models.Model):
    """Activities that are steps of a playbook."""

    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """Open the next step of a playbook when the one before is done."""
        steps = self.env["logistics.playbook.step"]._get_of_activities(self)
        documents = steps and steps._collect_documents(attachment_ids)
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        if steps:
            steps._finish(documents)
        return result

    def unlink(self):
        """End a playbook whose step is cancelled."""
        steps = self.env["logistics.playbook.step"]._get_of_activities(self)
        gone = steps.filtered(lambda step: not step._has_record())
        result = super().unlink()
        if steps:
            gone._drop("record_gone")
            (steps - gone)._drop("step_deleted")
        return result
