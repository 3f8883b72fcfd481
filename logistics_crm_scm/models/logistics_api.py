from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import escape_psql

from odoo.addons.logistics_crm.models.logistics_api_arguments import MAX_ID, is_empty
from odoo.addons.logistics_crm.tools.plain_text import shorten, storable

from ..tools.promise_data import FURTHEST, Demand

PROMISE_GROUPS = (
    "logistics_crm.group_logistics_user",
    "logistics_crm_scm.group_dispatcher",
    "sales_team.group_sale_salesman",
)
MAX_LINES = 10_000


class LogisticsApi(models.AbstractModel):
    _inherit = "logistics.api"

    @api.model
    def promise(self, lines, ship_to, wanted_date=None):
        """Say when goods can be delivered, from where, and why then. Nothing is held by asking.

        Parameters
        ----------
        lines : list of dict
            ``product`` (id, or internal reference or barcode), ``quantity`` (more than 0);
            optionally ``unit`` (id or name; the product's own when left out).
        ship_to : int or str
            Id or code of the delivery address, or of the customer: then it is the address to which
            a new order of that customer would go.
        wanted_date : str, optional
            ISO 8601 date before which nothing is to be delivered.

        Returns
        -------
        list of dict
            One per line, in their order: ``{product, quantity, date, confidence, likely_date,
            parts: [{source, quantity, date, document, warehouse}], explanation}``. ``product``
            and ``quantity`` are those asked for. ``date`` is the day by which all is delivered
            for sure, ``likely_date`` the one by which it is more likely than not; both are False
            where nothing covers all of it. ``confidence`` is the share of comparable dates kept
            before, from 0 to 1, False while there is no history. ``parts`` are dated when they
            are available at our warehouse, their quantity in the unit asked for (components of a
            kit in their own). ``source`` is stock, receipt, supplier, production or untracked.
            Lines share what there is: the smallest is served first.

        Raises
        ------
        AccessError
            The caller is no user of Logistics CRM or Sales.
        UserError
            Naming the field that is wrong.
        """
        if not self.env.lang:  # other systems name none
            self = self.with_context(lang=self.env.user.lang)
        self._check_promise_rights()
        if not isinstance(lines, list | tuple) or len(lines) > MAX_LINES:
            raise UserError(
                self.env._("“lines” must be a list of at most %(most)s lines.", most=MAX_LINES)
            )
        partner = self._read_customer({"ship_to": ship_to}, "ship_to")
        if not partner:
            raise UserError(self.env._("“%(name)s” is missing.", name="ship_to"))
        wanted = self._read_date({"wanted_date": wanted_date}, "wanted_date")
        terms = partner._get_promise_terms(self.env.company)
        products, units = self._read_products(lines), {}
        demands = []
        for number, line in enumerate(lines, 1):
            with self._naming_line(number):
                demand = self._read_demand(line, products, units)
            demands.append(replace(demand, wanted=wanted, **terms))
        promised = self.env["logistics.promise"]._promise(demands)
        return [
            self._format_promised(line, item) for line, item in zip(lines, promised, strict=True)
        ]

    @api.model
    def _check_promise_rights(self):
        if not any(self.env.user.has_group(group) for group in PROMISE_GROUPS):
            raise AccessError(
                self.env._("Only users of Logistics CRM or Sales may ask for promises.")
            )

    @api.model
    def _read_date(self, values, name):
        """Return an ISO 8601 date, or False."""
        value = values.get(name)
        if is_empty(value):
            return False
        try:
            day = date.fromisoformat(value)
        except (TypeError, ValueError):
            day = None
        if day is None or not 1970 <= day.year < FURTHEST.year:
            raise UserError(
                self.env._(
                    "“%(name)s” must be a date such as 2026-01-31, not “%(value)s”.",
                    name=name,
                    value=shorten(value),
                )
            )
        return day

    @api.model
    def _read_products(self, lines):
        """Return {what a line calls its product: product.product}, in two queries for all."""
        values = [line.get("product") for line in lines if isinstance(line, dict)]
        named = {value for value in values if isinstance(value, int | str)}
        ids = {key for key in named if isinstance(key, int) and not isinstance(key, bool)}
        ids = {key for key in ids if 0 < key <= MAX_ID}
        texts = {key: storable(key).strip() for key in named if isinstance(key, str)}
        codes = list(set(texts.values()))
        catalogue = self.env["product.product"].with_context(active_test=False)
        own = Domain("company_id", "in", [False, self.env.company.id])
        records = catalogue.search(
            own
            & (
                Domain("id", "in", list(ids))
                | Domain("default_code", "in", codes)
                | Domain("barcode", "in", codes)
            ),
            order="active DESC, id",
        )
        found = {record.id: [record] for record in records if record.id in ids}
        for code in ("barcode", "default_code"):
            for key, text in texts.items():
                same = [record for record in records if record[code] == text]
                active = [record for record in same if record.active]
                found[key] = active or same or found.get(key, [])
        return found

    @api.model
    def _read_demand(self, line, products, units):
        """Return the demand of a line; `units` keeps those that were read."""
        self._check_value_names(
            line, ("product", "quantity", "unit"), required=("product", "quantity"), name="line"
        )
        product = self._read_product(line, products)
        key = repr(line.get("unit"))
        if key not in units:
            units[key] = self._read_record(line, "unit", "uom.uom", self._get_unit_domain)
        unit = units[key] or product.uom_id
        self.env["logistics.promise"]._check_unit(product, unit)
        return Demand(product, self._read_quantity(line, unit), unit)

    @api.model
    def _get_unit_domain(self, name):
        return Domain("name", "=ilike", escape_psql(name))

    @api.model
    def _read_quantity(self, line, unit):
        """Return a quantity that an order line could have."""
        value = line["quantity"]
        if isinstance(value, int | float) and value <= 0:
            raise UserError(self.env._("“%(name)s” must be more than 0.", name="quantity"))
        quantity = self._read_number(line, "quantity")
        if unit.is_zero(quantity):
            raise UserError(
                self.env._(
                    "“%(name)s” must be at least %(least)s, not “%(value)s”.",
                    name="quantity",
                    least=unit.rounding,
                    value=shorten(value),
                )
            )
        return quantity

    @api.model
    def _read_product(self, line, products):
        value = line["product"]
        found = products.get(value, []) if isinstance(value, int | str) else []
        if len(found) != 1 or isinstance(value, bool):
            several = self.env["product.product"].union(*found)
            raise UserError(self._get_not_one_message("product", value, several))
        return found[0]

    @api.model
    def _format_promised(self, line, promised):
        values = self.env["logistics.promise"]._format_promise(promised)
        names = ("date", "confidence", "likely_date", "explanation")
        part_names = ("source", "quantity", "date", "document", "warehouse")
        return {
            "product": line["product"],
            "quantity": line["quantity"],
            **{name: values[name] for name in names},
            "parts": [{name: part[name] for name in part_names} for part in values["parts"]],
        }

    @contextmanager
    def _naming_line(self, number):
        """Say in an error which line is wrong."""
        try:
            yield
        except UserError as error:
            raise UserError(
                self.env._("Line %(number)s: %(error)s", number=number, error=error.args[0])
            ) from error
