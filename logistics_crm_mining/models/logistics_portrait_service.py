from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain

from ..tools import portrait_sql

LATE_SHARE, LEAST_LINES = 0.1, 10  # from where on late deliveries come first


class LogisticsPortrait(models.AbstractModel):
    """How a customer pays, and how we have delivered."""

    _inherit = "logistics.portrait"

    # ------------------------------------------------------------ payment

    @api.model
    def _get_part_payment(self, customer, sales):
        question = self.env._("How do they pay?")
        if not self.env["account.move"].has_access("read"):
            empty = self.env._("Invoices are for colleagues who may read them; ask accounting.")
            return [self._card("payment", question, empty=empty)]
        invoices = self._get_invoice_domain(customer, sales)
        answer = self._tell_payments(invoices)
        facts, headlines = self._get_payment_facts(customer)
        if not answer and not facts:
            empty = self.env._(
                "No invoice of two years that you may read. Payments are known as soon as their "
                "invoices are in this system."
            )
            return [self._card("payment", question, empty=empty)]
        name = self.env._("Invoices of %(customer)s", customer=customer.name)
        return [
            self._card(
                "payment",
                question,
                answer or self.env._("No invoice of two years that you may read."),
                facts=facts,
                headlines=headlines,
                target=bool(answer) and self._target(name, "account.move", invoices),
            )
        ]

    @api.model
    def _get_invoice_domain(self, customer, sales):
        return (
            Domain("commercial_partner_id", "=", customer.id)
            & Domain("company_id", "=", self.env.company.id)
            & Domain("move_type", "=", "out_invoice")
            & Domain("state", "=", "posted")
            & Domain("invoice_date", ">", sales["two_years_ago"].isoformat())
        )

    @api.model
    def _tell_payments(self, invoices):
        """Say how soon they pay, from the invoices that the reader may read; empty without any."""
        moves = self.env["account.move"]
        query = moves._search(invoices & Domain("payment_state", "in", ("paid", "in_payment")))
        [(paid, late, days, late_days)] = self.env.execute_query(
            portrait_sql.payments(query.select())
        )
        if not paid:
            unpaid = Domain("payment_state", "in", ("not_paid", "partial"))
            count = moves.search_count(invoices & unpaid)
            return count and self.env._(
                "None of their invoices of two years is paid yet; open: %(count)s.", count=count
            )
        answer = self.env._(
            "They pay %(days)s days after the invoice (median of %(paid)s in two years).",
            days=self._number(days),
            paid=paid,
        )
        if not late:
            return " ".join([answer, self.env._("None was paid late.")])
        words = self.env._(
            "%(share)s were paid late, by %(days)s days.",
            share=self._percent(late / paid),
            days=self._number(late_days),
        )
        return f"{answer} {words}"

    @api.model
    def _get_payment_facts(self, customer):
        """Return terms, what is open and overdue, and the headline where something is."""
        facts, headlines = [], []
        if terms := customer.property_payment_term_id:
            facts.append([self.env._("Terms"), terms.name])
        if customer.open_receivable > 0:
            facts.append([self.env._("To be paid"), self._money(customer.open_receivable)])
        if customer.open_receivable < 0:
            credit = self._money(-customer.open_receivable)
            facts.append([self.env._("Balance in their favour"), credit])
        if customer.overdue > 0:
            amount = self._money(customer.overdue)
            facts.append([self.env._("Overdue"), amount])
            sentence = self.env._("They owe us %(amount)s past the due date.", amount=amount)
            headlines.append((75, "payment", sentence))
        return facts, headlines

    # ------------------------------------------------------------ delivery

    @api.model
    def _get_part_delivery(self, customer, sales):
        question = self.env._("How did they experience our deliveries?")
        domain = (
            Domain("partner_id", "=", customer.id)
            & Domain("company_id", "=", self.env.company.id)
            & Domain("promised_date", ">", sales["year_ago"])
            & Domain("promised_date", "<=", sales["today"])
            & Domain("delivery_state", "!=", "unknown")
        )
        groups = self.env["logistics.order.fact"]._read_group(
            domain,
            ["promised_date:month"],
            ["__count", "on_time_rate:avg", "otif_rate:avg", "otif_rate:count"],
        )
        if not groups:
            empty = self.env._(
                "No line with a promised date within 12 months, so nobody can say whether they "
                "came on time. Promised dates come with orders, or with the imported history."
            )
            return [self._card("delivery", question, empty=empty)]
        card = self._get_delivery_card(customer, question, domain, groups)
        card["notes"] = self._get_month_notes(sales["year_ago"], (row[0] for row in groups))
        return [card]

    @api.model
    def _get_delivery_card(self, customer, question, domain, groups):
        lines = sum(count for _month, count, *_rest in groups)
        on_time = sum(count * share for _month, count, share, *_rest in groups) / lines
        words = {"share": self._percent(on_time), "lines": lines}
        answer = self.env._("%(share)s of %(lines)s lines came on time in 12 months.", **words)
        headlines = []
        if 1 - on_time > LATE_SHARE and lines >= LEAST_LINES:
            words["share"] = self._percent(1 - on_time)
            sentence = self.env._(
                "We delivered late: %(share)s of %(lines)s lines in 12 months.", **words
            )
            headlines.append((70, "delivery", sentence))
        return self._card(
            "delivery",
            question,
            answer,
            chart=self._get_delivery_chart(customer, domain, groups),
            facts=self._get_full_facts(groups),
            headlines=headlines,
        )

    @api.model
    def _get_delivery_chart(self, customer, domain, groups):
        labels = [self._month(month) for month, *_rest in groups]
        targets = [
            self._target(
                self.env._(
                    "%(customer)s, promised in %(month)s", customer=customer.name, month=label
                ),
                "logistics.order.fact",
                domain
                & Domain("promised_date", ">=", month)
                & Domain("promised_date", "<", month + relativedelta(months=1)),
            )
            for (month, *_rest), label in zip(groups, labels, strict=True)
        ]
        return self._columns(
            labels,
            [share for _month, _count, share, *_rest in groups],
            self.env._("On time"),
            targets,
            format="percent",
            hints=[self.env._("Lines: %(count)s", count=row[1]) for row in groups],
        )

    @api.model
    def _get_full_facts(self, groups):
        """Return the share that came on time and in full, where it is known."""
        known = sum(row[4] for row in groups)
        if not known:
            return []
        share = sum(row[3] * row[4] for row in groups if row[4]) / known
        words = self.env._(
            "%(share)s (lines known: %(lines)s)", share=self._percent(share), lines=known
        )
        return [[self.env._("On time and in full"), words]]
