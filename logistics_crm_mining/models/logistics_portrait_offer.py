import math

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..tools import portrait_sql
from ..tools.arguments import is_pair_of_id_and_amount

# Silent for more than this many usual gaps, a product counts as stopped.
STOPPED_RATIO = 3
LEAST_ALIKE = 5  # customers alike needed to say what they buy
ALIKE_SHARE = 0.2  # of them who must buy a product
MOST_OFFERS = 5  # of each kind


class LogisticsPortrait(models.AbstractModel):
    """What to offer a customer, from what they and others have bought.

    Each kind is a method ``_get_offers_<kind>(customer, sales)``; add-ons add kinds, such as the
    rules of cross-selling, to ``_get_offer_kinds``. An offer is a dict of ``product`` (id),
    ``kind`` (in words), ``why`` (a sentence), ``quantity`` (to propose) and ``target`` (the
    records behind it, or False).
    """

    _inherit = "logistics.portrait"

    @api.model
    def _get_offer_kinds(self):
        """Return the kinds of offers, those to show first in front."""
        return ["due", "alike", "stopped", "usual"]

    @api.model
    def _get_part_offer(self, customer, sales):
        question = self.env._("What should we offer them?")
        sales["products_rhythm"] = self._get_products_rhythm(sales)
        offers = [
            offer
            for kind in self._get_offer_kinds()
            for offer in getattr(self, f"_get_offers_{kind}")(customer, sales)
        ]
        offers = self._name_products(offers)
        if not offers:
            empty = self.env._(
                "Nothing to go by yet: they bought no product on %(days)s days or more within two "
                "years, and customers alike, of whom %(alike)s are needed, buy nothing else.",
                days=portrait_sql.REGULAR_DAYS,
                alike=LEAST_ALIKE,
            )
            headlines = self._get_held_headline(customer)
            return [self._card("offer", question, empty=empty, headlines=headlines)]
        return [
            self._card(
                "offer",
                question,
                self.env._("Choose products and begin a quotation with their usual quantities."),
                offers=offers,
                headlines=self._get_offer_headline(offers) + self._get_held_headline(customer),
            )
        ]

    @api.model
    def _name_products(self, offers):
        """Return the offers of products that can be sold now, each product once, with its name."""
        products = self.env["product.product"].browse({offer["product"] for offer in offers})
        sold = products.exists().filtered(lambda product: product.active and product.sale_ok)
        names, chosen = {product.id: product.display_name for product in sold}, {}
        for offer in offers:
            if offer["product"] in names:
                chosen.setdefault(offer["product"], {**offer, "name": names[offer["product"]]})
        return list(chosen.values())

    @api.model
    def _get_offer_headline(self, offers):
        due = [offer["name"] for offer in offers if offer["code"] == "due"]
        if not due:
            return []
        sentence = self.env._(
            "Due again by their own rhythm: %(names)s.", names=self._names(due, 3)
        )
        return [(58, "offer", sentence)]

    @api.model
    def _get_held_headline(self, customer):
        """Say first of all that a customer is not to be contacted."""
        until = self._get_held_out(customer)
        if not until:
            return []
        sentence = self.env._(
            "Left alone until %(date)s: a campaign is measured by customers like them, who are not "
            "contacted for it.",
            date=until,
        )
        return [(95, "held", sentence)]

    # ------------------------------------------------------------ by their own rhythm

    @api.model
    def _get_products_rhythm(self, sales):
        """Return product -> rhythm with the usual ``quantity``, of what was bought regularly."""
        bought = {number: (days, quantity) for number, days, quantity in sales["products"] or []}
        days = {number: found for number, (found, _quantity) in bought.items()}
        rhythms = self._get_rhythm(days, sales["today"])
        return {
            number: {**rhythm, "quantity": self._get_usual_quantity(bought[number][1])}
            for number, rhythm in rhythms.items()
            if rhythm.get("gap")
        }

    @api.model
    def _get_usual_quantity(self, quantity):
        """Return a quantity to propose: whole units, but for what is sold in parts of one."""
        return round(quantity) if quantity >= 1 else quantity

    @api.model
    def _get_offers_due(self, customer, sales):
        """Return products that are due again: silent for one usual gap, and not for long."""
        found = sales["products_rhythm"].items()
        due = [(key, one) for key, one in found if 1 <= one["ratio"] <= STOPPED_RATIO]
        due.sort(key=lambda pair: (-pair[1]["orders"], pair[0]))
        return self._make_own_offers(customer, due, "due", self.env._("Due again"))

    @api.model
    def _get_offers_stopped(self, customer, sales):
        """Return products that they have stopped buying, the last one first."""
        found = sales["products_rhythm"].items()
        stopped = [(key, one) for key, one in found if one["ratio"] > STOPPED_RATIO]
        stopped.sort(key=lambda pair: (pair[1]["since"], pair[0]))
        return self._make_own_offers(customer, stopped, "stopped", self.env._("No longer bought"))

    @api.model
    def _get_offers_usual(self, customer, sales):
        """Return what they buy most often and have bought lately, for a quotation like always."""
        found = sales["products_rhythm"].items()
        usual = [(key, one) for key, one in found if one["ratio"] < 1]
        usual.sort(key=lambda pair: (-pair[1]["orders"], pair[0]))
        return self._make_own_offers(customer, usual, "usual", self.env._("Bought as usual"))

    @api.model
    def _tell_product_rhythm(self, rhythm):
        return self.env._(
            "Last bought %(since)s ago, usually %(every)s (on %(orders)s in two years).",
            since=self._days(rhythm["since"]),
            every=self._every(max(rhythm["gap"], 1)),
            orders=self._days(rhythm["orders"]),
        )

    @api.model
    def _make_own_offers(self, customer, found, code, kind):
        return [
            {
                "product": product,
                "code": code,
                "kind": kind,
                "why": self._tell_product_rhythm(rhythm),
                "quantity": rhythm["quantity"],
                "target": self._sales_target(
                    customer,
                    self.env._("Bought by %(customer)s", customer=customer.name),
                    ("product_id", "=", product),
                ),
            }
            for product, rhythm in found[:MOST_OFFERS]
        ]

    # ------------------------------------------------------------ by what others buy

    @api.model
    def _get_offers_alike(self, customer, sales):
        """Return what customers alike have bought in 12 months, and this one never."""
        alike, count = sales["alike"]["customers"], len(sales["alike"]["customers"])
        if count < LEAST_ALIKE:
            return []
        domain = self._get_sales_domain(alike, sales["today"])
        domain &= Domain("date", ">", sales["year_ago"])
        rows = self.env.execute_query(
            portrait_sql.bought_alike(
                self._select_lines(alike, domain),
                sales["lines"],
                math.ceil(ALIKE_SHARE * count),
                MOST_OFFERS,
            )
        )
        return [
            {
                "product": product,
                "code": "alike",
                "kind": self.env._("Bought by others alike"),
                "why": self.env._(
                    "%(buyers)s of %(count)s customers alike (“%(name)s”) bought it in 12 months.",
                    buyers=buyers,
                    count=count,
                    name=sales["alike"]["name"],
                ),
                "quantity": self._get_usual_quantity(quantity),
                "target": self._target(
                    self.env._("Bought by customers alike"),
                    "logistics.order.fact",
                    domain & Domain("product_id", "=", product) & Domain("is_return", "=", False),
                ),
            }
            for product, buyers, quantity in rows
        ]

    # ------------------------------------------------------------ to act on it

    @api.model
    def get_quotation(self, partner_id, products):
        """Return the action that begins a quotation with products, which is not saved yet.

        Parameters
        ----------
        partner_id : int
        products : list of [int, float]
            Products, each with its quantity.

        Raises
        ------
        AccessError
            The reader may not create quotations, or not read the customer.
        UserError
            ``products`` are no such pairs, or a product is none that can be sold.
        """
        customer = self._get_customer(partner_id)
        self.env["sale.order"].check_access("create")
        quantities = self._read_quantities(products)
        found = self.env["product.product"].search([("id", "in", list(quantities))])
        if any(not product.sale_ok for product in found) or len(found) < len(quantities):
            raise UserError(self.env._("“products”: choose those that are sold today."))
        lines = [
            Command.create({"product_id": product.id, "product_uom_qty": quantities[product.id]})
            for product in found
        ]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Quotation"),
            "res_model": "sale.order",
            "views": [[False, "form"]],
            "context": {"default_partner_id": customer.id, "default_order_line": lines},
        }

    @api.model
    def _read_quantities(self, products):
        """Return {id of a product: quantity} of the pairs that a page passes."""
        if not isinstance(products, list) or not all(map(is_pair_of_id_and_amount, products)):
            raise UserError(
                self.env._(
                    "“products” must be a list of pairs: the id of a product, and a quantity above"
                    " 0, such as [[12, 5]]."
                )
            )
        return dict(products)
