from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import drop_view_if_exists, table_exists

from ..tools import timeline_sql

# A touch's id is the id of its source times this, plus the number of its part: below 2^31 for
# sources of up to 67 million rows, and the source is found from it by its primary key.
PART_STEP = 32


class LogisticsTimeline(models.Model):
    """Every touch with a customer in one shape, whichever department or channel it came through.

    The SQL view is a ``UNION ALL`` of parts; add-ons above add parts through
    `_get_timeline_parts`. Each part reaches its rows from the customer by an index, and the
    planner puts the condition on ``commercial_partner_id`` into each: read it with one, always.

    Columns
    -------
    id : int, unique over all parts
    part, source_id : int
        The number of the part, and the id of the row of its main table.
    kind : see the field
    date : timestamp in UTC; noon of the day where no time is known (``is_day``)
    title : text in the words of the document
    partner_id, commercial_partner_id : int
        The contact that was touched, and the customer as a whole.
    company_id : int or NULL, for touches of no company
    user_id : int or NULL, who of us
    res_model, res_id : the document
    message_id : int or NULL, the message, for its text
    amount, currency_id : in the currency of the document, or NULL
    """

    _name = "logistics.timeline"
    _description = "Customer Timeline"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "title"
    _depends = timeline_sql.DEPENDS

    part = fields.Integer(readonly=True)
    source_id = fields.Integer(readonly=True)
    kind = fields.Selection(
        [
            ("mail", "Message"),
            ("call", "Call"),
            ("meeting", "Meeting"),
            ("activity", "Activity Done"),
            ("lead", "Lead"),
            ("quotation", "Quotation"),
            ("order", "Order"),
            ("delivery", "Delivery"),
            ("invoice", "Invoice"),
            ("payment", "Payment"),
            ("case", "Case"),
            ("rating", "Rating"),
        ],
        readonly=True,
    )
    date = fields.Datetime(readonly=True)
    is_day = fields.Boolean(string="Day Only", readonly=True)
    title = fields.Char(readonly=True)
    partner_id = fields.Many2one("res.partner", string="Contact", readonly=True)
    commercial_partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    user_id = fields.Many2one("res.users", string="Who of Us", readonly=True)
    res_model = fields.Char(string="Document Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", readonly=True, aggregator=None
    )
    message_id = fields.Many2one("mail.message", readonly=True)
    amount = fields.Monetary(readonly=True, aggregator=None)
    currency_id = fields.Many2one("res.currency", readonly=True)
    preview = fields.Char(string="Text", compute="_compute_preview")

    @api.depends("message_id")
    def _compute_preview(self):
        """Show the first words of messages."""
        for touch in self:
            # sudo: who may see the customer's timeline sees what was said, as in the chatter
            touch.preview = touch.message_id.sudo().preview

    def init(self):
        """Create the view anew: add-ons may have added or removed parts."""
        drop_view_if_exists(self.env.cr, self._table)
        self.env.cr.execute(
            SQL("CREATE VIEW %s AS %s", SQL.identifier(self._table), self._get_timeline_query())
        )

    def _register_hook(self):
        """Rebuild the view after the uninstallation of an add-on that extended, and dropped, it."""
        super()._register_hook()
        if not table_exists(self.env.cr, self._table):
            self.init()

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Look records up by the keys of their parts: an id is an expression, without index."""
        domain = Domain(domain).map_conditions(self._locate)
        return super()._search(domain, *args, **kwargs)

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        """Leave amounts to the records found: that of an imported order is a sum over its lines,
        which a search would make for the whole history before it takes a page of it.
        """
        if field_names is not None:
            field_names = [name for name in field_names if name != "amount"]
        return super().search_fetch(domain, field_names, offset, limit, order)

    def _locate(self, condition):
        if condition.field_expr != "id" or condition.operator not in ("=", "in"):
            return condition
        ids = [condition.value] if condition.operator == "=" else condition.value
        if not isinstance(ids, (list, tuple, set, frozenset)) or not ids:
            return condition
        sources = {}
        for touch_id in ids:
            source_id, part = divmod(touch_id or 0, PART_STEP)
            sources.setdefault(part, []).append(source_id)
        return Domain.OR(
            Domain("part", "=", part) & Domain("source_id", "in", source_ids)
            for part, source_ids in sources.items()
        )

    def action_open_document(self):
        """Open the order, invoice, case or other document of the touch."""
        self.ensure_one()
        document = self.env[self.res_model].browse(self.res_id)
        if not document.has_access("read"):
            raise AccessError(
                self.env._(
                    "“%(title)s” belongs to work that you may not open. Ask a colleague of the "
                    "customer's account team.",
                    title=self.title,
                )
            )
        return document.get_formview_action()

    # ------------------------------------------------------------
    # COMPOSITION
    # ------------------------------------------------------------

    def _get_timeline_columns(self):
        """Return the columns of the view with their SQL types, in order.

        A part that does not give a column has NULL there. ``id`` and ``part`` come by themselves.
        """
        return {
            "source_id": "integer",
            "kind": "varchar",
            "date": "timestamp",
            "is_day": "boolean",
            "title": "varchar",
            "partner_id": "integer",
            "commercial_partner_id": "integer",
            "company_id": "integer",
            "user_id": "integer",
            "res_model": "varchar",
            "res_id": "integer",
            "message_id": "integer",
            "amount": "numeric",
            "currency_id": "integer",
        }

    def _get_timeline_parts(self):
        """Return the names of the parts; ``_get_timeline_part_<name>`` describes each.

        Returns
        -------
        list of str
            At most 32. A part is a dict of ``columns`` (name to SQL expression), ``from`` and
            ``where`` (SQL); its ``source_id`` is the key of one of its tables, met once.
        """
        return [
            *(f"mail_{name}" for name in ("partner", "lead", "order", "invoice", "case")),
            *("call", "meeting", "lead", "order", "history", "invoice", "payment", "case"),
            "rating",
        ]

    def _get_timeline_query(self):
        """Return the whole view as one ``UNION ALL``, every column cast to its type."""
        return SQL(" UNION ALL ").join(
            self._get_timeline_select(number, getattr(self, f"_get_timeline_part_{name}")())
            for number, name in enumerate(self._get_timeline_parts())
        )

    def _get_timeline_select(self, number, part):
        given = part["columns"]
        columns = SQL(", ").join(
            SQL("(%s)::%s AS %s", given.get(name, SQL("NULL")), SQL(kind), SQL.identifier(name))
            for name, kind in self._get_timeline_columns().items()
        )
        return SQL(
            "SELECT %s * %s + %s AS id, %s AS part, %s FROM %s WHERE %s",
            given["source_id"],
            PART_STEP,
            number,
            number,
            columns,
            part["from"],
            part["where"],
        )
