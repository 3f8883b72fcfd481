"""A number that may be unknown."""

from odoo import fields


class KnownFloat(fields.Float):
    """A float of a report: what is NULL there is nothing, while Odoo would say 0.

    Reads as False and exports as an empty cell; averages leave it out, as SQL does.
    """

    def convert_to_record(self, value, record):
        """Tell unknown from 0."""
        return False if value is None else value

    def convert_to_export(self, value, record):
        """Leave the cell empty; False equals 0.0, so Odoo's own would not."""
        return "" if value is False else value
