from odoo.tests import tagged
from odoo.tools import SQL

from ..loader import checks
from ..loader.columns import COLUMNS
from .history_common import SalesHistoryCase


@tagged("post_install", "-at_install")
class TestSalesHistoryPlans(SalesHistoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What autovacuum may leave behind between two loads: statistics of an empty table.
        cls.env.cr.execute(SQL("ANALYZE logistics_history_stage"))
        cls.load = cls.env["logistics.history.load"].create(
            {"source": "erp", "company_id": cls.company.id}
        )
        line = dict.fromkeys(COLUMNS) | {
            "date": "2024-02-29",
            "customer": "C-1",
            "product": "P-1",
            "quantity": "1",
            "amount": "2",
        }
        cls.load._stage(
            tuple((line | {"order": f"S{number}", "line": "1"}).values()) for number in range(2_000)
        )

    def _get_plans(self):
        self.env.flush_all()
        for statement in checks.statements(self.load):
            yield "\n".join(
                row[0] for row in self.env.execute_query(SQL("EXPLAIN (COSTS OFF) %s", statement))
            )

    def test_checks_of_a_large_load_never_nest_scans_whatever_the_statistics_say(self):
        with self.load._large_joins():
            for plan in self._get_plans():
                self.assertNotIn("Nested Loop", plan)

    def test_what_runs_behind_a_large_load_is_planned_as_ever(self):
        with self.load._large_joins():
            pass
        self.assertEqual(self.env.execute_query(SQL("SHOW enable_nestloop")), [("on",)])
