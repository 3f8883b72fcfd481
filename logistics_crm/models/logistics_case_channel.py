from contextlib import contextmanager

import psycopg2

from odoo import api, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL, mute_logger


class LogisticsCase(models.Model):
    """What all channels have in common: the customer's words open the conversation."""

    _inherit = "logistics.case"

    def _compute_access_url(self):
        """Lead to the customer's page of the case."""
        result = super()._compute_access_url()
        for case in self:
            case.access_url = f"/my/cases/{case.id}"
        return result

    @api.model
    def _find_external(self, values):
        """Return the case that has the external id of the values already, seen as superuser."""
        if not values.get("external_id"):
            return self.browse()
        # sudo: the key is taken, whoever may see the case it belongs to
        cases = self.sudo().with_context(active_test=False)
        names = ("company_id", "channel", "external_id")
        return cases.search([(name, "=", values[name]) for name in names])

    @api.model
    def _create_once(self, values):
        """Create a case unless its external id is known.

        Of two calls at once the second is done again by Odoo, and then finds the first.

        Returns
        -------
        (logistics.case, bool)
            The case, and whether it is new.
        """
        case = self._find_external(values).with_env(self.env)
        if case:
            return case, False
        with self._retried_when_opened_by_another(values):
            case = self.create(values)
        return case, True

    @contextmanager
    def _retried_when_opened_by_another(self, values):
        """Have Odoo do the request again when another opens the same case at this moment.

        The lock tells of another that is at it, the index of one that has just been.
        """
        if self._is_being_opened(values):
            raise ConcurrencyError("The same case is being opened by another request")
        try:
            with mute_logger("odoo.sql_db"):  # a repetition is part of the plan
                yield
                self.env.flush_all()
        except psycopg2.errors.UniqueViolation as error:
            raise ConcurrencyError("The same case is being opened by another request") from error

    @api.model
    def _is_being_opened(self, values):
        if not values.get("external_id"):
            return False
        key = [str(values[name]) for name in ("company_id", "channel", "external_id")]
        lock = SQL("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", "/".join(key))
        return not self.env.execute_query(lock)[0][0]

    def _post_customer_text(self, body, attachments=None):
        """Post what the customer said as a message of theirs.

        Parameters
        ----------
        body : str
            HTML, which is sanitized.
        attachments : list of tuple, optional
            (name, bytes).
        """
        self.ensure_one()
        if not body and not attachments:
            return self.env["mail.message"]
        # sudo: the customer, not the user who hands the text on, is the author
        case = self.sudo().with_context(
            mail_post_autofollow_author_skip=True, attachments_mime_plainxml=True
        )
        return case.message_post(
            body=case.description if body else "",
            author_id=case.partner_id.id,
            email_from=case.partner_email or case.partner_id.email or False,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=attachments or [],
        )
