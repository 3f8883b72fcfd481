from odoo import fields


class Many2oneUnchecked(fields.Many2one):
    """A many2one without a foreign key, for tables that are filled by the million.

    PostgreSQL checks a foreign key once per inserted row, which costs about as much as half of the
    row itself. Where all rows of a load have the same target, the loader vouches for it, and the
    model of the target forbids to delete what is in use.
    """

    def update_db_foreign_key(self, model, column):
        """Leave the foreign key out (see the class)."""
