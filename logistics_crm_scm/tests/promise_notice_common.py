from .promise_common import day
from .promise_recheck_common import RecheckMixin


class NoticeMixin(RecheckMixin):
    """A customer who is told of new dates by mail, and has a buyer in the portal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"promise_channel": "email", "email": "buyer@customer.example"})
        cls.buyer = cls._create_user("notice_buyer", "base.group_portal")
        cls.customer.child_ids = cls.buyer.partner_id

    def _late(self, planned=None, **values):
        """Return a promise of Wednesday whose receipt slipped, and that was checked."""
        self.receipt = self._receipt(10, day(2))
        promise = self._sold(**values)
        self._move(self.receipt, planned or day(9))
        self._recheck()
        return promise

    def _told(self, promise):
        """Return what was written to the customer of a promise."""
        messages = promise.order_id.message_ids
        return messages.filtered(lambda one: one.subtype_id == self.env.ref("mail.mt_comment"))

    def _called(self, order):
        """Return the open calls to the customer of an order."""
        order.invalidate_recordset(["activity_ids"])
        kind = self.env.ref("mail.mail_activity_data_call")
        return order.activity_ids.filtered(lambda one: one.activity_type_id == kind)

    def _by_phone(self, **values):
        self.customer.promise_channel = "phone"
        return self._late(**values)

    def _better(self):
        """Return a promise of next Monday that could be kept today."""
        self._receipt(10, day(7))
        promise = self._sold()
        self._stock(10)
        self._recheck_all()
        return promise
