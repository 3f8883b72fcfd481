import logging
from datetime import datetime, time, timedelta

import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

_logger = logging.getLogger(__name__)

PATIENCE = timedelta(days=5)  # between two dates of what nobody has ordered yet
OFFERERS = ("logistics_crm_scm.group_planner", "sales_team.group_sale_salesman")


class LogisticsPromiseLine(models.Model):
    """Telling the customer: once per change, and only what they do not know yet."""

    _inherit = "logistics.promise.line"

    told_date = fields.Date(
        string="Customer Told", readonly=True, help="The last date the customer was told."
    )
    told_unknown = fields.Boolean(
        string="Told That No Date Is Known",
        readonly=True,
        help="The customer was told that the date cannot be kept, and of no other yet.",
    )
    notice_at = fields.Datetime(
        string="To Be Told At",
        readonly=True,
        index="btree_not_null",
        help="When the customer is told, unless it is saved before.",
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
        """Set when customers are told what they do not know; forget it where there is nothing.

        The account team hears at once that an order is in time again.
        """
        self._follow_calls()
        now = fields.Datetime.now()
        due = self.browse()
        for line in self:
            if not line._has_news() or not line._get_channel() or line.call_news:
                line.notice_at = False
            elif not line.notice_at:
                again = line.told_unknown and line.expected_date  # they were told to hear at once
                line.notice_at = now if again else line._get_notice_moment(now)
                due |= line
        moments = {moment for moment in due.mapped("notice_at") if moment > now}
        cron = self.env.ref("logistics_crm_scm.ir_cron_promise_recheck", raise_if_not_found=False)
        if moments and cron:
            cron._trigger(moments)
        self.env["logistics.playbook.start"]._end_saved(self.order_id)

    def _get_notice_moment(self, now):
        """Return when the customer is told: after the hours to save it.

        A date of what nobody has ordered yet moves on every day. Whoever was told one lately is not
        told again for some days, but no later than on the day that they count on.
        """
        soon, known = now + self._get_grace(), self._get_known_date()
        changes = self.change_ids.sorted("id")
        told = changes.filtered(lambda change: change.kind == "told_date")[-1:]
        moved = changes.filtered(lambda change: change.kind == "expected_date")[-1:]
        suppliers = self.product_id.seller_ids.partner_id.mapped("display_name")
        if not told or self._is_saved() or (moved.document and moved.document not in suppliers):
            return soon
        return max(soon, min(told.create_date + PATIENCE, datetime.combine(known, time())))

    def _has_news(self):
        """Tell whether it comes later than its customer knows, not at all, or in time again."""
        known = self._get_known_date()
        if self.state != "held" or not known:
            return False
        if self.told_unknown or not self.expected_date:
            return bool(self.told_unknown) == bool(self.expected_date)
        return self.expected_date > known or self._is_saved()

    def _is_saved(self):
        """Tell whether it comes by the promised day, and its customer was told a later one."""
        due = self._get_due()
        if self.state != "held" or self.told_unknown or not (due and self.told_date):
            return False
        return bool(self.expected_date) and self.expected_date <= due < self._get_known_date()

    def _get_day_to_tell(self):
        """Return the day that its customer is told now; False where none is known."""
        return self._get_due() if self._is_saved() else self.expected_date

    def _format_day_to_tell(self, day, lang):
        """Return a day (date or False) as letters say it: of arrival, or of leaving us."""
        text = format_date(self.env, day, lang_code=lang)
        if not (text and self.way_unknown):
            return text
        return self.with_context(lang=lang).env._("leaves our warehouse by %(day)s", day=text)

    def _is_later_than(self, day):
        """Tell whether it is expected after a day, or on none."""
        return self.state == "held" and (not self.expected_date or self.expected_date > day)

    def _may_be_saved(self):
        """Tell whether the hours to save it before its customer hears of it are not over."""
        now = fields.Datetime.now()
        if self.notice_at:
            return self.notice_at > now
        if not self._has_news():
            return False
        since = self._get_late_since()
        return bool(since) and since + self._get_grace() > now

    def _get_late_since(self):
        """Return when it came to be later than its customer knows (datetime or False)."""
        known, since = self._get_known_date(), False
        dated = self.change_ids.filtered(lambda change: change.kind == "expected_date")
        for change in dated.sorted("id"):
            day = fields.Date.to_date(change.new_value)
            late = not day or day > known
            since = late and (since or change.create_date)
        return since

    def _get_grace(self):
        return timedelta(hours=self.company_id.promise_grace_hours)

    def _get_channel(self):
        """Return how the customer is told; whom nothing can be sent is called."""
        partner = self.order_id.partner_id
        channel = partner._get_promise_channel()
        if channel == "email" and not partner.email:
            return "phone"
        if channel == "portal" and not partner._has_portal_user():
            return "phone"
        return channel

    @api.model
    def _send_due_notices(self):
        """Tell the customers whose time has come, order by order; each is a unit."""
        due = self.search([("notice_at", "<=", fields.Datetime.now()), ("state", "=", "held")])
        for lines in due.grouped(lambda line: (line.order_id, line._get_notice())).values():
            order = lines.order_id
            try:
                with self.env.cr.savepoint():
                    days = {line: line._get_day_to_tell() for line in lines}
                    lines._tell(lines[0]._get_notice(), days, "told_date")
            except psycopg2.errors.SerializationFailure:
                raise  # Odoo runs the action again
            except Exception:
                _logger.exception("The customer of order %s could not be told", order.id)
                lines.notice_at = False  # the next change is told again
            if not self.env["ir.cron"]._commit_progress():
                return

    def _get_notice(self):
        """Return the name of the template that tells the news of a promise."""
        if not self.expected_date:
            return "mail_template_promise_lost"
        if self._is_saved():
            return "mail_template_promise_saved"
        return f"mail_template_promise_{'known' if self.told_unknown else 'late'}"

    def _tell(self, template, days, told_field):
        """Tell one order's customer new dates, or plan a call that does; keep what was told.

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
        if channel == "phone":
            self._plan_call(template, days)
        else:
            order._tell_promises(channel, template, days)
        if channel != "phone" or told_field != "told_date":
            self._keep_told(channel, days, told_field)
        return True

    def _keep_told(self, channel, days, told_field):
        how = self._say_in_each_language(lambda one: one._say_channel(channel))
        lost = self.filtered(lambda line: not days[line])
        changes = [(line, told_field, days[line], how, line.order_id.name) for line in self - lost]
        self._keep_changes(changes)
        if told_field == "told_date":
            (self - lost).told_unknown = False
            lost._keep_told_unknown(how)

    def _say_channel(self, channel):
        field = self.env["res.partner"]._fields["promise_channel"]
        return dict(field._description_selection(self.env))[channel]

    def _keep_told_unknown(self, how):
        """Keep that customers were told that no date is known; the last one stays known."""
        self.told_unknown = True
        self.env["logistics.promise.change"].create(
            [
                {
                    "line_id": line.id,
                    "kind": "told_date",
                    "old_value": self._format_value(line._get_known_date()),
                    "new_value": "",
                    "document": line.order_id.name,
                    **line._prepare_reason(how),
                }
                for line in self
            ]
        )

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
        lines = self.sudo()._add_companions().filtered("better_date")
        if not lines:
            raise UserError(self.env._("There is no earlier date to offer."))
        if stale := lines._get_stale_offers("better_date"):
            return stale
        lines._tell_regained()
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

    def _tell_regained(self):
        """Tell dates that stand again, or are known again, before another one is asked about."""
        regained = self.filtered(
            lambda line: (
                line.expected_date and line._has_news() and (line.told_unknown or line._is_saved())
            )
        )
        for lines in regained.grouped(lambda line: (line.order_id, line._get_notice())).values():
            if lines[:1]._get_channel() != "phone":  # one call tells what is so now
                days = {line: line._get_day_to_tell() for line in lines}
                lines._tell(lines[0]._get_notice(), days, "told_date")

    def action_accept_better(self):
        """Plan the delivery for the earlier date that the customer agreed to; say so to them."""
        self._check_may_offer()
        # sudo: as above, and the dates of deliveries, which salespeople may not write
        lines = self.sudo()._add_companions().filtered("better_date")
        if not lines:
            raise UserError(self.env._("There is no earlier date to agree to."))
        asked = lines._get_asked_dates()
        if stale := lines._get_stale_offers("better_offered"):
            return stale
        for group in lines.grouped("company_id").values():
            agreed = {line: asked[line] for line in group}
            self.env["logistics.promise"].sudo()._plan_earlier(group, agreed)
            group.better_offered = False
            group._keep_agreed(agreed)
            for one in group.grouped("order_id").values():
                one._tell_agreed({line: agreed[line] for line in one})
            self.env["logistics.promise"]._follow_up(group, group._get_agreed_news())
        return True

    def _tell_agreed(self, days):
        """Confirm to one order's customer what was agreed; keep it, told or not.

        Who wants to be called has just been talked to.
        """
        by_phone = self[:1]._get_channel() == "phone"
        if by_phone or not self._tell("mail_template_promise_agreed", days, "told_date"):
            how = self._say_agreed()
            self._keep_changes(
                [(line, "told_date", day, how, line.order_id.name) for line, day in days.items()]
            )

    def _say_agreed(self):
        return self._say_in_each_language(lambda one: one.env._("Agreed with the customer."))

    def _get_agreed_news(self):
        """Return the news that an earlier date was agreed, by product; see `_follow_up`."""
        reason = self._say_agreed()
        return {line.product_id.id: [(reason, line.order_id.name)] for line in self}
