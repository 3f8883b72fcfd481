from datetime import timedelta

from odoo import fields, models

POP_UP_WITHIN = timedelta(minutes=10)


class LogisticsCall(models.Model):
    """Show the agent who is calling while the telephone rings."""

    _inherit = "logistics.call"

    def _pop_up(self):
        """Notify the web client of the agent of an incoming call that has just begun."""
        for call in self:
            is_new = fields.Datetime.now() - call.start < POP_UP_WITHIN
            if call.user_id and call.direction == "in" and is_new:
                call.user_id._bus_send("logistics_crm.call", call._prepare_pop_up())

    def _prepare_pop_up(self):
        """Return what the agent may know of the caller."""
        self.ensure_one()
        call = self.with_user(self.user_id).with_context(lang=self.user_id.lang)
        customer = call.commercial_partner_id
        if not customer.has_access("read"):
            customer = customer.browse()
        open_cases = call.env["logistics.case"].search_count(
            [
                ("commercial_partner_id", "=", customer.id),
                ("state", "in", ("new", "open", "waiting")),
            ]
        )
        return {
            "call": call.id,
            "number": call.number,
            "customer": customer.id or False,
            "name": customer.name or False,
            "code": customer.customer_code or False,
            "contact": call.partner_id.name if customer and call.partner_id != customer else False,
            "open_cases": open_cases if customer else 0,
            "candidates": call._get_candidates().commercial_partner_id.mapped("name"),
        }

    def _get_candidates(self):
        """Return all partners with the number of a call whose caller nobody knows for certain."""
        self.ensure_one()
        partners = self.env["res.partner"].with_company(self.company_id)
        return partners if self.partner_id else partners._find_by_contact(phone=self.number)
