from odoo import api, fields, models

from ..tools.listing import list_names

TOUCHES = ("mail", "call", "meeting", "activity", "case")


class LogisticsPortrait(models.AbstractModel):
    """Who the customer is, at the top of the page."""

    _inherit = "logistics.portrait"

    @api.model
    def _get_header(self, customer, sales):
        """Return name, code, and badges and lines about who they are and who serves them."""
        badges = [
            [self.env._("Lifecycle"), customer.lifecycle_stage_id.name],
            [self.env._("Segment"), customer.segment_id.name],
            [self.env._("Class"), self._get_class(customer)],
            [self.env._("State"), not customer.active and self.env._("archived")],
        ]
        lines = [
            [self.env._("Customer since"), self._get_since(customer, sales)],
            [self.env._("Account team"), self._get_team(customer)],
            [self.env._("Newest touch"), self._get_newest_touch(customer)],
        ]
        return {
            "id": customer.id,
            "name": customer.name or "",
            "code": customer.customer_code or "",
            "place": list_names(self.env, filter(None, [customer.city, customer.country_id.name])),
            "company": self.env.company.name,
            "date": self._day(sales["today"]),
            "badges": [[label, text] for label, text in badges if text],
            "lines": [[label, text] for label, text in lines if text],
        }

    @api.model
    def _get_class(self, customer):
        classes = customer._fields["key_account_class"]._description_selection(self.env)
        return dict(classes).get(customer.key_account_class, "")

    @api.model
    def _get_since(self, customer, sales):
        """Return the day of the first order, or that the first is still to come."""
        first = sales["total"][1]
        return self._day(fields.Date.to_date(first)) if first else ""

    @api.model
    def _get_team(self, customer):
        """Return who serves the customer, each with the role; else the salesperson."""
        members = customer.account_member_ids.filtered(
            lambda member: member.company_id == self.env.company
        )
        team = [f"{member.employee_id.name} ({member.role_id.name})" for member in members]
        return list_names(self.env, team) or customer.user_id.name

    @api.model
    def _get_newest_touch(self, customer):
        touches = self.env["logistics.timeline"]
        touch = touches.search(
            [
                ("commercial_partner_id", "=", customer.id),
                ("company_id", "in", [False, self.env.company.id]),
                ("kind", "in", TOUCHES),
                ("date", "<=", fields.Datetime.now()),
            ],
            limit=1,
        )
        if not touch:
            return ""
        kinds = dict(touches._fields["kind"]._description_selection(self.env))
        day = fields.Datetime.context_timestamp(self, touch.date).date()
        return self.env._(
            "%(kind)s on %(date)s: %(title)s",
            kind=kinds[touch.kind],
            date=self._day(day),
            title=touch.title or "",
        )

    @api.model
    def _get_held_out(self, customer):
        return customer.held_out_until and self._day(customer.held_out_until)
