from odoo import api, models
from odoo.exceptions import UserError

MOST_MEMBERS = 100


class LogisticsApi(models.AbstractModel):
    """What other systems ask about a customer."""

    _inherit = "logistics.api"

    @api.model
    def customer_profile(self, customer):
        """Return all that is known of a customer in the caller's company.

        Parameters
        ----------
        customer : int or str
            Odoo id, or customer code; also the code of a customer that was merged into another.
            A contact or branch stands for its company.

        Returns
        -------
        dict
            ``{id, code, name, former_codes, roles, lifecycle, team, people, group, figures,
            agreements, orders, cases, shipments, scores}``. ``lifecycle`` is ``{stage, name,
            since, reason, manual}``; ``team`` a list of ``{role, role_name, employee, email}``;
            ``scores`` a dict of task code to ``{value, band, reasons, date}``. Amounts are in
            ``figures["currency"]``. What is unknown is False.

        Raises
        ------
        AccessError
            The caller is no Logistics User.
        UserError
            Naming ``customer``, where there is none that the caller may see.
        """
        self.env["logistics.timeline"].check_access("read")  # says who is no Logistics User
        partner = self._read_profiled_customer(customer)
        return {
            "id": partner.id,
            "code": partner.customer_code or False,
            "name": partner.name or False,
            "former_codes": self._get_former_codes(partner),
            "roles": partner.logistics_role_ids.mapped("code"),
            "lifecycle": self._get_profile_lifecycle(partner),
            "team": [self._prepare_member(member) for member in self._get_team(partner)],
            "people": [self._prepare_person(person) for person in partner.people_ids],
            "group": self._get_profile_group(partner),
            "figures": self._get_profile_figures(partner),
            "agreements": self._get_profile_agreements(partner),
            "orders": self._get_open_orders(partner),
            "cases": self._get_open_cases(partner),
            "shipments": self._get_profile_shipments(partner),
            "scores": self._get_profile_scores(partner),
        }

    @api.model
    def _read_profiled_customer(self, customer):
        partner = self._read_customer({"customer": customer})
        if not partner:
            raise UserError(
                self.env._("“customer” is missing: give an id (a number) or a customer code.")
            )
        company = partner.commercial_partner_id
        return company if company.has_access("read") else partner

    @api.model
    def _get_former_codes(self, partner):
        # sudo: the former codes of a customer whom the caller may see
        aliases = self.env["logistics.code.alias"].sudo()
        former = aliases.search([("model", "=", "res.partner"), ("res_id", "=", partner.id)])
        return [code for code in former.mapped("code") if code != partner.customer_code]

    @api.model
    def _get_profile_lifecycle(self, partner):
        stage = partner.lifecycle_stage_id
        return {
            "stage": stage.code or False,
            "name": stage.name or False,
            "since": self._format_datetime(partner.lifecycle_date),
            "reason": partner.lifecycle_reason or False,
            "manual": partner.lifecycle_is_manual,
        }

    @api.model
    def _get_team(self, partner):
        return partner.account_member_ids.filtered(
            lambda member: member.company_id == self.env.company
        )[:MOST_MEMBERS]

    @api.model
    def _prepare_member(self, member):
        return {
            "role": member.role_id.code,
            "role_name": member.role_id.name,
            "employee": member.employee_id.name or False,
            "email": member.employee_id.work_email or False,
        }

    @api.model
    def _prepare_person(self, person):
        return {
            "id": person.id,
            "name": person.name or False,
            "roles": person.contact_role_ids.mapped("code"),
            "email": person.email or False,
            "phone": person.phone or False,
        }

    @api.model
    def _get_profile_group(self, partner):
        root = partner.group_root_id
        return {
            "customer": root.id or False,
            "name": root.name or False,
            "companies": partner.group_company_count,
        }

    @api.model
    def _get_profile_figures(self, partner):
        """Return the figures of the customer as a whole; add-ons above add their own."""
        last_order = partner.last_order_date
        return {
            "currency": partner.currency_id.name,
            "revenue_12m": partner.revenue_12m,
            "revenue_change": partner.revenue_change,
            "orders_12m": partner.order_count_12m,
            "last_order": last_order.isoformat() if last_order else False,
            "receivable": partner.open_receivable,
            "overdue": partner.overdue,
            "credit_limit": partner.customer_credit_limit or False,
            "open_orders": partner.open_order_count,
            "open_order_amount": partner.open_order_amount,
            "open_quotations": partner.open_quotation_count,
            "open_cases": partner.open_case_count,
            "satisfaction": partner.satisfaction or False,
            "ratings": partner.satisfaction_count,
            "last_contact": self._format_datetime(partner.last_contact_date),
        }

    @api.model
    def _get_profile_agreements(self, partner):
        """Return the customer's agreements; a hook."""
        return []

    @api.model
    def _get_profile_shipments(self, partner):
        """Return the customer's open shipments; a hook."""
        return []

    @api.model
    def _get_profile_scores(self, partner):
        """Return the newest published score per task; a hook."""
        return {}
