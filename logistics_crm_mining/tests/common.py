import time
from datetime import timedelta

import numpy as np

from odoo import fields
from odoo.tests import TransactionCase, new_test_user
from odoo.tools import SQL

DAYS = 900  # length of the made-up history
CRON = "logistics_crm_mining.ir_cron_mining"


class MiningCase(TransactionCase):
    """Two companies of their own; sales history is inserted set-based from a fixed seed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.company_ids |= (companies := cls._create_companies())
        cls.company, cls.other_company = companies
        cls.product = cls.env["product.product"].create({"name": "Pallet place"})
        cls.segment_task = cls.env.ref("logistics_crm_mining.task_segment")
        cls.clv_task = cls.env.ref("logistics_crm_mining.task_clv")
        cls.today = fields.Date.today()
        cls.cron = cls.env.ref(CRON)

    @classmethod
    def _create_companies(cls):
        currencies = cls.env.ref("base.USD") + cls.env.ref("base.CNY")
        currencies.active = True
        return cls.env["res.company"].create(
            [
                {"name": f"Mining {currency.name}", "currency_id": currency.id}
                for currency in currencies
            ]
        )

    @classmethod
    def _create_user(cls, login, groups):
        return new_test_user(
            cls.env,
            login=login,
            groups=groups,
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    @classmethod
    def _create_customers(cls, count, **values):
        return cls.env["res.partner"].create(
            [
                {"name": f"Customer {number:03}", "is_company": True, "customer_rank": 1, **values}
                for number in range(count)
            ]
        )

    @classmethod
    def _make_history(cls, customers, seed=7, company=None, amount=100.0):
        """Give every customer a rhythm, a chance to leave, and orders from a fixed seed.

        Returns
        -------
        list of tuple
            ``(partner id, date, quantity, amount)`` as inserted.
        """
        rng = np.random.default_rng(seed)
        rows = []
        for partner_id in customers.ids:
            gap = rng.gamma(2.0, 25.0) + 3
            day = rng.integers(0, DAYS // 2)
            mean = amount * rng.gamma(4.0, 0.25)
            while day < DAYS:
                date = cls.today - timedelta(days=int(DAYS - day))
                rows.append((partner_id, date, 1.0, round(mean * rng.gamma(6.0, 1 / 6), 2)))
                if rng.random() < 0.06:
                    break
                day += 1 + rng.exponential(gap)
        cls._insert_history(rows, company or cls.company)
        return rows

    @classmethod
    def _insert_history(cls, rows, company, source="test"):
        """Insert ``(partner id or None, date, quantity, amount)`` as history lines."""
        offset = (
            cls.env["logistics.sales.history"]
            .with_context(active_test=False)
            .search_count([("company_id", "=", company.id), ("source", "=", source)])
        )
        partners, dates, quantities, amounts = (list(column) for column in zip(*rows, strict=True))
        cls.env.cr.execute(
            SQL(
                """INSERT INTO logistics_sales_history (
                    company_id, source, order_ref, line_ref, date, partner_id, product_id,
                    quantity, currency_id, amount, amount_company, customer_key, product_key)
                SELECT %(company)s, %(source)s, 'O' || (%(offset)s + number), '1', line.date,
                    line.partner_id, %(product)s, quantity, %(currency)s, amount, amount,
                    COALESCE('C' || line.partner_id, ''), 'P'
                FROM unnest(%(partners)s::int[], %(dates)s::date[], %(quantities)s::float8[],
                    %(amounts)s::float8[]) WITH ORDINALITY
                    AS line(partner_id, date, quantity, amount, number)""",
                company=company.id,
                source=source,
                offset=offset,
                product=cls.product.id,
                currency=company.currency_id.id,
                partners=partners,
                dates=dates,
                quantities=quantities,
                amounts=amounts,
            )
        )

    @classmethod
    def _score_directly(cls, task, company=None):
        """Take a run through its three steps without the worker, which would need to commit."""
        run = task._queue(company or cls.company)
        run._start()
        run._conclude(task._score(run, task._extract(run)), time.monotonic())
        return run

    def _work(self):
        """Let the scheduled action work through the queue, as its worker would."""
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()

    def _queue_nightly(self):
        """Let the scheduled action queue the runs of the night."""
        with self.enter_registry_test_mode():
            self.env.ref("logistics_crm_mining.ir_cron_mining_nightly").method_direct_trigger()

    def _run(self, task, company=None):
        run = task._queue(company or self.company)
        self._work()
        return run
