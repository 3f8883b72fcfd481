from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools import hmac as sign

DEFAULT_LIMIT = 10


class LogisticsContactVisit(models.Model):
    """How often a network has used the public form this hour; kept for a day, without addresses.

    One row per network and hour, counted up by one statement, so that any number of workers
    count together.
    """

    _name = "logistics.contact.visit"
    _description = "Use of the Public Form"
    _log_access = False

    visitor = fields.Char(required=True, help="Signed address of the visitor.")
    hour = fields.Datetime(required=True)
    count = fields.Integer(required=True)

    _visitor_uniq = models.UniqueIndex("(visitor, hour)")

    @api.model
    def _count_visit(self, address):
        """Count a use of the form and tell whether it is within the limit of the hour.

        Parameters
        ----------
        address : str
            Of the visitor; stored signed only.

        Returns
        -------
        bool
        """
        # sudo: a setting, and the database's secret that signs addresses
        parameters = self.env["ir.config_parameter"].sudo()
        limit = int(parameters.get_param("logistics_crm.contact_form_limit", DEFAULT_LIMIT))
        visitor = sign(self.env(su=True), "logistics_crm.contact_visit", address or "")
        hour = fields.Datetime.now().replace(minute=0, second=0, microsecond=0)
        [(count,)] = self.env.execute_query(
            SQL(
                """INSERT INTO logistics_contact_visit AS visit (visitor, hour, count)
                        VALUES (%s, %s, 1)
                   ON CONFLICT (visitor, hour) DO UPDATE SET count = visit.count + 1
                     RETURNING count""",
                visitor,
                hour,
            )
        )
        return count <= limit

    @api.autovacuum
    def _gc_visits(self):
        self.search([("hour", "<", fields.Datetime.now() - timedelta(days=1))]).unlink()
