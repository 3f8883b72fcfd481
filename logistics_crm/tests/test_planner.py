from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from ..tools.planner import _count_again, inform_planner


@tagged("post_install", "-at_install")
class TestPlanner(TransactionCase):
    """Large statements are planned for tables as they are, even right after a load."""

    def setUp(self):
        super().setUp()
        self.env.cr.execute(SQL("CREATE TABLE lc_probe (id int, filler text)"))

    def _fill(self, rows):
        self.env.cr.execute(
            SQL(
                "INSERT INTO lc_probe SELECT n, repeat('x', 50) FROM generate_series(1, %s) n", rows
            )
        )

    def _get_believed(self):
        query = SQL("SELECT reltuples FROM pg_class WHERE oid = to_regclass('lc_probe')")
        return self.env.execute_query(query)[0][0]

    def test_a_table_that_has_just_grown_is_counted(self):
        self._fill(20_000)
        self.assertLess(self._get_believed(), 1)
        inform_planner(self.env, ["lc_probe", "no_such_table"])
        self.assertEqual(self._get_believed(), 20_000)
        self._fill(400_000)
        inform_planner(self.env, ["lc_probe"])
        self.assertAlmostEqual(self._get_believed() / 420_000, 1, delta=0.05)

    def test_a_table_that_is_known_or_small_costs_one_query(self):
        self._fill(1000)
        with self.assertQueryCount(1):
            inform_planner(self.env, ["lc_probe"])
        self._fill(20_000)
        inform_planner(self.env, ["lc_probe"])
        with self.assertQueryCount(1):
            inform_planner(self.env, ["lc_probe", "res_users_log"])

    def test_a_table_believed_to_be_empty_is_counted(self):
        """As after a vacuum that found nothing but what a failed load had left."""
        role = SQL("SELECT rolsuper FROM pg_roles WHERE rolname = CURRENT_USER")
        if not self.env.execute_query(role)[0][0]:
            self.skipTest("Only a superuser of PostgreSQL can make it forget a table.")
        self._fill(20_000)
        self.env.cr.execute(SQL("ANALYZE lc_probe"))
        self.env.cr.execute(
            SQL("UPDATE pg_class SET reltuples = 0 WHERE oid = to_regclass('lc_probe')")
        )
        inform_planner(self.env, ["lc_probe"])
        self.assertEqual(self._get_believed(), 20_000)

    def test_a_table_that_somebody_holds_is_no_obstacle(self):
        lock = SQL("LOCK TABLE res_currency_rate IN SHARE UPDATE EXCLUSIVE MODE")
        with self.env.registry.cursor() as other:
            other.execute(lock)
            before = self.env.execute_query(SQL("SHOW lock_timeout"))
            _count_again(self.env.cr, SQL("res_currency_rate"))
            self.assertEqual(self.env.execute_query(SQL("SHOW lock_timeout")), before)
