from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LogisticsSourceKey(models.Model):
    """What another system calls a customer or product, and which of ours that is."""

    _name = "logistics.source.key"
    _description = "Source Key"
    _inherit = "logistics.company.record"
    _order = "source, kind, key"
    _rec_name = "key"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    source = fields.Char(required=True)
    kind = fields.Selection([("customer", "Customer"), ("product", "Product")], required=True)
    key = fields.Char(required=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    product_id = fields.Many2one(
        "product.product", index="btree_not_null", ondelete="cascade", check_company=True
    )

    # Merging two customers leaves both keys, each pointing at the one that remains.
    _key_uniq = models.UniqueIndex(
        "(company_id, source, kind, key)",
        "A source has each key once: correct the existing one.",
    )

    @api.constrains("kind", "partner_id", "product_id")
    def _check_target(self):
        for key in self:
            target, other = key.partner_id, key.product_id
            if key.kind == "product":
                target, other = other, target
            if not target or other:
                raise ValidationError(
                    self.env._(
                        "The key “%(key)s” needs one target: a customer for a customer's key, a "
                        "product for a product's key.",
                        key=key.key,
                    )
                )
