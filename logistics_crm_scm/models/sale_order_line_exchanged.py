from odoo import models

from ..tools.languages import say_in_each_language


class SaleOrderLine(models.Model):
    """Another product is chosen on a confirmed line: what was promised of the first is given up.

    Odoo allows it where no delivery is open, and procures the other product once more is ordered.
    """

    _inherit = "sale.order.line"

    def write(self, vals):
        """Give up first: what is ordered more in the same step is of the other product alone."""
        if "product_id" in vals:
            self._give_up_exchanged(self.env["product.product"].browse(vals["product_id"]))
        return super().write(vals)

    def _give_up_exchanged(self, product):
        """Cancel what is held of other products than the one that will be ordered."""
        # sudo: who sells may give up a promise by ordering something else, and write no promises
        held = self.sudo().promise_line_ids.filtered(
            lambda one: one.state == "held" and one.product_id != product
        )
        for promises in held.grouped("order_line_id").values():
            reason = say_in_each_language(
                product,
                lambda one: one.env._("%(product)s is ordered instead.", product=one.name),
            )
            name = promises.order_id.name
            promises._give_up(reason, name)
            recheck = self.env["logistics.promise.recheck"]
            for former in promises.product_id:
                recheck._note(former, promises.company_id, reason, name)
