from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import html2plaintext, plaintext2html

SUGGESTED_CANNED = 10


class LogisticsCase(models.Model):
    """Answers at hand: articles and canned answers for the category and language of a case."""

    _inherit = "logistics.case"

    article_id = fields.Many2one(
        "logistics.article",
        string="Solved by Article",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        check_company=True,
        help="The article that solved the case.",
    )
    sent_article_ids = fields.Many2many(
        "logistics.article",
        "logistics_case_sent_article_rel",
        "case_id",
        "article_id",
        string="Articles Sent",
        copy=False,
        readonly=True,
    )
    suggested_article_ids = fields.Many2many(
        "logistics.article",
        string="Suggested Articles",
        compute="_compute_suggested_article_ids",
        help="By category and by the words of the case.",
    )
    suggested_canned_ids = fields.Many2many(
        "mail.canned.response",
        string="Canned Answers",
        compute="_compute_suggested_canned_ids",
        help="For the category of the case, in the customer's language.",
    )

    @api.depends("name", "description", "category_id", "company_id")
    def _compute_suggested_article_ids(self):
        articles = self.env["logistics.article"]
        for company, cases in self.grouped("company_id").items():
            cases = list(cases)
            suggested = articles._suggest(
                {
                    index: (
                        f"{case.name} {html2plaintext(case.description or '')}",
                        case.category_id,
                    )
                    for index, case in enumerate(cases)
                },
                domain=[("company_id", "in", (False, company.id))],
            )
            for index, case in enumerate(cases):
                case.suggested_article_ids = suggested[index]

    @api.depends("category_id", "partner_id.lang")
    def _compute_suggested_canned_ids(self):
        canned = self.env["mail.canned.response"].search(
            Domain("for_cases", "=", True), order="source, id"
        )
        for case in self:
            fitting = canned.filtered(lambda answer, case=case: answer._fits_case(case))
            case.suggested_canned_ids = fitting[:SUGGESTED_CANNED]

    def action_answer(self):
        """Open a mail to the customer from the template of the case's category."""
        self.ensure_one()
        return self._get_composer_action(template=self._get_answer_template())

    def _get_answer_template(self):
        """Return the template of the category or the nearest above, else that of all cases."""
        self.ensure_one()
        path = [int(part) for part in (self.category_id.parent_path or "").split("/") if part]
        templates = self.env["mail.template"].search(
            [("model", "=", self._name), ("case_category_ids", "in", path)]
        )
        for category_id in reversed(path):
            fitting = templates.filtered(
                lambda template, wanted=category_id: wanted in template.case_category_ids.ids
            )
            if fitting:
                return fitting[0]
        return self.env.ref("logistics_crm.mail_template_case_answer", raise_if_not_found=False)

    def _answer_with(self, body, **context):
        self.ensure_one()
        return self._get_composer_action(
            default_body=body, default_subject=self.display_name, **context
        )

    def _answer_with_article(self, article):
        """Return the action of a mail to the customer with an article, in their language."""
        self.ensure_one()
        language = self.partner_id.lang
        translated = article.with_context(lang=language) if language else article
        return self._answer_with(
            translated.body,
            default_attachment_ids=article.attachment_ids.ids,
            logistics_article_id=article.id,
        )

    def _answer_with_canned(self, canned):
        """Return the action of a mail to the customer with a canned answer."""
        self.ensure_one()
        canned.sudo().last_used = fields.Datetime.now()  # sudo: others may have written it
        return self._answer_with(plaintext2html(canned.substitution))

    def _solve_by_article(self, article):
        """Say that an article solved the case."""
        self.article_id = article
        self.filtered(lambda case: case._is_open()).action_solve()
        return True

    def message_post(self, **kwargs):
        """Count an article as sent when the mail with it is sent, not when it was looked at."""
        message = super().message_post(**kwargs)
        article = self.env.context.get("logistics_article_id")
        if article and self:
            # sudo: it is counted whoever sends it, and by nobody else
            self.sudo().sent_article_ids = [fields.Command.link(article)]
        return message
