from datetime import timedelta

from odoo import fields

from .promise_common import PromiseMixin


class RecheckMixin(PromiseMixin):
    """Five bolts sold on a receipt of ten on Wednesday; the scheduled action runs when asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._create_member("recheck_seller", "sales_team.group_sale_salesman")
        cls.planner = cls._create_member("recheck_planner", "logistics_crm_scm.group_planner")
        cls.env["logistics.promise.recheck"].search([]).unlink()

    @classmethod
    def _create_member(cls, login, group):
        user = cls._create_user(login, group)
        user.write({"company_ids": [(4, cls.company.id)], "company_id": cls.company.id})
        return user

    @classmethod
    def _sold(cls, quantity=5.0, **values):
        """Return the promise of a confirmed order."""
        order = cls._quotation(quantity, confirm=True, **{"user_id": cls.seller.id, **values})
        return order.order_line.promise_line_ids

    @classmethod
    def _move(cls, receipt, planned):
        """Have a receipt come on another day."""
        receipt.picking_ids.move_ids.date = fields.Datetime.to_datetime(planned) + timedelta(
            hours=12
        )

    @classmethod
    def _do(cls, picking, quantity=None):
        """Validate a transfer; a smaller quantity leaves a backorder."""
        rest = sum(picking.move_ids.mapped("product_uom_qty")) if quantity is None else quantity
        for move in picking.move_ids.sorted("date"):
            move.quantity = min(rest, move.product_uom_qty)
            move.picked = rest > 0
            rest -= move.quantity
        picking.with_context(skip_backorder=True).button_validate()

    def _queue(self):
        """Return what waits to be checked, as the end of the transaction would leave it."""
        self.env.flush_all()
        self.cr.precommit.run()
        now = fields.Datetime.now()
        due = ["|", ("due", "=", False), ("due", "<=", now)]
        return self.env["logistics.promise.recheck"].search(due)

    def _recheck(self):
        """Run the scheduled action."""
        self._queue()
        with self.enter_registry_test_mode():
            self.env.ref("logistics_crm_scm.ir_cron_promise_recheck").method_direct_trigger()
        self.env.invalidate_all()

    def _recheck_all(self):
        """Run the nightly action, and what it starts."""
        self.env["logistics.promise.recheck"]._cron_note_all()
        self._recheck()

    @classmethod
    def _create_stranger(cls, group):
        """Return a user of another company."""
        user = cls._create_user("recheck_stranger", group)
        elsewhere = cls.env["res.company"].create({"name": "Elsewhere Ltd"})
        user.write({"company_ids": [(6, 0, elsewhere.ids)], "company_id": elsewhere.id})
        return user

    @classmethod
    def _seen_by(cls, record, user):
        """Return a record as a user meets it in their own companies."""
        return record.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
