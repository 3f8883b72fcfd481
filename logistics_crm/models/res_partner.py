from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column

from ..tools.code_format import normalize, read_location_number


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ("res.partner", "logistics.code.picker")

    customer_code = fields.Char(
        compute="_compute_customer_code",
        store=True,
        readonly=False,
        copy=False,
        tracking=True,
        help="The customer's number, the same in all companies. Its last character shows typing "
        "errors.",
    )

    user_id = fields.Many2one(index="btree_not_null")
    is_on_own_document = fields.Boolean(
        compute="_compute_is_on_own_document",
        search="_search_is_on_own_document",
        help="The user is the salesperson of a lead or order of this customer.",
    )

    _customer_code_uniq = models.UniqueIndex(
        "(customer_code)", "Another customer has this customer code already."
    )

    @property
    def _rec_names_search(self):
        return [*super()._rec_names_search, "customer_code"]

    def _auto_init(self):
        """Add the column by hand, lest the ORM compute it partner by partner at install.

        The post-init hook gives the codes, thousands at a time.
        """
        if not column_exists(self.env.cr, self._table, "customer_code"):
            create_column(self.env.cr, self._table, "customer_code", "varchar")
        return super()._auto_init()

    @api.depends("is_company", "parent_id", "customer_rank")
    def _compute_customer_code(self):
        """Give a code to those who became customers; a code once given is kept."""
        if not self.env["logistics.code.scheme"]._has_scheme(self._name):
            return
        bare = self.filtered(
            lambda partner: (
                not partner.customer_code
                and isinstance(partner.id, int)
                and partner._needs_customer_code()
            )
        )
        codes = self.env["logistics.code.scheme"]._next_codes(self._name, len(bare))
        for partner, code in zip(bare, codes, strict=True):
            partner.customer_code = code

    @api.depends("parent_id")
    def _compute_user_id(self):
        """Make who sees own customers only the salesperson of the partners they create."""
        result = super()._compute_user_id()
        if self.env.user._sees_own_customers_only():
            new = self.filtered(lambda partner: not partner._origin and not partner.parent_id)
            new.filtered(lambda partner: not partner.user_id).user_id = self.env.user
        return result

    @api.depends_context("uid")
    def _compute_is_on_own_document(self):
        found = self.search([("id", "in", self.ids), ("is_on_own_document", "=", True)])
        for partner in self:
            partner.is_on_own_document = partner._origin in found

    @api.model
    def _search_is_on_own_document(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: a record rule on partners stands on this; it hands out no record by itself
        everything = self.sudo().with_context(active_test=False)
        queries = [
            everything.env[model]._search(domain).subselect("partner_id")
            for model, domain in self._get_own_document_domains().items()
        ]
        # one IN over a UNION: the planner finds the partners by key, with an OR it reads them all
        own = Domain("id", "in", SQL("(%s)", SQL(" UNION ").join(queries)))
        partners = everything._search(own).subselect("commercial_partner_id")
        return Domain("commercial_partner_id", "in", partners)

    @api.model
    def _get_own_document_domains(self):
        """Return a domain of own documents per model that has a `partner_id`; a hook."""
        own = Domain("user_id", "=", self.env.uid)
        return {"crm.lead": own, "sale.order": own}

    @api.depends("customer_code")
    @api.depends_context("formatted_display_name")
    def _compute_display_name(self):
        """Show the code beside the name in the lists that many2one fields unfold."""
        result = super()._compute_display_name()
        if self.env.context.get("formatted_display_name"):
            for partner in self.filtered("customer_code"):
                partner.display_name += f" \t --{partner.customer_code}--"
        return result

    @api.model
    def _search_display_name(self, operator, value):
        """Find a whole code by its index, where a search of all names would read every partner."""
        if operator in ("ilike", "=") and isinstance(value, str):
            domain = self._get_code_domain(value)
            if domain:
                return domain
        return super()._search_display_name(operator, value)

    @api.model
    def _get_code_domain(self, text):
        """Return the domain of who a code or location number stands for, None if nobody."""
        domain = self.env["logistics.code.scheme"]._get_code_domain(self._name, text)
        number = False if domain else read_location_number(text)
        if number:
            exact = Domain("global_location_number", "=", number)
            if self.with_context(active_test=False).search_count(exact, limit=1):
                return exact
        return domain

    @api.constrains("customer_code")
    def _check_customer_code(self):
        schemes = self.env["logistics.code.scheme"]
        for partner in self:
            code = partner.customer_code
            if code and not schemes._is_valid_code(self._name, code):
                raise ValidationError(partner._get_wrong_code_message(code))
        self._check_code_is_no_former_one()

    def _check_code_is_no_former_one(self):
        codes = [code for code in self.mapped("customer_code") if code]
        owners = self.env["logistics.code.alias"]._find_owners(self._name, codes)
        for partner in self:
            if owners.get(partner.customer_code, partner.id) != partner.id:
                raise ValidationError(
                    self.env._(
                        "%(code)s was the code of another customer, and codes are never given "
                        "again. Leave the field empty for the next code.",
                        code=partner.customer_code,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Draw the codes of the whole batch at once, so that they are part of the INSERT."""
        vals_list = [self._clean_values_of_new_customer(vals) for vals in vals_list]
        bare = [
            vals
            for vals in vals_list
            if "customer_code" not in vals and self._values_need_customer_code(vals)
        ]
        schemes = self.env["logistics.code.scheme"]
        if bare and schemes._has_scheme(self._name):
            codes = schemes._next_codes(self._name, len(bare))
            for vals, code in zip(bare, codes, strict=True):
                vals["customer_code"] = code
        return super().create(vals_list)

    def write(self, vals):
        """Read codes as people write them, and say what a user may not do with a customer."""
        if "customer_code" in vals:
            vals = {**vals, "customer_code": normalize(vals["customer_code"])}
            self._check_keeps_customer_code(vals["customer_code"])
            former = self._retire_customer_codes(vals["customer_code"])
            self.env["logistics.code.alias"]._keep(self._name, former, "changed")
        if "user_id" in vals and not self.env.su:
            self._check_hands_over_no_customer(vals["user_id"])
        return super().write(vals)

    def unlink(self):
        """Keep the codes of deleted customers from being given again."""
        former = self._retire_customer_codes()
        self.env["logistics.code.alias"]._keep(self._name, former, "deleted")
        return super().unlink()

    def _retire_customer_codes(self, new_code=None):
        former = {
            partner.customer_code: partner.id
            for partner in self
            if partner.customer_code and partner.customer_code != new_code
        }
        if former:
            self.env["logistics.code.scheme"]._retire_codes(self._name, list(former))
        return former

    def _check_keeps_customer_code(self, code):
        if not code and any(
            partner.customer_code and partner._needs_customer_code() for partner in self
        ):
            raise ValidationError(
                self.env._(
                    "A customer keeps a customer code. Enter the other code instead of leaving "
                    "the field empty."
                )
            )

    def _check_hands_over_no_customer(self, user_id):
        if user_id == self.env.uid or not self.env.user._sees_own_customers_only():
            return
        for customer in self.filtered(lambda partner: partner.customer_rank > 0):
            if customer == customer.commercial_partner_id and customer._is_lost_without_user():
                raise UserError(
                    self.env._(
                        "You would not see %(customer)s any more. Ask a Logistics Officer to "
                        "hand the customer over.",
                        customer=customer.name,
                    )
                )

    def _is_lost_without_user(self):
        """Tell whether the user sees the customer for nothing but being the salesperson."""
        return self.user_id == self.env.user and self.env.user not in (
            self.account_member_ids.user_id
        )

    def _needs_customer_code(self):
        """Companies have a code, and so have customers who are persons of their own."""
        self.ensure_one()
        return self.is_company or (not self.parent_id and self.customer_rank > 0)

    @api.model
    def _values_need_customer_code(self, vals):
        """Tell the same of values; what it misses, `_compute_customer_code` makes up for."""
        context = self.env.context
        is_company = vals.get("is_company", context.get("default_is_company"))
        if vals.get("company_type"):
            is_company = vals["company_type"] == "company"
        is_customer = vals.get("customer_rank", context.get("default_customer_rank"))
        if "customer_rank" not in vals and context.get("res_partner_search_mode") == "customer":
            is_customer = True
        has_parent = vals.get("parent_id", context.get("default_parent_id"))
        return is_company or (is_customer and not has_parent)

    @api.model
    def _clean_values_of_new_customer(self, vals):
        vals = dict(vals)
        code = normalize(vals.pop("customer_code", False))
        if code:
            vals["customer_code"] = code
        if not vals.get("user_id", True) and self.env.user._sees_own_customers_only():
            del vals["user_id"]  # the default makes who creates the partner its salesperson
        return vals

    def _get_wrong_code_message(self, code):
        self.ensure_one()
        schemes = self.env["logistics.code.scheme"]
        suggestion = schemes._suggest_code(self._name, code)
        if suggestion:
            return self.env._(
                "%(code)s cannot be the customer code of %(customer)s: it holds a typing error. "
                "Perhaps %(suggestion)s is meant.",
                code=code,
                customer=self.name,
                suggestion=suggestion,
            )
        return self.env._(
            "%(code)s cannot be the customer code of %(customer)s: codes look like %(example)s. "
            "Leave the field empty for the next code.",
            code=code,
            customer=self.name,
            example=schemes._get_example_code(self._name),
        )

    @api.model
    def _assign_missing_customer_codes(self):
        """Give codes to all customers without one; return how many got one."""
        schemes = self.env["logistics.code.scheme"].search([("model", "=", self._name)])
        return sum(scheme._assign_missing_codes() for scheme in schemes)
