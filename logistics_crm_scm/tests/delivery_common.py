from datetime import timedelta

from odoo import fields

from odoo.addons.logistics_crm.tests.order_fact_common import OrderFactCase


class DeliveryMixin:
    """Orders whose deliveries are validated on a chosen day; goods need no stock to go out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()

    @classmethod
    def _promised(cls, days, quantity=10.0, lines=None, **values):
        """Return a confirmed order of a month ago, agreed for `days` days from today at noon.

        It is from before promises were frozen: the order's own date counts.
        """
        order = cls._confirmed(quantity, lines, date_order=cls._moment(-30), **values)
        order.promise_line_ids.unlink()
        order.commitment_date = cls._moment(days)
        return order

    @classmethod
    def _frozen(cls, days, transit=0, quantity=10.0):
        """Return such an order with a frozen promise, agreed for another day afterwards."""
        order = cls._confirmed(quantity, date_order=cls._moment(-30))
        order.promise_line_ids.write(
            {"date": cls._moment(days).date(), "transit_days": transit, "state": "held"}
        )
        order.commitment_date = cls._moment(days + 20)
        return order

    @classmethod
    def _moment(cls, days):
        return fields.Datetime.to_datetime(cls.today) + timedelta(days=days, hours=12)

    @classmethod
    def _deliver(cls, order, quantity=None, days=0, picking=None):
        """Deliver what is open, or `quantity` with a backorder for the rest, `days` from today."""
        picking = picking or order.picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))
        for move in picking.move_ids:
            move.quantity = quantity or move.product_uom_qty
            move.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        picking.move_ids.date = cls._moment(days)
        return picking

    @classmethod
    def _return(cls, picking, quantity, to_refund=True, days=0):
        """Return `quantity` of a delivery to the warehouse."""
        wizard = picking.env["stock.return.picking"].with_context(
            active_id=picking.id, active_ids=picking.ids, active_model="stock.picking"
        )
        wizard = wizard.create({"picking_id": picking.id})
        wizard.product_return_moves.write({"quantity": quantity, "to_refund": to_refund})
        back = picking.browse(wizard.action_create_returns()["res_id"])
        return cls._deliver(None, quantity, days, picking=back)

    @classmethod
    def _imported(cls, promised, delivered=None, **values):
        """Return an imported line with dates in days from today, None for not known."""
        return cls._history(
            date=cls._moment(-40).date(),
            line_ref=f"{promised}/{delivered}",
            promised_date=promised is not None and cls._moment(promised).date(),
            delivered_date=delivered is not None and cls._moment(delivered).date(),
            **values,
        )

    def _sale(self, order, reader=None):
        """Return the only order line of an order, as a sales line."""
        return self._facts(order, reader).filtered(lambda fact: fact.origin == "sale")

    def _answers(self, facts):
        """Return {delivery state, in full, both} of a line: 1, 0 or None for not known."""
        self.env.flush_all()
        facts.ensure_one()
        self.env.cr.execute(
            "SELECT delivery_state, in_full_rate, otif_rate FROM logistics_order_fact"
            " WHERE id = %s",
            [facts.id],
        )
        return self.env.cr.fetchone()


class DeliveryCase(DeliveryMixin, OrderFactCase):
    """Deliveries and history in a company that keeps no accounts."""
