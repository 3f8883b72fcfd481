from odoo import models


class SaleOrderLine(models.Model):
    """Another product is chosen on a confirmed line: what was promised of the first is given up.

    Odoo allows it where no delivery is open, and procures the other product once more is ordered.
    """

    _inherit = "sale.order.line"

    def write(self, vals):
        result = super().write(vals)
        if "product_id" in vals:
            self._give_up_exchanged()
        return result

    def _give_up_exchanged(self):
        """Cancel what is held of a product that is not ordered any more."""
        # sudo: who sells may give up a promise by ordering something else, and write no promises
        held = self.sudo().promise_line_ids.filtered(
            lambda one: one.state == "held" and one.product_id != one.order_line_id.product_id
        )
        for promises in held.grouped("order_line_id").values():
            reason = promises._say_in_each_language(
                lambda one: one.env._(
                    "%(product)s is ordered instead.", product=one.order_line_id.product_id.name
                )
            )
            name = promises.order_id.name
            promises._give_up(reason, name)
            own = promises[0]._prepare_reason(reason)["reason"]
            for product in promises.product_id:
                self.env["logistics.promise.recheck"]._note(product, promises.company_id, own, name)
