from odoo import models


class LogisticsPlaybookStep(models.Model):
    """Nobody of the account team tells a customer what is told as the customer chose."""

    _inherit = "logistics.playbook.step"

    def _open(self, documents=None):
        """Have the answer of a customer taken, instead of a call, where they are told anyway."""
        told = self.filtered(lambda one: one._get_told_by()).sudo()  # sudo: as in opening a step
        for code, _name in self.env["res.lang"].get_installed() if told else ():
            steps = told.with_context(lang=code)
            steps.name = steps.env._("See what the customer answers to the new date")
        return super()._open(documents)

    def _prepare_activity(self):
        values = super()._prepare_activity()
        if self._get_told_by():
            values["activity_type_id"] = self.env.ref("mail.mail_activity_data_todo").id
        return values

    def _get_told_by(self):
        """Return how the customer is told without this step (a channel); False: by this step."""
        self.ensure_one()
        tells = "logistics_crm.plan_order_late_service"
        tells = self.env["ir.model.data"]._xmlid_to_res_id(tells, raise_if_not_found=False)
        start = self.sudo().start_id  # sudo: whoever ends a step opens the next
        if not tells or self.template_id.id != tells or start.res_model != "sale.order":
            return False
        ids = [one.res_id for one in start.browse(start._prefetch_ids) if one.res_id]
        order = self.env["sale.order"].sudo().browse(start.res_id).with_prefetch(ids)
        late = order._get_latest_promise()
        return late and late._get_channel()
