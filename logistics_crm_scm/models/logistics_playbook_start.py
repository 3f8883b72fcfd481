from odoo import api, fields, models
from odoo.fields import Domain


class LogisticsPlaybookStart(models.Model):
    """Playbooks about late orders: what they say of promises, and when nothing is late any more."""

    _inherit = "logistics.playbook.start"

    end_code = fields.Selection(
        selection_add=[("in_time", "The order is in time again")],
        ondelete={"in_time": "set null"},
    )

    @api.model
    def _get_record_facts(self, record, names):
        """Say of an order at risk what was promised and what is expected now."""
        facts = super()._get_record_facts(record, names)
        late = record._name == "sale.order" and record._get_latest_promise()
        if not late:
            return facts
        facts.pop("commitment_date", None)
        days = {"promise_date": late._get_due(), "promise_expected_date": late.expected_date}
        return {name: self._plain(day) for name, day in days.items()} | facts

    @api.model
    def _say_value(self, model, name, value):
        if name == "promise_expected_date" and not value:
            return self.env._("Not known")
        return super()._say_value(model, name, value)

    @api.model
    def _end_saved(self, orders):
        """End what runs about late orders that are in time again, and that never came late."""
        for start in self._get_running_late(orders):
            order = orders.sudo().browse(start.scope_id)
            came_late = "missed" in order.promise_line_ids.mapped("state")
            late = start._get_condition() | Domain("is_late", "=", True)
            if came_late or order.search_count(late & Domain("id", "=", order.id)):
                continue
            start._end("cancelled", "in_time")
            order.message_post(
                body=self.env._(
                    "The playbook %(playbook)s was ended: the order is in time again.",
                    playbook=start.playbook_id.name,
                )
            )
