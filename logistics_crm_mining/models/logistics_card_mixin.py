from datetime import date, timedelta

from babel.dates import format_skeleton

from odoo import api, fields, models
from odoo.tools import format_date, formatLang, get_lang
from odoo.tools.misc import babel_locale_parse

from ..tools.listing import list_names

LIST = [[False, "list"], [False, "form"]]


class LogisticsCardMixin(models.AbstractModel):
    """Pages that are made of cards: what a card is made of, and how figures are written on it."""

    _name = "logistics.card.mixin"
    _description = "Page of Cards"

    @api.model
    def _card(self, key, question, answer="", **values):
        """Return a card.

        Parameters
        ----------
        key : str
            Its name on the page.
        question, answer : str
            Its title, and the answer in words; empty where ``empty`` says what is missing.
        **values
            ``empty`` (what is missing and what to do), ``chart`` (as in `logistics.mining.report`,
            with ``targets``, one for each label), ``facts`` (list of ``[label, value]``), ``notes``
            (list of sentences), ``rows`` (list of ``{cells, target}``) with ``head``, ``target``
            (list of the records behind the card, with a label), ``stale``, ``headlines`` (list of
            ``(weight, topic, sentence)``), ``place`` (as of `_place`: where to do what ``empty``
            says; its ``action`` may be any that the client opens). A row may have a ``call`` (as of
            `logistics.dashboard._get_calls`), and a note may be ``{text, target}``.
        """
        card = {"key": key, "question": question, "answer": answer, "empty": "", "chart": False}
        card |= {"facts": [], "notes": [], "head": [], "rows": [], "offers": [], "age": ""}
        card |= {"target": False, "place": False, "stale": False, "headlines": []}
        return {**card, **values}

    @api.model
    def _place(self, menu):
        """Return the way to a menu (XML id), or False where the reader does not have it."""
        place = self.env.ref(menu, raise_if_not_found=False)
        if not place or place.id not in place._visible_menu_ids():
            return False
        return {"label": place.name, "action": place.action.id}

    @api.model
    def _target(self, name, model, domain=None, res_id=False):
        """Return the action that shows exactly these records, or one of them."""
        action = {"type": "ir.actions.act_window", "name": name, "res_model": model}
        if res_id:
            return {**action, "res_id": res_id, "views": [[False, "form"]]}
        plain = [self._plain_condition(one) for one in domain or ()]
        return {**action, "domain": plain, "views": LIST}

    @api.model
    def _plain_condition(self, condition):
        """Return a part of a domain with plain values, which every client can carry."""
        if isinstance(condition, str):
            return condition
        name, operator, value = condition
        if isinstance(value, date):  # a datetime is one, too
            value = fields.Datetime.to_string(value) if hasattr(value, "hour") else str(value)
        elif not isinstance(value, (str, bool, int, float)):
            value = list(value)
        return [name, operator, value]

    @api.model
    def _sales_target(self, customer, name, *conditions):
        """Return the action that shows sales lines of the customer."""
        domain = [("partner_id", "=", customer.id), ("company_id", "=", self.env.company.id)]
        return self._target(name, "logistics.order.fact", [*domain, *conditions])

    @api.model
    def _columns(self, labels, data, label, targets, **options):
        """Return the chart of one figure per label, as columns or, with ``kind``, as bars."""
        kind, form = options.get("kind", "columns"), options.get("format", "number")
        value = {"format": form, "title": options.get("title", label)}
        name = {"format": "number", "title": ""}
        lies = kind == "bars"
        return {
            "kind": kind,
            "labels": labels,
            "series": [{"label": label, "data": data, "style": "main"}],
            "x": value if lies else name,
            "y": name if lies else value,
            "targets": targets,
            "hints": options.get("hints", []),
        }

    @api.model
    def _money(self, value):
        return self.env["logistics.mining.reason"]._whole(value, self.env.company)

    @api.model
    def _days(self, count):
        """Return a number of days with its unit, as a part of a sentence."""
        return self.env["logistics.mining.reason"]._days(count)

    @api.model
    def _every(self, days):
        """Return how often something comes, as a part of a sentence."""
        return self.env["logistics.mining.reason"]._every(days)

    @api.model
    def _number(self, value):
        """Return a number with one decimal where it has any."""
        value = round(value, 1)
        return formatLang(self.env, value, digits=0 if value == int(value) else 1)

    @api.model
    def _percent(self, share):
        return f"{formatLang(self.env, 100 * share, digits=0)}%"

    @api.model
    def _chance(self, probability):
        """Return a probability as a text: nothing that is foreseen is certain, or impossible."""
        sign = {0: "< ", 100: "> "}.get(round(100 * probability), "")
        return sign + self._percent(min(max(probability, 0.01), 0.99))

    @api.model
    def _change(self, now, before, unknown="–"):
        """Return the change as a text such as “+12%”, or a dash where there was nothing.

        A dash as well where more was returned than bought: nobody buys less than nothing.
        """
        if before <= 0 or now < 0:
            return unknown
        share = round(now / before - 1, 2) + 0.0  # less than half a percent is no change: 0%
        return f"{'+' if share > 0 else ''}{self._percent(share)}"

    @api.model
    def _day(self, day):
        return format_date(self.env, day)

    @api.model
    def _month(self, day):
        """Return a month and its year, in the order of the reader's language."""
        return self._write_day(day, "yMMM")

    @api.model
    def _write_day(self, day, parts):
        """Return the parts (a skeleton of Unicode's CLDR) of a day as the language writes them."""
        return format_skeleton(parts, day, locale=babel_locale_parse(get_lang(self.env).code))

    @api.model
    def _get_month_notes(self, before, months):
        """Say that the first month of a chart is not whole, where the period begins within it.

        Parameters
        ----------
        before : date
            The day before the first of the period.
        months : iterable of date or datetime
            Days of the months that the chart shows.
        """
        first = before + timedelta(days=1)
        begin = first.replace(day=1)
        shown = {fields.Date.to_date(month).replace(day=1) for month in months}
        if first == begin or begin not in shown:
            return []
        month, day = self._month(first), self._day(first)
        return [self.env._("%(month)s counts from %(day)s only.", month=month, day=day)]

    @api.model
    def _names(self, names, most=5):
        """Return names as a list in a sentence, the last ones left out."""
        text = list_names(self.env, names[:most])
        return list_names(self.env, [text, "…"]) if len(names) > most else text
