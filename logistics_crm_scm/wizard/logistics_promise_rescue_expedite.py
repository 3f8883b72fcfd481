from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.languages import say_in_each_language


class LogisticsPromiseRescue(models.TransientModel):
    """Asking somebody who sees it to have a receipt come earlier; once, and kept on the promise."""

    _inherit = "logistics.promise.rescue"

    asked_id = fields.Many2one("res.users", readonly=True)
    asked_before = fields.Boolean(readonly=True)

    def _do_expedite(self):
        """Ask the buyer: nobody but the supplier can make a receipt come earlier."""
        records = [self.move_id.purchase_line_id.order_id, self.move_id.picking_id]
        records = [record for record in records if record]
        if not records:
            raise UserError(self.env._("Nobody is known who could have it come earlier."))
        open_ones = [one for record in records for one in record.activity_ids]
        for activity in open_ones:
            if activity.promise_line_id == self.line_id:
                activity.write(self._prepare_activity(activity.user_id))
                self.write({"asked_id": activity.user_id.id, "asked_before": True})
                break
        else:
            user, record = self._get_whom_to_ask(records)
            record.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                promise_line_id=self.line_id.id,
                **self._prepare_activity(user),
            )
            self.asked_id = user
        self._keep_asked()

    def _prepare_activity(self, user):
        """Return what somebody is asked, in their language."""
        asked = self.with_context(lang=user.lang)
        return {
            "date_deadline": fields.Date.context_today(self),
            "summary": asked.description,
            "note": asked.env._(
                "%(order)s to %(customer)s is promised for %(day)s.",
                order=self.line_id.order_id.name,
                customer=self.line_id.partner_id.display_name,
                day=format_date(asked.env, self.line_id.date),
            ),
        }

    def _get_whom_to_ask(self, records):
        """Return who is asked, and the document of which they may see it."""
        for user in self._get_buyers(records):
            there = user.active and not user.share and user.id != SUPERUSER_ID
            for record in records if there else ():
                own = record.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
                if own.has_access("read"):
                    return user, record
        return self.env.user, records[-1]

    def _get_buyers(self, records):
        """Return who may be asked, the first first: of the order, the supplier, the product."""
        product = self.line_id.product_id.with_company(self.line_id.company_id)
        vendor = self.move_id.purchase_line_id.order_id.partner_id
        waited_for = self.move_id.product_id.with_company(self.line_id.company_id)
        return [
            *(record.user_id for record in records),
            vendor.buyer_id,
            vendor.commercial_partner_id.buyer_id,
            waited_for.responsible_id,
            product.responsible_id,
            self.env.user,
        ]

    def _keep_asked(self):
        """Keep on the promise that somebody was asked, so that nobody asks again."""
        line = self.line_id
        if line.asked_date == self.latest_date:
            return
        reason = say_in_each_language(self, lambda one: one._describe_asking())
        line._keep_changes([(line, "asked_date", self.latest_date, reason, self.document)])

    def _describe_asking(self):
        asker, what = self.env.user.name, self.description
        if self.asked_id == self.env.user:
            return self.env._("%(asker)s sees to it: %(what)s", asker=asker, what=what)
        return self.env._(
            "%(asker)s asked %(buyer)s: %(what)s",
            asker=asker,
            buyer=self.asked_id.name,
            what=what,
        )

    def _describe_asked(self):
        """Say who was asked for an earlier receipt."""
        if self.asked_before:
            return self.env._(
                "%(name)s was asked already, and has one activity about it: %(what)s",
                name=self.asked_id.name,
                what=self.description,
            )
        if self.asked_id == self.env.user:
            return self.env._(
                "No other buyer is known: the activity is yours. %(what)s", what=self.description
            )
        return self.env._(
            "%(name)s was asked: %(what)s", name=self.asked_id.name, what=self.description
        )
