from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.listing import list_names

# Scores older than this are marked; runs come every night.
STALE_DAYS = 30
MOST_ALIKE = 50
NEIGHBOURS = 5
MOVED_LATELY = 90
DECLINED = 0.7  # of the year before: what is expected does not follow so fast
# Within how many months a customer must have ordered, where it is not the window of the task.
SCORED_MONTHS = {"churn": 24, "clv": 0, "key_account": 12}


class LogisticsPortrait(models.AbstractModel):
    """What the scores say of a customer, why, and how old they are."""

    _inherit = "logistics.portrait"

    @api.model
    def _get_alike(self, customer):
        """Return the customers alike whose expected value is nearest, and what they have in common.

        Those of the same behaviour group, or of the same segment where there are no groups, as
        far as the reader sees them.
        """
        partners = self.env["res.partner"]
        if customer.behaviour_id:
            common = Domain("behaviour_id", "=", customer.behaviour_id.id)
            name = customer.behaviour_id.name
        elif customer.segment_id:
            common = Domain("segment_id", "=", customer.segment_id.id)
            name = customer.segment_id.name
        else:
            return {"customers": partners, "name": ""}
        query = partners._search(common & Domain("id", "!=", customer.id))
        value = partners._field_to_sql(partners._table, "clv_12m", query)
        key = SQL.identifier(partners._table, "id")
        query.order = SQL("ABS(COALESCE(%s, 0) - %s), %s", value, customer.clv_12m, key)
        query.limit = MOST_ALIKE
        found = [number for (number,) in self.env.execute_query(query.select(key))]
        return {"customers": partners.browse(found), "name": name}

    # ------------------------------------------------------------ segment

    @api.model
    def _get_part_segment(self, customer, sales):
        question = self.env._("Who are they, and where do they come from?")
        segment = customer.segment_id
        if not segment:
            return [self._card("segment", question, empty=self._tell_unscored("segment"))]
        answer = self.env._("%(segment)s.", segment=segment.name)
        if segment.description:
            answer = f"{answer} {segment.description}"
        trail = self._get_trail(customer)
        return [
            self._card(
                "segment",
                question,
                answer,
                facts=self._get_segment_facts(customer, sales),
                notes=self._split(customer.segment_reasons),
                head=[self.env._("Segment"), self.env._("Seen since")] if trail else [],
                rows=trail,
                headlines=self._get_move_headline(customer, sales),
                target=self._get_alike_target(sales),
                **self._get_age(customer.segment_date, sales),
            )
        ]

    @api.model
    def _get_trail(self, customer):
        """Return the segments that runs have found the customer in, the newest first."""
        # The rules let a reader see published scores; a mining manager sees all, so ask for them.
        scores = self.env["logistics.mining.score"].search_fetch(
            Domain("partner_id", "=", customer.id)
            & Domain("company_id", "=", self.env.company.id)
            & Domain("task_id.code", "=", "segment")
            & Domain("run_id", "any!", [("published", "=", True)]),
            ["date", "segment_id"],
            order="date, id",
        )
        trail = []
        for score in scores:
            if not trail or trail[-1][0] != score.segment_id:
                trail.append((score.segment_id, score.date))
        before = customer.previous_segment_id
        if before and len(trail) == 1 and before != trail[0][0]:
            trail = [(before, False), (trail[0][0], customer.segment_since or trail[0][1])]
        if len(trail) < 2:
            return []
        earlier = self.env._("before")
        return [
            {"cells": [segment.name, self._day(day) if day else earlier], "target": False}
            for segment, day in reversed(trail)
        ]

    @api.model
    def _get_segment_facts(self, customer, sales):
        facts, alike = [], sales["alike"]
        if customer.rfm_score:
            facts.append([self.env._("Recency, frequency, money (1 to 5)"), customer.rfm_score])
        if customer.behaviour_id:
            facts.append([self.env._("Orders like"), customer.behaviour_id.name])
        if alike["customers"]:
            names = alike["customers"][:NEIGHBOURS].mapped("display_name")
            facts.append([self.env._("Nearest to them"), list_names(self.env, names)])
        return facts

    @api.model
    def _get_alike_target(self, sales):
        alike = sales["alike"]["customers"]
        name = self.env._("Customers alike: %(name)s", name=sales["alike"]["name"])
        return bool(alike) and self._target(name, "res.partner", [("id", "in", alike.ids)])

    @api.model
    def _get_move_headline(self, customer, sales):
        since, before = customer.segment_since, customer.previous_segment_id
        if not (before and since and since >= sales["today"] - timedelta(days=MOVED_LATELY)):
            return []
        words = {
            "before": before.name,
            "after": customer.segment_id.name,
            "since": self._day(since),
        }
        if customer.segment_move == "down":
            sentence = self.env._("Fell from %(before)s to %(after)s by %(since)s.", **words)
            return [(65, "segment", sentence)]
        sentence = self.env._("Rose from %(before)s to %(after)s by %(since)s.", **words)
        return [(48, "segment", sentence)]

    # ------------------------------------------------------------ risk and value

    @api.model
    def _get_part_risk(self, customer, sales):
        question = self.env._("Are they leaving?")
        if not customer.churn_risk:
            return [self._card("risk", question, empty=self._tell_unscored("churn"))]
        risks = dict(customer._fields["churn_risk"]._description_selection(self.env))
        percent = self._chance(customer.churn_probability)
        answer = self.env._(
            "%(risk)s risk: with a probability of %(percent)s they do not order in the next"
            " months.",
            risk=risks[customer.churn_risk],
            percent=percent,
        )
        age = self._get_age(customer.churn_date, sales)
        warned = customer.churn_risk == "high" and not age["stale"]
        headlines = [self._get_risk_headline(percent, sales)] if warned else []
        return [
            self._card(
                "risk",
                question,
                answer,
                notes=self._split(customer.churn_reasons),
                headlines=headlines,
                target=self._get_score_target(customer, "churn", question),
                **age,
            )
        ]

    @api.model
    def _get_risk_headline(self, percent, sales):
        rhythm = sales["rhythm"] or {}
        if rhythm.get("gap"):
            sentence = self.env._(
                "Likely to leave (%(percent)s): silent for %(since)s, while they used to order "
                "%(every)s.",
                percent=percent,
                since=self._days(rhythm["since"]),
                every=self._every(rhythm["gap"]),
            )
        else:
            sentence = self.env._(
                "Likely to leave, with a probability of %(percent)s.", percent=percent
            )
        return (91, "rhythm", sentence)

    @api.model
    def _get_part_value(self, customer, sales):
        question = self.env._("What will they be worth?")
        if not customer.value_band:
            return [self._card("value", question, empty=self._tell_unscored("clv"))]
        bands = dict(customer._fields["value_band"]._description_selection(self.env))
        orders = self._number(customer.expected_orders_12m)
        answer = self.env._("Expected in 12 months: %(value)s.", value=customer.clv_text)
        return [
            self._card(
                "value",
                question,
                answer,
                facts=[
                    [self.env._("Among all customers"), bands[customer.value_band]],
                    [self.env._("Orders expected in 12 months"), orders],
                ],
                notes=[*self._split(customer.clv_reasons), *self._warn_of_decline(customer, sales)],
                headlines=[(42, "value", answer)],
                target=self._get_score_target(customer, "clv", question),
                **self._get_age(customer.clv_date, sales),
            )
        ]

    @api.model
    def _warn_of_decline(self, customer, sales):
        """Say that more is expected of a customer than they buy lately, where it is so."""
        now, before = sales["revenue"]
        if now >= DECLINED * before or customer.clv_12m <= now:
            return []
        return [
            self.env._(
                "More than the %(now)s of the last 12 months: all orders so far count alike for"
                " what is expected, and a recent decline counts little.",
                now=self._money(now),
            )
        ]

    @api.model
    def _get_part_key_account(self, customer, sales):
        question = self.env._("How much depends on them?")
        if not customer.key_account_class:
            return [self._card("key_account", question, empty=self._tell_unscored("key_account"))]
        answer = self.env._("%(class)s.", **{"class": self._get_class(customer)})
        return [
            self._card(
                "key_account",
                question,
                answer,
                notes=self._split(customer.key_account_reasons),
                target=self._get_score_target(customer, "key_account", question),
                **self._get_age(customer.key_account_date, sales),
            )
        ]

    # ------------------------------------------------------------ words

    @api.model
    def _get_score_target(self, customer, code, question):
        """Return the action that shows the scores of a task for the customer, run by run."""
        domain = [
            ("partner_id", "=", customer.id),
            ("company_id", "=", self.env.company.id),
            ("task_id.code", "=", code),
        ]
        return self._target(f"{customer.name}: {question}", "logistics.mining.score", domain)

    @api.model
    def _tell_unscored(self, code):
        """Say whom a task scores, and who knows why there is no score."""
        task = self.env["logistics.mining.task"]._get_by_code(code, active_only=False)
        values = {"task": task.name, "count": task.min_customers}
        months = SCORED_MONTHS.get(code, task.window_months)
        if not months:
            return self.env._(
                "No score. The task “%(task)s” scores at night who has ordered, once there are "
                "%(count)s such customers and its check succeeds; a Mining Manager sees on its "
                "page why it did not.",
                **values,
            )
        return self.env._(
            "No score. The task “%(task)s” scores at night who has ordered within %(months)s "
            "months, once there are %(count)s such customers and its check succeeds; a Mining "
            "Manager sees on its page why it did not.",
            months=months,
            **values,
        )

    @api.model
    def _get_age(self, day, sales):
        """Return how old a score is, and whether it is too old to rely on."""
        if not day:
            return {"stale": False, "age": ""}
        days = (sales["today"] - day).days
        stale = days > STALE_DAYS
        words = {"date": self._day(day), "days": days}
        if stale:
            age = self.env._(
                "As of %(date)s, %(days)s days ago: too old to rely on. A Mining Manager sees why.",
                **words,
            )
        else:
            age = self.env._("As of %(date)s.", **words)
        return {"stale": stale, "age": age}

    @api.model
    def _split(self, text):
        return [line for line in (text or "").split("\n") if line]
