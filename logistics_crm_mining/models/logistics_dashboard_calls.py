from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date, mute_logger

CALLS = 10
LEFT_ALONE = 5


class LogisticsDashboard(models.AbstractModel):
    """Whom to call, whom to leave alone, and a call as something to do: one click."""

    _inherit = "logistics.dashboard"

    @api.model
    def plan_call(self, partner_id):
        """Plan to call a customer today, for the reader, unless somebody has planned it already.

        Parameters
        ----------
        partner_id : int
            The customer, or one of their contacts or branches.

        Returns
        -------
        dict
            ``text`` (who calls when) and ``is_new`` (False where it was planned before).

        Raises
        ------
        UserError
            There is no such customer, or they are held out of a campaign.
        AccessError
            The reader is no Logistics User, or may not read this customer.
        """
        self._check_reader()
        customer = self.env["logistics.portrait"]._get_customer(partner_id)
        if customer.is_held_out:
            day = format_date(self.env, customer.held_out_until)
            problem = self.env._(
                "Do not call %(customer)s: they are left alone until %(day)s, to measure what a"
                " campaign brings.",
                customer=customer.name,
                day=day,
            )
            raise UserError(problem)
        self._keep_others_from_planning(customer)
        call = self._get_planned_calls(customer).get(customer.id)
        is_new = not call
        return {"text": self._describe_call(call or self._create_call(customer)), "is_new": is_new}

    @api.model
    def _keep_others_from_planning(self, customer):
        """Let only one request at a time plan a call: two people press at the same moment.

        A lock alone would not do: who waits for it looks at the data as they were before. Of two
        requests that write the same row Odoo does the second one again, and it finds the call.
        """
        query = SQL("UPDATE res_partner SET write_date = write_date WHERE id = %s", customer.id)
        with mute_logger("odoo.sql_db"):  # to do it again is part of the plan
            self.env.cr.execute(query)

    @api.model
    def _create_call(self, customer):
        kinds = self.env["mail.activity.type"]
        kind = kinds.search([("category", "=", "phonecall")], order="sequence, id", limit=1)
        if not kind:
            problem = self.env._(
                "There is no type of activity for calls: ask an administrator to add one, with"
                " the action “Call”."
            )
            raise UserError(problem)
        today = fields.Date.context_today(self)
        return customer.activity_schedule(
            activity_type_id=kind.id,
            date_deadline=today,
            summary=self._get_call_reason(customer, {"today": today}) or kind.name,
            user_id=self.env.uid,
        )

    @api.model
    def _get_planned_calls(self, customers):
        """Return the next call that is planned, by the id of the customer."""
        domain = (
            Domain("res_model", "=", "res.partner")
            & Domain("res_id", "in", customers.ids)
            & Domain("activity_type_id.category", "=", "phonecall")
        )
        calls = self.env["mail.activity"].search(domain, order="date_deadline DESC, id DESC")
        return {call.res_id: call for call in calls}

    @api.model
    def _describe_call(self, call):
        day = self._day(call.date_deadline)
        if call.user_id == self.env.user:
            return self.env._("You call them on %(day)s.", day=day)
        return self.env._("%(user)s calls them on %(day)s.", user=call.user_id.name, day=day)

    @api.model
    def _get_calls(self, customers):
        """Return what may be done about calling each customer; False: leave them alone."""
        planned = self._get_planned_calls(customers)
        return {
            customer: not customer.is_held_out
            and {
                "partner": customer.id,
                "planned": self._describe_call(planned[customer.id])
                if customer.id in planned
                else "",
            }
            for customer in customers
        }

    # ------------------------------------------------------------ cards

    @api.model
    def _get_card_calls(self, view):
        """Name those who are likely to leave, or silent for too long: most at risk first.

        A day or two after the expected one is chance; silence tells where leaving is not unlikely.
        """
        today = fields.Date.to_string(view["today"])
        overdue = Domain("expected_order_date", "<", today)
        wanted = (
            Domain("churn_risk", "=", "high")
            | (Domain("churn_risk", "=", "medium") & overdue)
            | Domain("segment_id.at_risk", "=", True)
        ) & Domain("is_held_out", "=", False)
        order = "value_at_risk DESC, clv_12m DESC, id"
        customers = self.env["res.partner"].search(
            view["customers"] & wanted, order=order, limit=CALLS
        )
        question, notes = self.env._("Whom should I call first?"), self._get_left_alone(view)
        if not customers:
            empty = self.env._(
                "None of your customers is likely to leave or overdue, or none is scored yet. You"
                " see those whose salesperson you are, or in whose account team you are."
            )
            return self._card("calls", question, empty=empty, notes=notes)
        answer = self.env._(
            "Those come first with whom most may be lost: what they bought in the 12 months up to"
            " their last order, times the probability of leaving. Who is held out of a campaign is"
            " left alone."
        )
        head = [self.env._("Customer"), self.env._("Why"), self.env._("At Risk")]
        target = self._customers_target(view, self.env._("Customers to call"), wanted)
        values = {"head": head, "rows": self._get_call_rows(customers, view), "notes": notes}
        return self._card("calls", question, answer, target=target, **values)

    @api.model
    def _get_call_rows(self, customers, view):
        calls = self._get_calls(customers)
        return [
            {
                "cells": [
                    customer.display_name,
                    self._get_call_reason(customer, view),
                    self._money(customer.value_at_risk) if customer.churn_risk else "–",
                ],
                "values": [False, False, customer.churn_risk and customer.value_at_risk],
                "target": self._target(customer.display_name, "res.partner", res_id=customer.id),
                "call": calls[customer],
            }
            for customer in customers
        ]

    @api.model
    def _get_call_reason(self, customer, view):
        """Return the strongest reason to call a customer, in words."""
        if customer.churn_risk == "high":
            text = self.env._(
                "Likely to leave (%(share)s).", share=self._chance(customer.churn_probability)
            )
            return " ".join([text, *(customer.churn_reasons or "").splitlines()[:1]])
        if customer.expected_order_date and customer.expected_order_date < view["today"]:
            days = (view["today"] - customer.expected_order_date).days
            return self.env._("Their next order is overdue by %(days)s.", days=self._days(days))
        reasons = customer.segment_reasons or customer.churn_reasons or ""
        return ". ".join(filter(None, [customer.segment_id.name, *reasons.splitlines()[:1]]))

    @api.model
    def _get_left_alone(self, view):
        """Say which of the reader's customers are held out of a campaign, whoever's it is."""
        held_out = Domain("is_held_out", "=", True)
        found = self.env["res.partner"].search(
            view["customers"] & held_out, order="name, id", limit=LEFT_ALONE + 1
        )
        if not found:
            return []
        names = [
            self.env._(
                "%(customer)s (until %(day)s)",
                customer=customer.name,
                day=self._day(customer.held_out_until),
            )
            for customer in found
        ]
        text = self.env._(
            "Do not call, so that it can be measured what a campaign brings: %(names)s",
            names=self._names(names, LEFT_ALONE),
        )
        target = self._customers_target(view, self.env._("Left alone"), held_out)
        return [{"text": text, "target": target}]
