from .promise_common import PromiseMixin, day


class PromiseEdgeMixin(PromiseMixin):
    """What rare cases are made of."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._create_user("edges_seller", "sales_team.group_sale_salesman")
        cls.seller.write({"company_ids": [(4, cls.company.id)], "company_id": cls.company.id})

    def _sell(self, quantity=5.0, product=None, **values):
        order = self._quotation(quantity, product, user_id=self.seller.id, **values)
        return order.with_user(self.seller).with_company(self.company)

    def _place_in(self, zone, warehouse=None, **values):
        """Let a warehouse be in a time zone and work every day."""
        self.company.resource_calendar_id = False
        dock = self.env["res.partner"].create({"name": "Dock", "tz": zone})
        (warehouse or self.warehouse).write({"partner_id": dock.id, **values})

    def _receive_at(self, moment, quantity=5):
        order = self._receipt(quantity, day(1))
        order.picking_ids.move_ids.date = moment
        return order

    @staticmethod
    def _do(pickings):
        pickings.move_ids.filtered(lambda move: not move.quantity).quantity = 5
        pickings.move_ids.picked = True
        pickings.button_validate()

    def _closed(self):
        """Return a calendar without working hours."""
        return self.env["resource.calendar"].create(
            {"name": "Closed", "company_id": self.company.id, "attendance_ids": [(5, 0, 0)]}
        )

    def assert_not_known(self, promised, *words):
        self.assertFalse(promised.date, promised.explanation)
        for word in words:
            self.assertIn(word, promised.explanation)
