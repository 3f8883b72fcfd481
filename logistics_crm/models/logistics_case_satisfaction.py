import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import consteq, plaintext2html

from ..tools.plain_text import storable

CSAT_RANGE = range(1, 6)
NPS_RANGE = range(11)
LOW_CSAT = 2
LOW_NPS = 6
NPS_GROUPS = [("promoter", "Promoter"), ("passive", "Passive"), ("detractor", "Detractor")]
NPS_POINTS = {"promoter": 100, "passive": 0, "detractor": -100}
MAX_COMMENT = 4000
# the customer sets these over the page with the token, nobody else
ANSWER_FIELDS = {
    "csat",
    "nps",
    "nps_group",
    "nps_points",
    "satisfaction_comment",
    "satisfaction_date",
    "satisfaction_token",
    "satisfaction_deadline",
}


class LogisticsCase(models.Model):
    """Ask the customer how it went when a case is closed.

    `rating.rating` holds 0 to 5 and its own page offers three smiles, so both figures are fields
    of the case with a page of their own; the CSAT goes to `rating.rating`, too, for whoever
    reads ratings there. A figure that was not given is NULL, so that averages leave it out.
    """

    _inherit = "logistics.case"

    csat = fields.Float(
        string="CSAT",
        readonly=True,
        copy=False,
        aggregator="avg",
        digits=(2, 1),
        help="Customer satisfaction: how content the customer was, from 1 to 5. 0: no answer.",
    )
    nps = fields.Integer(
        string="Recommends",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="How likely the customer recommends us, from 0 to 10.",
    )
    nps_group = fields.Selection(
        NPS_GROUPS,
        string="NPS Group",
        readonly=True,
        copy=False,
        help="Promoters answered 9 or 10, passives 7 or 8, detractors 0 to 6.",
    )
    nps_points = fields.Float(
        string="NPS",
        readonly=True,
        copy=False,
        aggregator="avg",
        digits=(6, 1),
        help="Net promoter score: the share of promoters less that of detractors, -100 to 100.",
    )
    satisfaction_comment = fields.Text(string="Customer's Comment", readonly=True, copy=False)
    satisfaction_date = fields.Datetime(
        string="Answered on", readonly=True, copy=False, index="btree_not_null"
    )
    satisfaction_deadline = fields.Datetime(
        string="Can Be Answered Until", readonly=True, copy=False
    )
    satisfaction_token = fields.Char(
        readonly=True, copy=False, index="btree_not_null", groups="base.group_system"
    )

    _csat_check = models.Constraint("CHECK (csat BETWEEN 1 AND 5)", "CSAT is between 1 and 5.")
    _nps_check = models.Constraint(
        "CHECK (nps BETWEEN 0 AND 10)", "The recommendation is between 0 and 10."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Take no answers but the customer's."""
        for vals in vals_list:
            self._check_sets_no_answer(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Ask for satisfaction when a case is closed."""
        self._check_sets_no_answer(vals)
        if "stage_id" not in vals:
            return super().write(vals)
        before = {case: case.state for case in self}
        result = super().write(vals)
        self.filtered(
            lambda case: case.state == "closed" and before[case] != "closed"
        )._ask_for_satisfaction()
        return result

    def _check_sets_no_answer(self, vals):
        if vals.keys() & ANSWER_FIELDS and not self.env.su:
            raise AccessError(self.env._("Only the customer says how content they are."))

    # ------------------------------------------------------------------ asking

    def _ask_for_satisfaction(self):
        """Send the mail with the link, once per case, to those who have an address."""
        template = self.env.ref(
            "logistics_crm.mail_template_case_satisfaction", raise_if_not_found=False
        )
        # sudo: the token is no user's business
        asked = self.sudo().filtered(lambda case: case._is_to_be_asked())
        for case in asked:
            days = case.company_id.case_satisfaction_days
            case.write(
                {
                    "satisfaction_token": secrets.token_urlsafe(32),
                    "satisfaction_deadline": fields.Datetime.now() + timedelta(days=days),
                }
            )
        if asked and template:
            # sudo: templates read the token; the mails go out with the queue
            template.sudo().send_mail_batch(
                asked.ids, email_layout_xmlid="mail.mail_notification_light"
            )

    def _is_to_be_asked(self):
        self.ensure_one()
        return bool(
            self.company_id.case_satisfaction_ask
            and not self.merged_into_id
            and not self.satisfaction_token
            and (self.partner_email or self.partner_id.email)
        )

    def _get_satisfaction_url(self, csat=None):
        """Return the address of the page; used by the mail, which runs as superuser."""
        self.ensure_one()
        url = f"{self.get_base_url()}/case/satisfaction/{self.sudo().satisfaction_token}"
        return f"{url}?csat={csat}" if csat else url

    # ------------------------------------------------------------------ answering

    @api.model
    def _find_by_satisfaction_token(self, token):
        """Return the case (sudo) of a token, empty if there is none or it is too late."""
        # sudo: the customer needs no account; the token is unguessable
        case = self.sudo().search([("satisfaction_token", "=", token or "-")], limit=1)
        if not case or not consteq(case.satisfaction_token, token):
            return case.browse()
        return case if case.satisfaction_deadline >= fields.Datetime.now() else case.browse()

    def _set_satisfaction(self, csat, nps=None, comment=None):
        """Take the customer's answer; a later one before the deadline replaces it.

        Parameters
        ----------
        csat : int
            1 to 5.
        nps : int, optional
            0 to 10.
        comment : str, optional
            Plain text; what looks like HTML stays text.

        Raises
        ------
        UserError
            When a figure is out of range.
        """
        self.ensure_one()
        if csat not in CSAT_RANGE or (nps is not None and nps not in NPS_RANGE):
            raise UserError(self.env._("Choose 1 to 5 for how content you are, 0 to 10 below."))
        values = {
            "csat": csat,
            "satisfaction_comment": storable(comment or "").strip()[:MAX_COMMENT] or False,
            "satisfaction_date": fields.Datetime.now(),
        }
        if nps is not None:
            group = "promoter" if nps >= 9 else "passive" if nps >= 7 else "detractor"
            values |= {"nps": nps, "nps_group": group, "nps_points": NPS_POINTS[group]}
        self.write(values)
        self._rate(csat, values["satisfaction_comment"])
        self._follow_up_low_satisfaction()

    def _rate(self, csat, comment):
        rating = self.rating_ids[:1]
        if not rating:
            rating = self.env["rating.rating"].create(
                {
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "res_id": self.id,
                    "partner_id": self.partner_id.id,
                    "rated_partner_id": self.user_id.partner_id.id,
                }
            )
        self.rating_apply(csat, rating=rating, feedback=comment, subtype_xmlid="mail.mt_note")

    def _is_satisfaction_low(self):
        return self.csat <= LOW_CSAT or self.nps_group == "detractor"

    def _follow_up_low_satisfaction(self):
        """Give an unhappy customer to whoever does the role of the category, once."""
        summary = self.env._("Unhappy customer: call back")
        if not self._is_satisfaction_low() or self.activity_ids.filtered(
            lambda activity: activity.summary == summary
        ):
            return
        user = self._get_satisfaction_user()
        if user:
            self.activity_schedule(
                "mail.mail_activity_data_call",
                summary=summary,
                note=plaintext2html(self.satisfaction_comment or ""),
                user_id=user.id,
            )

    def _get_satisfaction_user(self):
        """Return who does the role of the category, else the responsible or the salesperson."""
        category = self.category_id
        while category and not category.role_id:
            category = category.parent_id
        employees = self.env["hr.employee"]
        if category:
            customer = self.partner_id
            employees = category.role_id._get_employees(customer, self.company_id)[customer]
        users = employees.user_id.filtered("active")
        return users[:1] or self.user_id or self.commercial_partner_id.user_id

    # ------------------------------------------------------------------ figures

    @api.model
    def _get_satisfaction_figures(self, groupby, domain):
        """Return what customers answered, by one field.

        Parameters
        ----------
        groupby : str
            A field of the case.
        domain : list
            Which cases count.

        Returns
        -------
        dict
            Value of `groupby` → (CSAT 1 to 5, NPS -100 to 100, number of answers). The NPS is
            False where nobody answered that question.
        """
        answered = Domain("satisfaction_date", "!=", False) & Domain(domain)
        rows = self._read_group(
            answered, [groupby], ["csat:avg", "nps_points:avg", "nps_group:count", "__count"]
        )
        return {
            value: (csat, nps if answers else False, count)
            for value, csat, nps, answers, count in rows
        }
