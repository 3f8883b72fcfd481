from markupsafe import Markup

from odoo import models


class SaleOrder(models.Model):
    """Tell the customer of an order that its promises changed."""

    _inherit = "sale.order"

    def _tell_promises(self, channel, template, days):
        """Write to the customer.

        Parameters
        ----------
        channel : str
            ``email`` or ``portal``.
        template : str
        days : dict of logistics.promise.line to (date or False)
        """
        self.ensure_one()
        subject, body = self._render_promise_notice(template, days)
        author = self._get_promise_owner().partner_id or self.company_id.partner_id
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

    def _write_promise_call(self, call, notices):
        """Plan the call that tells the customer, or write anew what it is about.

        Parameters
        ----------
        call : mail.activity
            The one that is open; empty where none is.
        notices : dict of str to dict
            The new days of promises, as in `_tell_promises`, by template.

        Returns
        -------
        mail.activity
        """
        texts = [self._render_promise_notice(*notice) for notice in notices.items()]
        values = {
            "summary": texts[0][0],
            "note": Markup("<hr/>").join(Markup(body) for _subject, body in texts),
        }
        if call:
            call.write(values)
            return call
        caller = self._get_promise_owner() or self._get_promise_service() or self.env.user
        return self.activity_schedule("mail.mail_activity_data_call", user_id=caller.id, **values)

    def _drop_promise_call(self, call):
        """Close the call that would tell what is not so any more, and say why."""
        self.message_post(
            body=self.with_context(lang=call.user_id.lang).env._(
                "The customer need not be called about the delivery date any more: what was to be"
                " told is not so now. The planned call was closed."
            )
        )
        call.unlink()

    def _get_promise_owner(self):
        """Return who talks to the customer about the order (empty: nobody who is there)."""
        named = self.user_id | self.partner_id.commercial_partner_id.user_id
        return named.filtered(lambda user: user.active and not user.share)[:1]

    def _get_promise_service(self):
        """Return who does customer service for the customer; empty where nobody does."""
        role = self.env.ref("logistics_crm.account_role_customer_service", raise_if_not_found=False)
        if not role:
            return self.env["res.users"]
        customer = self.partner_id.commercial_partner_id
        owner = role._find_owners(customer, self.company_id)[customer]
        return self.env["res.users"].browse(owner["user_id"] or [])

    def _render_promise_notice(self, template, days):
        """Return the subject and the text of a template on orders, about new days of promises.

        The template sees them as ``ctx['promise_rows']``, as `_prepare_promise_rows` makes them.
        """
        rows = self._prepare_promise_rows(days)
        template = self.env.ref(f"logistics_crm_scm.{template}").with_context(promise_rows=rows)
        return tuple(
            template._render_field(name, self.ids, compute_lang=True)[self.id]
            for name in ("subject", "body_html")
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
            ``product``, ``quantity`` (what is still to leave), ``unit``, ``before`` and ``after``
            (texts).
        """
        lang = self.partner_id.lang or self.company_id.partner_id.lang or self.env.lang
        unknown = self.with_context(lang=lang).env._("not known yet")
        known = {line: not line.told_unknown and line._get_known_date() for line in days}
        number = self.env["logistics.promise"]._format_quantity
        return [
            {
                "product": line.product_id.with_context(lang=lang).display_name,
                "quantity": number(line._get_quantity_to_leave()),
                "unit": line.unit_id.with_context(lang=lang).name,
                "before": line._format_day_to_tell(known[line], lang) or unknown,
                "after": line._format_day_to_tell(day, lang) or unknown,
            }
            for line, day in days.items()
        ]
