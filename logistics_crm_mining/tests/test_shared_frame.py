from unittest.mock import patch

from odoo.tests import tagged

from .common import MiningCase


@tagged("post_install", "-at_install")
class TestSharedFrame(MiningCase):
    """Tasks that run one after the other read a company's order lines once."""

    def _process(self, companies, codes):
        """Run tasks by the queue; return for which companies lines were read."""
        tasks = self.env["logistics.mining.task"].search([("code", "in", codes)])
        runs = tasks._queue(companies)
        read, seen = type(tasks)._read_order_days, []

        def reading(task, company, last_day):
            seen.append(company)
            return read(task, company, last_day)

        cron = self.env.ref("logistics_crm_mining.ir_cron_mining")
        reads = patch.object(type(tasks), "_read_order_days", reading)
        with reads, self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(set(runs.mapped("state")), {"done"})
        return seen, runs

    def test_tasks_of_a_company_share_what_was_read(self):
        customers = self._create_customers(60)
        self._make_history(customers)
        self._make_history(customers[:50], company=self.other_company)
        companies = self.company | self.other_company
        seen, runs = self._process(companies, ["segment", "clv", "key_account"])
        self.assertEqual([one.id for one in seen], sorted(companies.ids))
        for company, own in runs.grouped("company_id").items():
            self.assertEqual(len(set(own.mapped("fingerprint"))), 1, company.name)
        self.assertNotEqual(*(own[0].fingerprint for own in runs.grouped("company_id").values()))
