from datetime import timedelta

from odoo import api, fields, models


class LogisticsCaseAnswering(models.Model):
    """Who is writing an answer to a case at the moment; rows are overwritten and forgotten."""

    _name = "logistics.case.answering"
    _description = "Answer Being Written"
    _log_access = False

    case_id = fields.Many2one("logistics.case", required=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    date = fields.Datetime(required=True)

    _writer_uniq = models.UniqueIndex("(case_id, user_id)")

    @api.autovacuum
    def _gc_old(self):
        """Forget who wrote answers once."""
        self.search([("date", "<", fields.Datetime.now() - timedelta(days=1))]).unlink()
