from odoo import fields, models


class MailTemplate(models.Model):
    """A template may be the usual answer to cases of some categories."""

    _inherit = "mail.template"

    case_category_ids = fields.Many2many(
        "logistics.case.category",
        string="Answers Cases about",
        copy=False,  # whoever copies a template need not read this, and one answers a category
        groups="logistics_crm.group_logistics_user",
        help="The button “Answer” of a case of these categories, or of those below, starts with "
        "this template.",
    )
