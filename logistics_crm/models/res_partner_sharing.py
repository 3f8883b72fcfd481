from odoo import api, models
from odoo.tools import SQL


class ResPartner(models.Model):
    """Customers of one company or of all (see `logistics.data.sharing`)."""

    _inherit = "res.partner"

    @api.model
    def default_get(self, fields):
        """Show in the form of a new customer whose it will be."""
        values = super().default_get(fields)
        is_customer = self.env.context.get("res_partner_search_mode") == "customer"
        if "company_id" in fields and is_customer and self._are_customers_local():
            values.setdefault("company_id", self.env.company.root_id.id)
        return values

    @api.model_create_multi
    def create(self, vals_list):
        """Give new customers to the company of whoever creates them, where each has its own."""
        if self._are_customers_local():
            vals_list = [{**self._get_values_of_company(vals), **vals} for vals in vals_list]
        return super().create(vals_list)

    @api.model
    def _get_values_of_company(self, vals):
        parent_id = vals.get("parent_id", self.env.context.get("default_parent_id"))
        if parent_id:
            return {"company_id": self.browse(parent_id).company_id.id}
        if self._values_need_customer_code(vals):
            return {"company_id": self.env.company.root_id.id}
        return {}

    @api.model
    def _are_customers_local(self):
        if self.env.context.get("logistics_partner_of_company"):
            return False
        return self.env["logistics.data.sharing"]._get_scope("customers") == "company"

    @api.model
    def _get_dealing_columns(self):
        """Return by table the columns of the customer and the company that dealt; a hook."""
        return {
            "account_move": ("commercial_partner_id", "company_id"),
            "crm_lead": ("partner_id", "company_id"),
            "logistics_call": ("partner_id", "company_id"),
            "logistics_case": ("partner_id", "company_id"),
            "logistics_sales_history": ("partner_id", "company_id"),
            "sale_order": ("partner_id", "company_id"),
        }

    @api.model
    def _get_dealings_query(self):
        """Return the query of (customer, company) for each company that alone deals with one.

        The company is the root of a company with branches: a customer of a branch is known to
        the others.
        """
        parts = [
            SQL(
                "SELECT DISTINCT %s AS partner_id, %s AS company_id FROM %s",
                SQL.identifier(partner),
                SQL.identifier(company),
                SQL.identifier(table),
            )
            for table, (partner, company) in self._get_dealing_columns().items()
        ]
        return SQL(
            """SELECT partner.commercial_partner_id AS id, min(root.id) AS company_id
                 FROM (%s) AS dealing
                 JOIN res_partner AS partner ON partner.id = dealing.partner_id
                 JOIN res_company AS company ON company.id = dealing.company_id
                 JOIN res_company AS root
                   ON root.id = split_part(company.parent_path, '/', 1)::int
             GROUP BY partner.commercial_partner_id
               HAVING count(DISTINCT root.id) = 1""",
            SQL(" UNION ").join(parts),
        )

    @api.model
    def _get_movable_condition(self):
        """Return the condition on `customer`, a commercial partner: it is neither a company of
        ours nor one of our users."""
        return SQL(
            """customer.partner_share
               AND NOT EXISTS (
                   SELECT FROM res_company AS ours WHERE ours.partner_id = customer.id)"""
        )

    @api.model
    def _give_to_companies(self):
        """Give each customer that one company alone deals with to it, contacts included.

        One statement for any number. A customer whose portal users sign in at another company
        stays with all.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE res_partner AS partner SET company_id = own.company_id
                     FROM (%s) AS own, res_partner AS customer
                    WHERE partner.commercial_partner_id = own.id AND customer.id = own.id
                      AND partner.company_id IS NULL AND customer.company_id IS NULL AND %s
                      AND NOT EXISTS (
                          SELECT FROM res_users AS login
                            JOIN res_partner AS person ON person.id = login.partner_id
                           WHERE person.commercial_partner_id = own.id
                             AND login.company_id <> own.company_id)""",
                self._get_dealings_query(),
                self._get_movable_condition(),
            )
        )
        self.env.invalidate_all(flush=False)

    @api.model
    def _share_with_companies(self):
        """Take the company from all customers and their contacts, in one statement."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE res_partner AS partner SET company_id = NULL
                     FROM res_partner AS customer
                    WHERE customer.id = partner.commercial_partner_id
                      AND partner.company_id IS NOT NULL AND %s""",
                self._get_movable_condition(),
            )
        )
        self.env.invalidate_all(flush=False)

    @api.model
    def _count_by_dealing(self, scope):
        """Return (company name, number of its customers) as they are (`shared`) or would be."""
        self.env.flush_all()
        if scope == "shared":
            owned = SQL("SELECT id, company_id FROM res_partner WHERE company_id IS NOT NULL")
        else:
            owned = self._get_dealings_query()
        query = SQL(
            """SELECT company.name, count(*)
                 FROM res_partner AS customer
            LEFT JOIN (%s) AS own ON own.id = customer.id
            LEFT JOIN res_company AS company
                   ON company.id = COALESCE(customer.company_id, own.company_id)
                WHERE customer.customer_code IS NOT NULL AND customer.active AND %s
             GROUP BY company.id
             ORDER BY count(*) DESC""",
            owned,
            self._get_movable_condition(),
        )
        everyone = self.env._("All companies")
        return [(name or everyone, count) for name, count in self.env.execute_query(query)]
