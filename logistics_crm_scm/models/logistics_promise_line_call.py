import logging

from odoo import fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

OFFER = "mail_template_promise_better"


class LogisticsPromiseLine(models.Model):
    """Having customers called: one open call per order, which says what is to be told now.

    What a call is about counts as told once somebody has called.
    """

    _inherit = "logistics.promise.line"

    call_id = fields.Many2one(
        "mail.activity",
        string="Planned Call",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    call_news = fields.Char(
        string="Told by the Planned Call",
        readonly=True,
        copy=False,
        help="Template and day; kept where somebody dropped the call, so that it is not planned"
        " again for the same news.",
    )

    def _plan_call(self, template, days):
        """Have one order's customer called about new dates, in the call that is open already."""
        for line, day in days.items():
            line.call_news = self._format_call_news(template, day)
        called = self.order_id.promise_line_ids.filtered(lambda one: one.call_id and one.call_news)
        (self | called)._write_call()

    def _write_call(self):
        """Bring the call of these promises of one order up to date; plan it where none is open."""
        notices = {}
        for line in self:
            template, day = line._read_call_news()
            notices.setdefault(template, {})[line] = day
        self.call_id = self.order_id._write_promise_call(self.call_id[:1], notices)

    def _follow_calls(self):
        """Correct calls whose news is another one now; close those with nothing left to tell."""
        for order in self.filtered("call_news").order_id:
            called = order.promise_line_ids.filtered("call_news")
            news = {line: line._get_call_news() for line in called}
            stale = called.filtered(lambda line: line.call_news != news[line])  # noqa: B023
            call = stale.call_id
            for line in stale:
                line.call_news = news[line] if line.call_id else False
            stale.filtered(lambda line: not line.call_news).call_id = False
            rest = called.filtered("call_id")
            if call and rest:
                rest._write_call_safely()
            elif call:
                order._drop_promise_call(call)

    def _rewrite_calls(self):
        """Write open calls anew where something else than a day is another one now."""
        for order in self.filtered("call_id").order_id:
            order.promise_line_ids.filtered("call_id")._write_call_safely()

    def _write_call_safely(self):
        """Bring a call up to date; a template that fails stops nobody from checking promises."""
        try:
            with self.env.cr.savepoint():
                self._write_call()
        except (UserError, ValueError):  # it cannot be rendered, or was deleted
            _logger.exception("The call to the customer of order %s is outdated", self.order_id.id)

    def _keep_called(self):
        """Keep that customers were called."""
        for lines in self.grouped(lambda line: (line.order_id, line._read_call_news()[0])).values():
            days = {line: line._read_call_news()[1] for line in lines}
            template = lines[0]._read_call_news()[0]
            lines.write({"call_id": False, "call_news": False})
            if template and template != OFFER:
                lines._keep_told("phone", days, "told_date")

    def _get_call_news(self):
        """Return what its customer should be called about now, False where about nothing."""
        if self.state != "held" or self._get_channel() != "phone":
            return False
        if self._has_news():
            return self._format_call_news(self._get_notice(), self._get_day_to_tell())
        if self.better_offered and self.better_date and self.better_date <= self.better_offered:
            return self._format_call_news(OFFER, self.better_offered)
        return False

    def _format_call_news(self, template, day):
        return f"{template} {self._format_value(day)}"

    def _read_call_news(self):
        """Return the template and the day (date or False) that the call is about."""
        template, _space, day = (self.call_news or "").partition(" ")
        return template, fields.Date.to_date(day or False) or False
