from odoo import models


class LogisticsCase(models.Model):
    """What all channels have in common: the customer's words open the conversation."""

    _inherit = "logistics.case"

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
        case = self.sudo().with_context(mail_post_autofollow_author_skip=True)
        return case.message_post(
            body=case.description if body else "",
            author_id=case.partner_id.id,
            email_from=case.partner_email or case.partner_id.email or False,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=attachments or [],
        )
