from odoo import api, fields, models, tools

from ..tools.arguments import check_named, check_whole_numbers


class LogisticsMiningSegment(models.Model):
    """A group of customers that behave alike, with a name people can use."""

    _name = "logistics.mining.segment"
    _description = "Customer Segment"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True, copy=False)
    description = fields.Text(
        translate=True, help="Who is in it, and what is usually done with them."
    )
    sequence = fields.Integer(default=10)
    color = fields.Integer("Colour")
    at_risk = fields.Boolean(
        help="Customers who used to order and are falling silent: the filter 'At Risk' finds them."
    )

    _code_unique = models.UniqueIndex("(code)", "A segment with this code exists already.")

    @api.constrains("name")
    def _check_name(self):
        check_named(self)

    @api.model
    def default_get(self, fields):
        """Refuse defaults that no field keeps in a sentence."""
        defaults = super().default_get(fields)
        check_whole_numbers(self, defaults)
        return defaults

    @api.model
    @tools.ormcache()
    def _get_ids(self):
        """Return the ids of all segments, best first; they change when somebody sorts them."""
        # A handful of records of configuration.
        return self.search([])._ids  # pylint: disable=no-search-all

    @api.model_create_multi
    def create(self, vals_list):
        """Forget which segments there are."""
        for vals in vals_list:
            check_whole_numbers(self, vals)
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        """Forget the order of the segments when it changes."""
        check_whole_numbers(self, vals)
        if "sequence" in vals:
            self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        """Forget which segments there are."""
        self.env.registry.clear_cache()
        return super().unlink()
