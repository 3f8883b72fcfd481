from odoo import api, fields, models


class MailCannedResponse(models.Model):
    """A canned answer of customer service: for some categories, in one language."""

    _inherit = "mail.canned.response"

    for_cases = fields.Boolean(help="Offered on cases, besides after “::” in any message.")
    case_category_ids = fields.Many2many(
        "logistics.case.category",
        string="Categories",
        copy=False,
        groups="logistics_crm.group_logistics_user",
        help="Offered on cases of these categories and of those below. Empty: on all.",
    )
    lang = fields.Selection(
        selection="_get_languages",
        string="Language",
        help="Offered for customers with this language. Empty: for all.",
    )

    @api.model
    def _get_languages(self):
        return self.env["res.lang"].get_installed()

    def _fits_case(self, case):
        """Tell whether to offer the answer on a case."""
        self.ensure_one()
        path = (case.category_id.parent_path or "").split("/")
        categories = {str(category_id) for category_id in self.case_category_ids.ids}
        return (not categories or bool(categories & set(path))) and (
            not self.lang or self.lang == (case.partner_id.lang or self.env.lang)
        )

    def action_answer_case(self):
        """Open a mail to the customer of the case (context `case_id`) with this answer."""
        self.ensure_one()
        case = self.env["logistics.case"].browse(self.env.context.get("case_id")).exists()
        return case._answer_with_canned(self)
