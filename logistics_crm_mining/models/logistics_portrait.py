from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools import portrait_sql
from ..tools.arguments import is_id

MONTHS = 24
SENTENCES = 3


class LogisticsPortrait(models.AbstractModel):
    """A customer on one page, for whoever calls or visits them next.

    The page is made of cards: a question, an answer in words and, where it helps, a chart or a
    table. Each part of the page is a method ``_get_part_<name>(customer, sales)`` that returns
    cards; add-ons add names to ``_get_parts``. A card may bring a headline; the three that weigh
    most open the page.

    Everything is read with the rights of the reader, of the current company, in its currency. A
    contact or branch stands for its company. Sales are added up in the database and read once, so
    that the number of queries does not depend on the number of orders.
    """

    _name = "logistics.portrait"
    _inherit = "logistics.card.mixin"
    _description = "Customer's Portrait"

    @api.model
    def get_data(self, partner_id):
        """Return everything the page shows, in the reader's language.

        Parameters
        ----------
        partner_id : int
            The customer, or one of their contacts or branches.

        Returns
        -------
        dict
            ``header``; ``sentences`` (the three that matter most, each with the key of its card);
            ``cards``; ``offers`` (products, each with the reason); ``currency_id``; ``may_order``
            (whether the reader may create quotations); ``call`` (whether one is planned; False
            where they are left alone).

        Raises
        ------
        UserError
            There is no such customer.
        AccessError
            The reader is no Logistics User, or may not read this customer.
        """
        customer = self._get_customer(partner_id)
        sales = self._read_sales(customer)
        cards = [
            card
            for part in self._get_parts()
            for card in getattr(self, f"_get_part_{part}")(customer, sales)
        ]
        return {
            "header": self._get_header(customer, sales),
            "sentences": self._get_sentences(cards),
            "cards": cards,
            "currency_id": self.env.company.currency_id.id,
            "may_order": self.env["sale.order"].has_access("create"),
            "call": self.env["logistics.dashboard"]._get_calls(customer)[customer],
        }

    @api.model
    def _get_parts(self):
        """Return the names of the parts of the page, in order."""
        return [
            *("offer", "rhythm", "weekdays", "season", "amounts", "categories", "payment"),
            *("delivery", "channels", "segment", "risk", "value", "key_account"),
        ]

    @api.model
    def _get_customer(self, partner_id):
        """Return the commercial partner, if the reader may be told of it."""
        self.env["logistics.mining.score"].check_access("read")  # says who is no Logistics User
        partner = self.env["res.partner"].browse(is_id(partner_id) and partner_id)
        if not partner.exists():
            raise UserError(self.env._("There is no such customer any more."))
        if partner.has_access("read"):
            customer = partner.commercial_partner_id
            # a customer who was archived still is somebody's
            told = customer.with_context(active_test=False)._filter_told()
            if customer.has_access("read") and told:
                return customer
        raise AccessError(
            self.env._(
                "You see the portraits of your own customers, and this is none of them. Ask to "
                "become a member of their account team."
            )
        )

    @api.model
    def _get_sentences(self, cards):
        """Return the headlines that weigh most, one of each topic."""
        best = {}
        for card in cards:
            for weight, topic, sentence in card.pop("headlines"):
                found = (weight, sentence, card["key"])
                best[topic] = max(best.get(topic, found), found)
        ranked = sorted(best.values(), key=lambda one: -one[0])[:SENTENCES]
        return [{"text": text, "card": key} for _weight, text, key in ranked]

    # ------------------------------------------------------------ sales

    @api.model
    def _read_sales(self, customer):
        """Return what all parts know of the sales of a customer.

        Returns
        -------
        dict
            Each of ``portrait_sql.PARTS`` (None where there is nothing), the dates that they are
            read with, ``rhythm`` (of all orders) and ``alike`` (customers like this one).
        """
        self.env.flush_all()
        # at the company, as in the reasons of scores
        today = self.env["logistics.mining.task"]._get_today(self.env.company)
        dates = {
            "today": today,
            "first_month": today.replace(day=1) - relativedelta(months=MONTHS - 1),
            "year_ago": today - relativedelta(months=12),
            "two_years_ago": today - relativedelta(months=24),
        }
        lines = self._select_lines(customer, self._get_sales_domain(customer, today))
        [row] = self.env.execute_query(portrait_sql.sales(lines, **dates))
        sales = {**dates, **dict(zip(portrait_sql.PARTS, row, strict=True)), "lines": lines}
        sales["rhythm"] = self._get_rhythm({customer.id: sales["days"] or []}, today).get(
            customer.id
        )
        sales["alike"] = self._get_alike(customer)
        return sales

    @api.model
    def _get_sales_domain(self, customers, today):
        return (
            Domain("partner_id", "in", customers.ids)
            & Domain("company_id", "=", self.env.company.id)
            & Domain("date", "<=", today)
        )

    @api.model
    def _select_lines(self, customers, domain):
        """Return the SELECT of sales lines that the reader may see."""
        facts = self.env["logistics.order.fact"]
        return portrait_sql.select_lines(facts._search(domain), facts._table)
