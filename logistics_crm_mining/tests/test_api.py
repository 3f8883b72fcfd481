import json

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import MiningCase

RUN_KEYS = [
    "id",
    "task",
    "state",
    "progress",
    "rows",
    "seconds",
    "metrics",
    "baseline",
    "published",
    "reason",
]
SCORE_KEYS = [
    "res_model",
    "res_id",
    "name",
    "customer",
    "code",
    "value",
    "band",
    "reasons",
    "date",
    "run",
]


@tagged("post_install", "-at_install")
class TestMiningApi(MiningCase):
    """What other systems get, exactly: plain JSON, every key, never null."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._create_user("own", "logistics_crm.group_logistics_user")
        cls.officer = cls._create_user("officer", "logistics_crm.group_logistics_officer")
        cls.manager = cls._create_user(
            "scoring-manager", "logistics_crm_mining.group_mining_manager"
        )
        cls.customers = cls._create_customers(80)
        cls.customers[:3].user_id = cls.user
        cls._make_history(cls.customers)
        cls.api = cls.env["logistics.api"].with_user(cls.manager)
        cls.officer_api = cls.api.with_user(cls.officer)

    def _assert_plain(self, value, path="result"):
        if isinstance(value, dict):
            for key, item in value.items():
                self.assertIs(type(key), str, path)
                self._assert_plain(item, f"{path}.{key}")
        elif isinstance(value, list):
            for number, item in enumerate(value):
                self._assert_plain(item, f"{path}[{number}]")
        else:
            self.assertIn(type(value), (str, int, float, bool), path)
            self.assertEqual(value, value, f"{path} is NaN")

    def _run_by_api(self, code):
        task = self.env["logistics.mining.task"]._get_by_code(code)
        return self.api.mining_run(self._score_directly(task).id)

    def test_run_has_the_agreed_shape_in_every_state(self):
        run = self.api.run_mining("segment")["run"]
        queued = self.api.mining_run(run)
        self._work()
        done = self.api.mining_run(run)
        for answer in (queued, done):
            self.assertEqual(list(answer), RUN_KEYS)
            self._assert_plain(answer)
            json.dumps(answer, allow_nan=False)
        self.assertEqual((queued["state"], queued["progress"], queued["rows"]), ("queued", 0, 0))
        self.assertTrue(queued["reason"])
        self.assertEqual((done["state"], done["progress"]), ("done", 100))
        self.assertEqual((done["published"], done["reason"]), (True, False))
        self.assertGreater(done["rows"], 80)
        self.assertEqual(done["task"], "segment")

    def test_clv_run_tells_its_baseline(self):
        done = self._run_by_api("clv")
        self._assert_plain(done)
        self.assertTrue(done["published"], done["reason"])
        self.assertLess(done["metrics"]["orders_rmse"], done["baseline"]["orders_rmse"])

    def test_reason_is_filled_whenever_nothing_is_published(self):
        self.segment_task.min_customers = 1000
        done = self._run_by_api("segment")
        self.assertEqual((done["state"], done["published"]), ("done", False))
        self.assertIn("1000", done["reason"])

    def test_wrong_run_is_named(self):
        other = self.segment_task._queue(self.other_company)
        for run in (0, -1, 2**40, "7", True, None, other.id, other.id + 1000):
            with self.subTest(run=run), self.assertRaisesRegex(UserError, "^run_id: "):
                self.api.mining_run(run)

    def test_scores_have_the_agreed_shape(self):
        for code in ("segment", "clv"):
            run = self._run_by_api(code)
            rows = self.officer_api.scores(code)
            self.assertEqual(len(rows), 80)
            self._assert_plain(rows)
            for row in rows:
                self.assertEqual(list(row), SCORE_KEYS)
                self.assertTrue(row["reasons"])
                self.assertEqual(row["run"], run["id"])
            by_id = {row["res_id"]: row for row in rows}
            customer = self.customers[7]
            row = by_id[customer.id]
            self.assertEqual(row["res_model"], "res.partner")
            self.assertEqual(row["customer"], customer.id)
            self.assertEqual(row["code"], customer.customer_code)
            self.assertEqual(row["name"], customer.name)
            self.assertRegex(row["date"], r"^\d{4}-\d\d-\d\d$")

    def test_scores_come_best_first_and_in_pages(self):
        self._run_by_api("clv")
        rows = self.officer_api.scores("clv")
        self.assertEqual(rows, sorted(rows, key=lambda row: (-row["value"], row["res_id"])))
        pages = [self.officer_api.scores("clv", limit=30, offset=start) for start in (0, 30, 60)]
        self.assertEqual([row for page in pages for row in page], rows)
        self.assertEqual(self.officer_api.scores("clv", offset=500), [])

    def test_scores_of_some_customers_by_id_and_code(self):
        self._run_by_api("segment")
        some = self.customers[3:5]
        unscored = self._create_customers(1)
        keys = [some[0].id, some[1].customer_code, unscored.id]
        rows = self.officer_api.scores("segment", customers=keys)
        self.assertEqual({row["customer"] for row in rows}, set(some.ids))
        self.assertEqual(self.officer_api.scores("segment", customers=[]), [])

    def test_user_gets_scores_of_own_customers(self):
        self._run_by_api("segment")
        api = self.api.with_user(self.user)
        self.assertEqual(
            {row["customer"] for row in api.scores("segment")}, set(self.customers[:3].ids)
        )
        with self.assertRaisesRegex(UserError, "^customers: "):
            api.scores("segment", customers=[self.customers[9].id])

    def test_scores_before_the_first_run_are_an_empty_list(self):
        self.assertEqual(self.officer_api.scores("segment"), [])

    def test_only_the_newest_published_run_is_told(self):
        first = self._run_by_api("segment")
        second = self._run_by_api("segment")
        self.segment_task.min_customers = 1000
        self._run_by_api("segment")
        self.assertEqual({row["run"] for row in self.officer_api.scores("segment")}, {second["id"]})
        self.assertNotEqual(first["id"], second["id"])

    def test_wrong_arguments_are_named(self):
        for field, arguments in (
            ("code", {"code": "nothing"}),
            ("code", {"code": 3}),
            ("code", {"code": "no\0thing"}),
            ("limit", {"limit": 0}),
            ("limit", {"limit": 10_001}),
            ("limit", {"limit": "5"}),
            ("limit", {"limit": True}),
            ("limit", {"limit": None}),
            ("offset", {"offset": -1}),
            ("offset", {"offset": 1.5}),
            ("customers", {"customers": "C00001"}),
            ("customers", {"customers": 5}),
            ("customers", {"customers": [2**40]}),
            ("customers", {"customers": [0]}),
            ("customers", {"customers": ["no such code"]}),
            ("customers", {"customers": ["no\0such\ud800code"]}),
            ("customers", {"customers": [True]}),
            ("customers", {"customers": [[1]]}),
            ("customers", {"customers": [None]}),
        ):
            with self.subTest(**arguments), self.assertRaisesRegex(UserError, f"^{field}: "):
                self.officer_api.scores(**{"code": "segment", **arguments})

    def test_archived_task_still_tells_its_scores(self):
        self._run_by_api("segment")
        self.segment_task.active = False
        self.assertEqual(len(self.officer_api.scores("segment")), 80)
