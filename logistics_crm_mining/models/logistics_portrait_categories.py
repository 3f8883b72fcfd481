from odoo import api, fields, models

TOP = 5
REGULAR_DAYS = 3


class LogisticsPortrait(models.AbstractModel):
    """What a customer buys, what is new, and what they have stopped buying."""

    _inherit = "logistics.portrait"

    @api.model
    def _get_part_categories(self, customer, sales):
        question = self.env._("What do they buy?")
        field, found, names = self._get_kinds_of_goods(sales)
        bought = sorted((row for row in found if row[1] > 0), key=lambda row: -row[1])
        notes = self._get_goods_notes(found, names, sales)
        if not bought:
            empty = self.env._("They have bought nothing of our products within 12 months.")
            return [self._card("categories", question, empty=empty, notes=notes)]
        if returned := [names[row[0]] for row in found if row[1] < 0]:
            notes.append(
                self.env._(
                    "Not counted in the shares, as more of it was returned than bought: %(names)s.",
                    names=self._names(returned),
                )
            )
        total = sum(row[1] for row in bought)
        answer = self.env._(
            "%(what)s above all: %(share)s of %(amount)s in 12 months.",
            what=names[bought[0][0]],
            share=self._percent(bought[0][1] / total),
            amount=self._money(total),
        )
        chart = self._get_goods_chart(customer, sales, (field, bought, names))
        return [self._card("categories", question, answer, chart=chart, notes=notes)]

    @api.model
    def _get_kinds_of_goods(self, sales):
        """Return the field that tells goods apart, the goods, and their names.

        Product categories; products themselves where the company does not sort them.
        """
        found = sales["categories"] or []
        if len(found) > 1:
            field, model = "product_id.categ_id", "product.category"
        else:
            field, model, found = "product_id", "product.product", sales["articles"] or []
        records = self.env[model].browse([row[0] for row in found if row[0]]).exists()
        names = {record.id: record.display_name for record in records}
        missing = self.env._("Without category")
        return field, found, {row[0]: names.get(row[0], missing) for row in found}

    @api.model
    def _get_goods_chart(self, customer, sales, goods):
        """Return the share of revenue of the largest kinds, and of all others together."""
        field, bought, names = goods
        total = sum(row[1] for row in bought)
        groups = [(names[row[0]], [row[0]], row[1]) for row in bought[:TOP]]
        if others := bought[TOP:]:
            label = self.env._("Others (%(count)s)", count=len(others))
            groups.append((label, [row[0] for row in others], sum(row[1] for row in others)))
        targets = [
            self._sales_target(
                customer,
                self.env._("%(customer)s, %(what)s", customer=customer.name, what=label),
                ("date", ">", sales["year_ago"].isoformat()),
                ("date", "<=", sales["today"].isoformat()),
                ("product_id", "!=", False),
                (field, "in", [number or False for number in ids]),
            )
            for label, ids, _revenue in groups
        ]
        return self._columns(
            [label for label, _ids, _revenue in groups],
            [revenue / total for _label, _ids, revenue in groups],
            self.env._("Share of revenue"),
            targets,
            kind="bars",
            format="percent",
            hints=[self._money(revenue) for _label, _ids, revenue in groups],
        )

    @api.model
    def _get_goods_notes(self, found, names, sales):
        """Say what is new, and what they bought regularly in the year before and not since."""
        year_ago, notes = sales["year_ago"], []
        first = sales["total"][1]
        if first and fields.Date.to_date(first) <= year_ago:
            new = [names[row[0]] for row in found if fields.Date.to_date(row[4]) > year_ago]
            if new:
                notes.append(self.env._("New in 12 months: %(names)s.", names=self._names(new)))
        stopped = [names[row[0]] for row in found if row[3] >= REGULAR_DAYS and not row[2]]
        if stopped:
            notes.append(
                self.env._(
                    "Bought regularly in the year before, and not since: %(names)s.",
                    names=self._names(stopped),
                )
            )
        return notes
