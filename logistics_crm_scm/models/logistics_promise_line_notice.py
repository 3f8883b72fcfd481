import logging
from datetime import timedelta

import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

_logger = logging.getLogger(__name__)

OFFERERS = ("logistics_crm_scm.group_planner", "sales_team.group_sale_salesman")


class LogisticsPromiseLine(models.Model):
    """Telling the customer: once per change, and only when a date passes what they know."""

    _inherit = "logistics.promise.line"

    told_date = fields.Date(
        string="Customer Told", readonly=True, help="The last date the customer was told."
    )
    notice_at = fields.Datetime(
        string="To Be Told At",
        readonly=True,
        index="btree_not_null",
        help="When the customer is told of the later date, unless it is saved before.",
    )
    better_offered = fields.Date(
        string="Earlier Date Offered",
        readonly=True,
        help="The earlier date that the customer was asked about.",
    )

    # ------------------------------------------------------------
    # LATER
    # ------------------------------------------------------------

    def _plan_notices(self):
        """Set when each customer is told that it comes later than they know; forget it if not."""
        now = fields.Datetime.now()
        due = self.browse()
        for line in self:
            known = line._get_known_date()
            late = line.state == "held" and known and line.expected_date
            late = late and line.expected_date > known
            if not late or not line._get_channel():
                line.notice_at = False
            elif not line.notice_at:
                grace = timedelta(hours=line.company_id.promise_grace_hours)
                line.notice_at = now + grace
                due |= line
        moments = {moment for moment in due.mapped("notice_at") if moment > now}
        cron = self.env.ref("logistics_crm_scm.ir_cron_promise_recheck", raise_if_not_found=False)
        if moments and cron:
            cron._trigger(moments)

    def _get_channel(self):
        return self.order_id.partner_id._get_promise_channel()

    @api.model
    def _send_due_notices(self):
        """Tell the customers whose time has come, order by order; each is a unit."""
        due = self.search([("notice_at", "<=", fields.Datetime.now()), ("state", "=", "held")])
        for order, lines in due.grouped("order_id").items():
            try:
                with self.env.cr.savepoint():
                    days = {line: line.expected_date for line in lines}
                    lines._tell("mail_template_promise_late", days, "told_date")
            except psycopg2.errors.SerializationFailure:
                raise  # Odoo runs the action again
            except Exception:
                _logger.exception("The customer of order %s could not be told", order.id)
                lines.notice_at = False  # the next change is told again
            if not self.env["ir.cron"]._commit_progress():
                return

    def _tell(self, template, days, told_field):
        """Tell one order's customer new dates; keep what was told.

        Parameters
        ----------
        template : str
        days : dict of logistics.promise.line to date
        told_field : str
            Where the dates are kept.

        Returns
        -------
        bool
            Whether there is a channel to tell them by.
        """
        order, channel = self.order_id, self[:1]._get_channel()
        self.filtered("notice_at").notice_at = False
        if not channel:
            return False
        rows = order._prepare_promise_rows(days)
        order._tell_promises(channel, self.env.ref(f"logistics_crm_scm.{template}"), rows)
        self._keep_told(channel, days, told_field)
        return True

    def _keep_told(self, channel, days, told_field):
        channels = (
            self.env["res.partner"]._fields["promise_channel"]._description_selection(self.env)
        )
        how = dict(channels)[channel]
        changes = [(line, told_field, days[line], how, line.order_id.name) for line in self]
        self._keep_changes(changes)

    # ------------------------------------------------------------
    # EARLIER
    # ------------------------------------------------------------

    def _check_may_offer(self):
        """Planners, and salespeople for what they see, agree dates with customers."""
        self.check_access("read")
        if not any(self.env.user.has_group(group) for group in OFFERERS):
            raise AccessError(self.env._("Only planners and salespeople offer dates."))

    def action_offer_better(self):
        """Ask the customer, through their channel, whether the earlier date suits them."""
        self._check_may_offer()
        # sudo: writes the promise and the order's message, both checked above
        lines = self.sudo().filtered("better_date")
        if not lines:
            raise UserError(self.env._("There is no earlier date to offer."))
        if stale := lines._get_stale_offers("better_date"):
            return stale
        for order, group in lines.grouped("order_id").items():
            days = {line: line.better_date for line in group}
            if not group._tell("mail_template_promise_better", days, "better_offered"):
                raise UserError(
                    self.env._(
                        "%(customer)s has not chosen how to be told of new dates. Note it on the"
                        " customer, or call, and press Customer Agreed.",
                        customer=order.partner_id.display_name,
                    )
                )
        return True

    def action_accept_better(self):
        """Plan the delivery for the earlier date that the customer agreed to; say so to them."""
        self._check_may_offer()
        # sudo: as above, and the dates of deliveries, which salespeople may not write
        lines = self.sudo().filtered("better_date")
        if not lines:
            raise UserError(self.env._("There is no earlier date to agree to."))
        asked = {line: line.better_offered or line.better_date for line in lines}
        if stale := lines._get_stale_offers("better_offered"):
            return stale
        for group in lines.grouped("company_id").values():
            agreed = {line: asked[line] for line in group}
            self.env["logistics.promise"].sudo()._plan_earlier(group, agreed)
            group.better_offered = False
            group._give_first_date(agreed)
            for one in group.grouped("order_id").values():
                one._tell_agreed({line: agreed[line] for line in one})
            self.env["logistics.promise"]._follow_up(group, group._get_agreed_news())
        return True

    def _give_first_date(self, days):
        """Promise what was confirmed without a date by the day that its customer agreed to."""
        for line in self.filtered(lambda one: not one.date):
            line.write({"date": days[line], "likely_date": days[line]})

    def _tell_agreed(self, days):
        """Confirm to one order's customer what was agreed; keep it, told or not."""
        if not self._tell("mail_template_promise_agreed", days, "told_date"):
            how = self.env._("Agreed with the customer.")
            self._keep_changes(
                [(line, "told_date", day, how, line.order_id.name) for line, day in days.items()]
            )

    def _get_agreed_news(self):
        """Return the news that an earlier date was agreed, by product; see `_follow_up`."""
        reason = self.env._("Agreed with the customer.")
        return {line.product_id.id: [(reason, line.order_id.name)] for line in self}
