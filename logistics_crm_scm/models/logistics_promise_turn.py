from odoo import api, fields, models
from odoo.tools import SQL


class LogisticsPromiseTurn(models.Model):
    """Whose turn it is to take goods of a product: one transaction after the other.

    Two people who confirm orders for the same last unit at the same moment read the same free
    stock. So each takes its turn first: the second waits for the first, finds that the row has
    changed, and Odoo runs its request again, on what is left.
    """

    _name = "logistics.promise.turn"
    _description = "Turn in Order Promising"
    _log_access = False

    product_id = fields.Many2one("product.product", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    number = fields.Integer()

    _product_company_unique = models.UniqueIndex("(product_id, company_id)")

    @api.model
    def _take(self, products, company):
        """Take the turn for products, in the order of their ids so that nobody waits in a circle.

        Raises
        ------
        psycopg2.errors.SerializationFailure
            Somebody else was first: Odoo repeats the request.
        """
        if not products:
            return
        self.env.cr.execute(
            SQL(
                """INSERT INTO logistics_promise_turn AS turn (product_id, company_id, number)
                SELECT id, %s, 1 FROM unnest(%s) AS id ORDER BY id
                ON CONFLICT (product_id, company_id) DO UPDATE SET number = turn.number + 1""",
                company.id,
                sorted(products.ids),
            ),
            log_exceptions=False,  # who comes second is no error: the request is repeated
        )
