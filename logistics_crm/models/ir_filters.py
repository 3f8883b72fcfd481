from ast import literal_eval
from contextlib import suppress

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import safe_eval

DEPARTMENTS = [
    ("sales", "Sales"),
    ("marketing", "Marketing"),
    ("service", "Customer Service"),
    ("account", "Account Management"),
    ("administration", "Administration"),
]
# what a domain or context that somebody wrote by hand may raise
UNREADABLE = (ValueError, TypeError, ArithmeticError, LookupError, AttributeError, SyntaxError)


class IrFilters(models.Model):
    """Saved queries of the departments: a question, and the list that answers it."""

    _inherit = "ir.filters"

    question = fields.Char(
        translate=True, help="What the query answers, in the language of whoever asks."
    )
    department = fields.Selection(DEPARTMENTS, help="In whose menu the query is listed.")
    model_label = fields.Char(string="List", compute="_compute_model_label")
    result_count = fields.Integer(string="Results", compute="_compute_result_count")

    @api.depends("model_id")
    def _compute_model_label(self):
        for query in self:
            # sudo: the name alone, which menus show as well
            query.model_label = self.env["ir.model"].sudo()._get(query.model_id).name

    @api.depends("model_id", "domain")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_result_count(self):
        """Count what the reader may see of it; a query that cannot be read finds nothing."""
        for query in self:
            model = self.env.get(query.model_id)
            query.result_count = 0
            if model is not None and model.has_access("read"):
                with suppress(*UNREADABLE):
                    query.result_count = model.search_count(query._get_domain())

    def _get_domain(self):
        """Return the query's domain within that of its list, as the web client reads them."""
        self.ensure_one()
        known = {
            "context_today": lambda: fields.Date.context_today(self),
            "datetime": safe_eval.datetime,
            "relativedelta": safe_eval.dateutil.relativedelta.relativedelta,
            "time": safe_eval.time,
            "uid": self.env.uid,
        }
        limits = (self.action_id and self._get_action().domain) or "[]"
        domains = (safe_eval.safe_eval(text, known) for text in (limits, self.domain))
        return list(Domain.AND(domains))

    def _get_action(self):
        return self.env["ir.actions.act_window"].sudo().browse(self.action_id.id)

    @api.model
    def get_filters(
        self, model, action_id=None, embedded_action_id=None, embedded_parent_res_id=None
    ):
        """Show shipped queries in the reader's language: names of filters have only one."""
        found = super().get_filters(model, action_id, embedded_action_id, embedded_parent_res_id)
        reader = self.with_context(lang=self.env.user.lang)
        asked = reader.browse([one["id"] for one in found]).filtered("question")
        questions = {query.id: query.question for query in asked}
        return [{**one, "name": questions.get(one["id"], one["name"])} for one in found]

    def action_open_query(self):
        """Open the list that answers the question, ready to export and to print."""
        self.ensure_one()
        try:
            domain, context = self._get_domain(), literal_eval(self.context or "{}")
        except UNREADABLE as error:
            raise UserError(
                self.env._(
                    "The query “%(query)s” cannot be read: save it again from its list.",
                    query=self.name,
                )
            ) from error
        action = {"type": "ir.actions.act_window", "res_model": self.model_id}
        if self.action_id:
            # sudo: whoever sees the query may open its list; rights on records stay theirs
            xmlid = self._get_action().get_external_id()[self.action_id.id]
            action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
            action.pop("path", None)
        title = self.question or self.name
        return {
            **action,
            "name": title,
            "display_name": title,
            "domain": domain,
            "context": context,
            "view_mode": action.get("view_mode", "list,form"),
        }
