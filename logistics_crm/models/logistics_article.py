from textwrap import shorten

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, html2plaintext, html_translate, is_html_empty

from ..tools.words import get_words

AUDIENCES = [("staff", "Staff only"), ("portal", "Staff and portal")]
STATES = [("draft", "Draft"), ("published", "Published"), ("withdrawn", "Withdrawn")]
# the title says more than the text: its words count so many times
TITLE_WEIGHT = 4
# an article of the case's category goes before one that shares only words with it
CATEGORY_BONUS = 1.0
TEASER = 160


class LogisticsArticle(models.Model):
    """What we know: an answer that staff send and customers find by themselves."""

    _name = "logistics.article"
    _description = "Knowledge Article"
    _inherit = ("mail.thread", "mail.activity.mixin", "logistics.company.record")
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(string="Title", required=True, translate=True, tracking=True)
    body = fields.Html(
        string="Text", translate=html_translate, sanitize_attributes=True, sanitize_form=True
    )
    category_ids = fields.Many2many(
        "logistics.case.category",
        string="Categories",
        help="Suggested on cases of these categories and of those below.",
    )
    audience = fields.Selection(
        AUDIENCES,
        required=True,
        default="staff",
        tracking=True,
        help="Portal: customers find the published article in their portal.",
    )
    state = fields.Selection(
        STATES, string="Status", required=True, default="draft", copy=False, tracking=True
    )
    version = fields.Integer(
        default=0, readonly=True, copy=False, help="Grows each time the article is published."
    )
    date_published = fields.Datetime(string="Published on", readonly=True, copy=False)
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        default=lambda self: self.env.user,
        tracking=True,
        ondelete="restrict",
        index="btree_not_null",
        help="Who keeps the article right.",
    )
    company_id = fields.Many2one("res.company", index=True, help="Empty: for all companies.")
    attachment_ids = fields.Many2many(
        "ir.attachment", string="Files", help="Sent along with the answer."
    )
    active = fields.Boolean(default=True)
    words = fields.Text(
        compute="_compute_words",
        store=True,
        compute_sudo=True,
        groups="logistics_crm.group_logistics_manager",
        help="What full-text search looks in: the words of all languages.",
    )
    solved_count = fields.Integer(string="Solved", compute="_compute_counts")
    answer_count = fields.Integer(string="Sent", compute="_compute_counts")

    _words_idx = models.Index("USING gin (to_tsvector('simple', words))")

    @api.depends("name", "body")
    def _compute_words(self):
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        for article in self:
            words = []
            for language in languages:
                translated = article.with_context(lang=language)
                words += get_words(translated.name) * TITLE_WEIGHT
                words += get_words(html2plaintext(translated.body or ""))
            article.words = " ".join(words)

    def _compute_counts(self):
        cases = self.env["logistics.case"]
        solved = dict(
            cases._read_group([("article_id", "in", self.ids)], ["article_id"], ["__count"])
        )
        sent = dict(
            cases._read_group(
                [("sent_article_ids", "in", self.ids)], ["sent_article_ids"], ["__count"]
            )
        )
        for article in self:
            article.solved_count = solved.get(article, 0)
            article.answer_count = sent.get(article, 0)

    @api.constrains("state", "body")
    def _check_published_has_text(self):
        for article in self:
            if article.state == "published" and is_html_empty(article.body):
                raise ValidationError(
                    self.env._(
                        "“%(title)s” has no text yet: write it before you publish it.",
                        title=article.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Let whoever knows something write it down, and an Officer publish it."""
        for vals in vals_list:
            self._check_may_publish(vals)
        articles = super().create(vals_list)
        articles._check_may_share_files(self.env["ir.attachment"])
        articles._share_files()
        return articles

    def write(self, vals):
        """Give files that go to the portal the token by which customers open them."""
        self._check_may_publish(vals)
        before = self.sudo().attachment_ids  # sudo: see `_check_may_share_files`
        result = super().write(vals)
        self._check_may_share_files(before)
        if vals.keys() & {"attachment_ids", "state", "audience"}:
            self._share_files()
        return result

    def _check_may_publish(self, vals):
        is_officer = self.env.user.has_group("logistics_crm.group_logistics_officer")
        if vals.get("state", "draft") != "draft" and not (is_officer or self.env.su):
            raise AccessError(
                self.env._("A Logistics Officer publishes articles. Ask one to read yours.")
            )

    def _check_may_share_files(self, before):
        """Refuse files that the user may not read: an article hands them out."""
        # sudo: what the user may not read would be left out
        added = self.sudo().attachment_ids - before
        added.with_env(self.env).check_access("read")

    def action_publish(self):
        """Publish a new version of the article."""
        for article in self:
            article.write(
                {
                    "state": "published",
                    "version": article.version + 1,
                    "date_published": fields.Datetime.now(),
                }
            )
        return True

    def action_withdraw(self):
        """Take the article back: nobody finds it any more, cases keep naming it."""
        self.state = "withdrawn"
        return True

    def action_draft(self):
        """Work on the article again; until it is published it is not found."""
        self.state = "draft"
        return True

    def _share_files(self):
        shared = self.filtered(
            lambda article: article.audience == "portal" and article.state == "published"
        )
        # sudo: the owner of the article need not be the owner of its files
        files = shared.sudo().attachment_ids
        files.filtered(lambda file: not file.access_token).generate_access_token()

    # ------------------------------------------------------------------ finding

    @api.model
    def _get_text_query(self, text):
        """Return the full-text query (str) for any word of a text, empty if it has none."""
        words = dict.fromkeys(get_words(text))
        # a word longer than three letters finds those that it begins
        return " | ".join(f"'{word}':*" if len(word) > 3 else f"'{word}'" for word in words)

    @api.model
    def _search_text(self, text, domain=(), limit=None):
        """Find articles by words, best first.

        Parameters
        ----------
        text : str
            What is asked, in any language.
        domain : list, optional
            Which articles to search; rights are respected on top of it.
        limit : int, optional

        Returns
        -------
        logistics.article
        """
        query = self._get_text_query(text)
        if not query:
            return self.browse()
        self.flush_model(["words"])
        allowed = self._search(Domain(domain))
        rows = self.env.execute_query(
            SQL(
                """SELECT id
                     FROM logistics_article, to_tsquery('simple', %(query)s) AS query
                    WHERE to_tsvector('simple', words) @@ query AND id IN %(allowed)s
                 ORDER BY ts_rank(to_tsvector('simple', words), query) DESC, id
                    LIMIT %(limit)s""",
                query=query,
                allowed=allowed.subselect(),
                limit=limit,
            )
        )
        return self.browse(row[0] for row in rows)

    @api.model
    def _suggest(self, questions, domain=(), limit=5):
        """Suggest articles for many questions in one query.

        Parameters
        ----------
        questions : dict
            Any integer key → (text, `logistics.case.category`).
        domain : list, optional
            Which articles to choose from besides being published.
        limit : int
            How many to suggest for each question.

        Returns
        -------
        dict[int, logistics.article]
            Best first: of the category or one above it, then by common words.
        """
        if not questions:
            return {}
        self.flush_model(["words", "category_ids"])
        allowed = self._search(Domain("state", "=", "published") & Domain(domain))
        asked = [
            SQL(
                "(%s, NULLIF(%s, '')::tsquery, %s::int[])",
                key,
                self._get_text_query(text),
                [int(part) for part in (category.parent_path or "").split("/") if part],
            )
            for key, (text, category) in questions.items()
        ]
        rows = self.env.execute_query(
            SQL(
                """SELECT asked.key, best.id
                     FROM (VALUES %(asked)s) AS asked (key, query, categories)
               CROSS JOIN LATERAL (
                   SELECT article.id,
                          COALESCE(ts_rank(to_tsvector('simple', article.words), asked.query), 0)
                          + CASE WHEN named.found THEN %(bonus)s ELSE 0 END AS score
                     FROM logistics_article article
               CROSS JOIN LATERAL (
                   SELECT EXISTS (SELECT FROM logistics_article_logistics_case_category_rel rel
                                   WHERE rel.logistics_article_id = article.id
                                     AND rel.logistics_case_category_id = ANY (asked.categories)
                          ) AS found) AS named
                    WHERE article.id IN %(allowed)s
                      AND (named.found OR to_tsvector('simple', article.words) @@ asked.query)
                 ORDER BY score DESC, article.id
                    LIMIT %(limit)s) AS best
                 ORDER BY asked.key, best.score DESC, best.id""",
                asked=SQL(", ").join(asked),
                bonus=CATEGORY_BONUS,
                allowed=allowed.subselect(),
                limit=limit,
            )
        )
        found = {key: [] for key in questions}
        for key, article_id in rows:
            found[key].append(article_id)
        return {key: self.browse(ids) for key, ids in found.items()}

    @api.model
    def _get_portal_domain(self):
        """Return which articles customers may find."""
        return Domain("audience", "=", "portal") & Domain("state", "=", "published")

    @api.model
    def _suggest_for_portal(self, text, category=None, limit=5):
        """Suggest published portal articles for a question that a customer is about to ask."""
        category = category or self.env["logistics.case.category"]
        questions = {0: (text, category)}
        return self._suggest(questions, domain=self._get_portal_domain(), limit=limit)[0]

    def _get_teaser(self):
        """Return the first words of the text, for lists."""
        self.ensure_one()
        return shorten(html2plaintext(self.body or "", include_references=False), TEASER)

    def _get_case_to_answer(self):
        """Return the case on whose page the button was pressed (context `case_id`)."""
        return self.env["logistics.case"].browse(self.env.context.get("case_id")).exists()

    def action_answer_case(self):
        """Open a mail to the customer of the case with the article as the answer."""
        self.ensure_one()
        if self.audience == "staff":
            raise UserError(
                self.env._(
                    "“%(title)s” is for staff only: answer in your own words.", title=self.name
                )
            )
        return self._get_case_to_answer()._answer_with_article(self)

    def action_solve_case(self):
        """Say that the article solved the case."""
        self.ensure_one()
        return self._get_case_to_answer()._solve_by_article(self)

    def action_open_solved(self):
        """Open the cases that the article solved."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "logistics_crm.action_logistics_case"
        )
        action["domain"] = [("article_id", "=", self.id)]
        action["context"] = {}
        return action
