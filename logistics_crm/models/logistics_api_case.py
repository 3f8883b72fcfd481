import re

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import escape_psql, plaintext2html

from ..tools.case_values import CHANNELS, KINDS, SEVERITIES

FIELDS = (
    *("customer", "subject", "kind", "description", "category", "severity", "channel"),
    *("order", "shipment", "amount", "currency", "external_id"),
)
HTML_TAG = re.compile(r"<[a-zA-Z/!][^>]*>")


class LogisticsApi(models.AbstractModel):
    _inherit = "logistics.api"

    @api.model
    def submit_case(self, values):
        """Open a case in the caller's company. Safe to repeat with an ``external_id``.

        Parameters
        ----------
        values : dict
            ``customer`` (code or id), ``subject``, ``kind`` (complaint, claim, inquiry,
            feedback); optionally ``description`` (text or HTML, which is cleaned), ``category``
            (name or id), ``severity`` (low, medium, high, critical), ``channel`` (``api`` when
            left out), ``order`` (number or id), ``amount`` claimed with its ``currency`` (ISO
            4217, else the company's), ``external_id`` (the caller's own key, unique per company
            and channel). ``shipment`` is refused where no add-on keeps shipments.

        Returns
        -------
        dict
            ``{id, code, state, responsible, first_response_deadline, resolution_deadline,
            duplicate}``; the responsible is a name, times are ISO 8601 in UTC, and duplicate
            tells that the ``external_id`` was known: nothing was changed then.

        Raises
        ------
        AccessError
            The caller may not open cases.
        UserError
            Naming the field that is wrong. Nothing is written.
        """
        cases = self.env["logistics.case"]
        cases.check_access("create")
        self._check_value_names(values, FIELDS, required=("customer", "subject", "kind"))
        case_values = self._prepare_submitted_case(values)
        case, is_new = cases._create_once(case_values)
        if is_new:
            case._post_customer_text(case.description)
        elif not case.has_access("read"):
            raise UserError(
                self.env._(
                    "“external_id”: %(key)s belongs to a case that you may not see.",
                    key=case_values["external_id"],
                )
            )
        return {
            "id": case.id,
            "code": case.code,
            "state": case.state,
            "responsible": case.sudo().employee_id.name or False,  # sudo: see the docstring
            "first_response_deadline": self._format_datetime(case.first_response_deadline),
            "resolution_deadline": self._format_datetime(case.resolution_deadline),
            "duplicate": not is_new,
        }

    @api.model
    def _prepare_submitted_case(self, values):
        partner = self._read_customer(values)
        category = self._read_record(
            values, "category", "logistics.case.category", self._get_category_domain
        )
        return {
            "company_id": self.env.company.id,
            "partner_id": partner.id,
            "name": self._read_line(values, "subject"),
            "kind": self._read_choice(values, "kind", KINDS),
            "description": self._read_description(values),
            "category_id": category.id,
            "severity": self._read_choice(
                values, "severity", SEVERITIES, category.severity or "medium"
            ),
            "channel": self._read_choice(values, "channel", CHANNELS, "api"),
            "order_id": self._read_order(values, partner).id,
            "claimed_amount": self._read_number(values, "amount"),
            "currency_id": self._read_currency(values).id,
            "external_id": self._read_text(values, "external_id"),
            **self._prepare_case_shipment(values, partner),
        }

    @api.model
    def _get_category_domain(self, name):
        name = escape_psql(name)
        return Domain("complete_name", "=ilike", name) | Domain("name", "=ilike", name)

    @api.model
    def _read_description(self, values):
        text = self._read_text(values, "description")
        return text if text and HTML_TAG.search(text) else text and plaintext2html(text)

    @api.model
    def _read_order(self, values, partner):
        domain = Domain("partner_id.commercial_partner_id", "=", partner.commercial_partner_id.id)
        domain &= Domain("company_id", "=", self.env.company.id)
        return self._read_record(
            values, "order", "sale.order", lambda name: Domain("name", "=", name), domain
        )

    @api.model
    def _read_currency(self, values):
        code = self._read_text(values, "currency")
        if not code:
            return self.env.company.currency_id
        currency = self.env["res.currency"].search([("name", "=", code.upper())])
        if not currency:
            raise UserError(
                self.env._("“currency”: %(code)s is not an active currency here.", code=code)
            )
        return currency

    @api.model
    def _prepare_case_shipment(self, values, partner):
        """Return the case's values for ``shipment``; a hook for who keeps shipments."""
        if values.get("shipment"):
            raise UserError(self.env._("“shipment”: no shipments are kept here."))
        return {}
