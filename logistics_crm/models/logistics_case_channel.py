from odoo import api, models

from ..tools.once import creating_once


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
        with self._creating_once(values):
            case = self.create(values)
        return case, True

    @api.model
    def _creating_once(self, values):
        """Return a context in which a case is created unless another request is at the same."""
        key = [values.get(name) for name in ("company_id", "channel", "external_id")]
        return creating_once(self.env, self._table, key)

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
