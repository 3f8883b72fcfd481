from odoo import fields, models
from odoo.tools import SQL

from ..tools.case_values import SEVERITIES, SLA_STATES


class LogisticsCaseWorkload(models.Model):
    """The open cases of each employee by the day on which they are due; read-only.

    A case stands on the day of its resolution deadline, or today if that is past or missing.
    The day is that of the employee's time zone.
    """

    _name = "logistics.case.workload"
    _description = "Workload"
    _auto = False
    _order = "day, employee_id, id"
    _rec_name = "case_id"

    case_id = fields.Many2one("logistics.case", readonly=True)
    employee_id = fields.Many2one("hr.employee", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    user_id = fields.Many2one("res.users", readonly=True)
    commercial_partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    category_id = fields.Many2one("logistics.case.category", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    severity = fields.Selection(SEVERITIES, readonly=True)
    sla_state = fields.Selection(SLA_STATES, string="SLA", readonly=True)
    day = fields.Date(readonly=True)
    resolution_deadline = fields.Datetime(readonly=True)
    open_count = fields.Integer(string="Open Cases", readonly=True)
    overdue_count = fields.Integer(string="Overdue", readonly=True)
    waiting_count = fields.Integer(string="Waiting for Customer", readonly=True)
    promised_hours = fields.Float(
        string="Hours Promised",
        readonly=True,
        help="Working hours within which the SLA promises the solutions.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT c.id,
                   c.id AS case_id,
                   c.employee_id,
                   v.department_id,
                   c.user_id,
                   c.commercial_partner_id,
                   c.category_id,
                   c.company_id,
                   c.severity,
                   c.sla_state,
                   c.resolution_deadline,
                   GREATEST(
                       (COALESCE(c.resolution_deadline, now() AT TIME ZONE 'UTC')
                           AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(r.tz, 'UTC'))::date,
                       (now() AT TIME ZONE COALESCE(r.tz, 'UTC'))::date
                   ) AS day,
                   1 AS open_count,
                   CASE WHEN c.resolution_deadline < now() AT TIME ZONE 'UTC'
                         AND c.state != 'waiting' THEN 1 ELSE 0 END AS overdue_count,
                   CASE WHEN c.state = 'waiting' THEN 1 ELSE 0 END AS waiting_count,
                   p.resolution_hours AS promised_hours
              FROM logistics_case c
         LEFT JOIN hr_employee e ON e.id = c.employee_id
         LEFT JOIN hr_version v ON v.id = e.current_version_id
         LEFT JOIN resource_resource r ON r.id = e.resource_id
         LEFT JOIN logistics_sla_policy p ON p.id = c.sla_policy_id
             WHERE c.active AND c.state IN ('new', 'open', 'waiting')
            """
        )

    def action_open_case(self):
        """Open the case."""
        self.ensure_one()
        return self.case_id.get_formview_action()
