from odoo import api, fields, models
from odoo.fields import Domain

KINDS = ("mail", "call", "meeting")
LOW_SATISFACTION = 3


class LogisticsPortrait(models.AbstractModel):
    """How a customer and we talk, and how content they are."""

    _inherit = "logistics.portrait"

    @api.model
    def _get_part_channels(self, customer, sales):
        question = self.env._("How do they reach us, and how content are they?")
        contacts = self._count_contacts(customer, sales)
        contacts += self._count_orders(customer, sales)
        facts, headlines = self._get_sentiment(customer, sales)
        if signed := self._count_signed_orders(customer, sales):
            facts.append([self.env._("Orders signed online"), self._number(signed)])
        if not contacts and not facts:
            empty = self.env._(
                "No message, call, meeting, case or order within 12 months. Log calls and visits "
                "on the customer, so that colleagues know of them."
            )
            form = self._target(customer.name, "res.partner", res_id=customer.id)
            place = {"label": customer.name, "action": form}
            return [self._card("channels", question, empty=empty, place=place)]
        contacts.sort(key=lambda one: -one[1])
        answer = self.env._(
            "In 12 months: %(what)s.",
            what=self._names([f"{label} ({count})" for label, count, _target in contacts]),
        )
        labels, counts, targets = zip(*contacts, strict=True) if contacts else ((), (), ())
        chart = bool(contacts) and self._columns(
            list(labels), list(counts), self.env._("Count"), list(targets), kind="bars"
        )
        return [
            self._card(
                "channels",
                question,
                answer if contacts else self.env._("Nothing within 12 months."),
                chart=chart,
                facts=facts,
                headlines=headlines,
            )
        ]

    @api.model
    def _count_contacts(self, customer, sales):
        """Return ``(label, count, target)`` of messages, calls, meetings, and cases by channel."""
        touches, cases = self.env["logistics.timeline"], self.env["logistics.case"]
        start = fields.Datetime.to_datetime(sales["year_ago"])
        of_company = Domain("company_id", "in", [False, self.env.company.id])
        since = Domain("commercial_partner_id", "=", customer.id) & of_company
        timeline = since & Domain("date", ">=", start) & Domain("date", "<=", fields.Datetime.now())
        timeline &= Domain("kind", "in", KINDS)
        opened = since & Domain("create_date", ">=", start)
        kinds = dict(touches._fields["kind"]._description_selection(self.env))
        channels = dict(cases._fields["channel"]._description_selection(self.env))
        found = [
            (kinds[kind], count, touches, timeline & Domain("kind", "=", kind))
            for kind, count in touches._read_group(timeline, ["kind"], ["__count"])
        ]
        for channel, count in cases._read_group(opened, ["channel"], ["__count"]):
            label = self.env._("Cases: %(channel)s", channel=channels[channel])
            found.append((label, count, cases, opened & Domain("channel", "=", channel)))
        return [
            (label, count, self._target(f"{customer.name}: {label}", records._name, domain))
            for label, count, records, domain in found
        ]

    @api.model
    def _count_orders(self, customer, sales):
        """Return ``(label, count, target)`` of orders by where they were entered."""
        facts = self.env["logistics.order.fact"]
        labels = dict(facts._fields["origin"]._description_selection(self.env))
        return [
            (
                self.env._("Orders: %(origin)s", origin=labels[origin]),
                count,
                self._sales_target(
                    customer,
                    f"{customer.name}: {labels[origin]}",
                    ("origin", "=", origin),
                    ("date", ">", sales["year_ago"].isoformat()),
                    ("date", "<=", sales["today"].isoformat()),
                    ("is_return", "=", False),
                ),
            )
            for origin, count in (sales["origins"] or {}).items()
        ]

    @api.model
    def _count_signed_orders(self, customer, sales):
        """Return how many orders of 12 months the customer has signed in the portal."""
        return self.env["sale.order"].search_count(
            Domain("partner_id.commercial_partner_id", "=", customer.id)
            & Domain("company_id", "=", self.env.company.id)
            & Domain("state", "=", "sale")
            & Domain("signed_on", "!=", False)
            & Domain("date_order", ">", sales["year_ago"])
        )

    @api.model
    def _get_sentiment(self, customer, sales):
        """Return satisfaction with its trend, open cases, and what of it comes first."""
        facts, headlines = [], []
        now, count = customer.satisfaction, customer.satisfaction_count
        if count:
            words = self.env._(
                "%(mean)s of 5 (answers: %(count)s)", mean=self._number(now), count=count
            )
            before = self._get_satisfaction_before(customer, sales)
            if before:
                words = self.env._(
                    "%(now)s; %(before)s in the year before", now=words, before=self._number(before)
                )
            facts.append([self.env._("Satisfaction in 12 months"), words])
        if count and now < LOW_SATISFACTION:
            sentence = self.env._(
                "They are not content: %(mean)s of 5 in %(count)s answers.",
                mean=self._number(now),
                count=count,
            )
            headlines.append((72, "service", sentence))
        if opened := customer.open_case_count:
            facts.append([self.env._("Open cases"), self._number(opened)])
            headlines.append((55, "service", self._tell_open_cases(customer, opened)))
        return facts, headlines

    @api.model
    def _tell_open_cases(self, customer, count):
        """Say how many cases are open, and what the newest is about."""
        newest = customer.newest_case_ids[:1]
        if not newest:
            return self.env._("Open cases: %(count)s.", count=count)
        return self.env._(
            "Open cases: %(count)s, the newest is “%(case)s”.", count=count, case=newest.name
        )

    @api.model
    def _get_satisfaction_before(self, customer, sales):
        [(mean,)] = self.env["logistics.case"]._read_group(
            Domain("commercial_partner_id", "=", customer.id)
            & Domain("company_id", "=", self.env.company.id)
            & Domain("csat", ">", 0)
            & Domain("satisfaction_date", ">", sales["two_years_ago"])
            & Domain("satisfaction_date", "<=", sales["year_ago"]),
            aggregates=["csat:avg"],
        )
        return mean
