from odoo import models
from odoo.tools import format_date


class SaleOrder(models.Model):
    """Tell the customer of an order that its promises changed."""

    _inherit = "sale.order"

    def _tell_promises(self, channel, template, rows):
        """Write to the customer, or have them called.

        Parameters
        ----------
        channel : str
            ``email``, ``portal`` or ``phone``.
        template : mail.template
            On orders; sees the rows as ``ctx['promise_rows']``.
        rows : list of dict
            As `_prepare_promise_rows` makes them.
        """
        self.ensure_one()
        template = template.with_context(promise_rows=rows)
        body = template._render_field("body_html", self.ids, compute_lang=True)[self.id]
        subject = template._render_field("subject", self.ids, compute_lang=True)[self.id]
        owner = self.user_id or self.partner_id.commercial_partner_id.user_id
        if channel == "phone":
            return self.activity_schedule(
                "mail.mail_activity_data_call",
                user_id=(owner or self.env.user).id,
                summary=subject,
                note=body,
            )
        author = owner.partner_id or self.company_id.partner_id
        by_mail = channel == "email"
        return self.message_post(
            author_id=author.id,
            email_from=author.email_formatted or None,
            subject=subject,
            body=body,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.partner_id.ids if by_mail else [],
            notify_skip_followers=not by_mail,
        )

    def _prepare_promise_rows(self, days):
        """Return what the customer may know of promises, in their language.

        Parameters
        ----------
        days : dict of logistics.promise.line to (date or False)
            The new day of each; False where none is known.

        Returns
        -------
        list of dict
            ``product``, ``quantity``, ``unit``, ``before`` and ``after`` (texts).
        """
        lang = self.partner_id.lang or self.company_id.partner_id.lang or self.env.lang
        unknown = self.with_context(lang=lang).env._("not known yet")
        known = {line: not line.told_unknown and line._get_known_date() for line in days}
        number = self.env["logistics.promise"]._format_quantity
        return [
            {
                "product": line.product_id.with_context(lang=lang).display_name,
                "quantity": number(line.quantity),
                "unit": line.unit_id.with_context(lang=lang).name,
                "before": format_date(self.env, known[line], lang_code=lang) or unknown,
                "after": format_date(self.env, day, lang_code=lang) or unknown,
            }
            for line, day in days.items()
        ]
