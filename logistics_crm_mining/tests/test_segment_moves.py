from datetime import timedelta
from unittest.mock import patch

import numpy as np

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..analytics import StableSegmenter
from .common import DAYS, MiningCase

OFFICER = "logistics_crm.group_logistics_officer"
MANAGER = "logistics_crm_mining.group_mining_manager"


@tagged("post_install", "-at_install")
class TestSegmentMoves(MiningCase):
    """Who fell, from where, since when and why; and who orders alike."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls._create_customers(120)
        cls.rows = cls._make_kinds(cls.customers)
        cls._insert_history(cls.rows, cls.company)
        cls.officer = cls._create_user("moves_officer", OFFICER)
        cls.manager = cls._create_user("moves_manager", MANAGER)
        cls.partners = cls.env["res.partner"].with_user(cls.officer)

    @classmethod
    def _make_kinds(cls, customers):
        """Return orders of three kinds: often and small, monthly and large, in winter only."""
        rng, rows = np.random.default_rng(5), []
        for number, partner_id in enumerate(customers.ids):
            gap, amount = ((7, 50), (30, 2000), (21, 100))[number % 3]
            day = int(rng.integers(0, gap))
            while day < DAYS:
                date = cls.today - timedelta(days=day)
                if number % 3 < 2 or date.month in (10, 11, 12):
                    rows.append((partner_id, date, 1.0, round(amount * rng.gamma(20, 0.05), 2)))
                day += int(max(rng.normal(gap, gap / 6), 1))
        return rows

    def _published(self):
        run = self._score_directly(self.segment_task)
        self.assertTrue(run.published, run.reason)
        return run

    def _silence(self, customers, days):
        """Take the last orders of customers away, as if they had fallen silent."""
        self.env.cr.execute(
            "DELETE FROM logistics_sales_history WHERE partner_id = ANY(%s) AND date > %s",
            [customers.ids, self.today - timedelta(days=days)],
        )

    def test_kinds_of_customers_are_found_and_named(self):
        run = self._published()
        told = run.metrics["behaviour"]
        self.assertFalse(told["code"])
        self.assertGreaterEqual(told["stability"], 0.8)
        kinds = [self.customers[start::3].with_user(self.officer) for start in range(3)]
        groups = [kind.behaviour_id for kind in kinds]
        self.assertTrue(all(groups))
        self.assertFalse(groups[0] & groups[1] or groups[1] & groups[2] or groups[0] & groups[2])
        self.assertTrue(all("Large orders" in group.name for group in groups[1]))
        self.assertIn("Orders in the strongest three months", groups[2][0].description)
        self.assertIn("groups by how they order: as many as come out the same", run.figures_text)

    def test_groups_keep_their_record_and_the_name_that_somebody_gave(self):
        self._published()
        group = self.customers[0].with_user(self.manager).behaviour_id
        group.name = "Daily shops"
        customers = self._create_customers(3)
        self._insert_history(
            [(one.id, self.today - timedelta(days=5), 1.0, 50.0) for one in customers],
            self.company,
            "more",
        )
        self._published()
        again = self.customers[0].with_user(self.manager).behaviour_id
        self.assertEqual((again, again.name), (group, "Daily shops"))

    def test_groups_are_named_in_every_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self._published()
        group = self.customers[1].with_user(self.officer).behaviour_id
        self.env.cr.execute("SELECT name FROM logistics_mining_group WHERE id = %s", [group.id])
        self.assertEqual(set(self.env.cr.fetchone()[0]), {"en_US", "fr_FR"})

    def test_groups_that_nothing_tells_apart_are_not_shown(self):
        with patch.object(StableSegmenter, "traits", self._find_no_traits):
            run = self._score_directly(self.segment_task)
        self.assertTrue(run.published)
        self.assertNotIn("groups", run.metrics["behaviour"])
        self.assertIn("nothing that tells one from another", run._describe_behaviour()[0])
        groups = self.env["logistics.mining.group"]
        self.assertFalse(groups.search([("company_id", "=", self.company.id)]))

    def test_groups_of_which_the_same_is_said_are_one(self):
        class Model:
            labels_ = np.array([0, 0, 1, 1, 2, 3])

            def traits(self, known, labels):
                code = {0: "far_above", 1: "below", 2: "far_above", 3: "below"}
                return [
                    {"segment": one, "traits": [{"column": "orders", "code": code[one]}]}
                    for one in np.unique(labels)
                ]

        groups, labels = self.segment_task._tell_apart(Model(), None)
        self.assertEqual([group["segment"] for group in groups], [0, 1])
        self.assertEqual(labels.tolist(), [0, 0, 1, 1, 0, 1])

    @staticmethod
    def _find_no_traits(model, X, labels):
        return [
            {"segment": int(one), "customers": 9, "share": 0.5, "traits": []}
            for one in np.unique(labels)
        ]

    def test_too_few_customers_form_no_groups_and_still_have_segments(self):
        few = self.customers[:30]
        rows = [row for row in self.rows if row[0] in set(few.ids)]
        self._insert_history(rows, self.other_company)
        run = self._score_directly(self.segment_task, self.other_company)
        self.assertTrue(run.published)
        self.assertIn("at least 40 customers are needed", run.figures_text)
        seen = few.with_company(self.other_company)
        self.assertTrue(all(seen.mapped("segment_id")))
        self.assertFalse(seen.behaviour_id)

    def test_who_fell_since_the_run_before_is_found_with_the_reason(self):
        self._published()
        fallen = self.customers[:9:3]
        before = {one.id: one.segment_id for one in fallen.with_user(self.officer)}
        self._silence(fallen, 200)
        run = self._published()
        found = self.partners.search(
            [("segment_move", "=", "down"), ("segment_since", "=", run.cutoff)]
        )
        self.assertLessEqual(set(fallen.ids), set(found.ids))
        for customer in fallen.with_user(self.officer):
            self.assertEqual(customer.previous_segment_id, before[customer.id])
            came_from = before[customer.id].name
            self.assertIn(f"Moved down from {came_from} to", customer.segment_reasons)
            self.assertIn("how lately they order from", customer.segment_reasons)

    def test_a_move_stays_known_until_the_next_one(self):
        self._published()
        customer = self.customers[0].with_user(self.officer)
        self._silence(customer, 200)
        self._published()
        told = customer.read(["previous_segment_id", "segment_since", "segment_move"])
        reasons = customer.segment_reasons
        self.assertEqual(told[0]["segment_move"], "down")
        self._published()
        self.assertEqual(
            customer.read(["previous_segment_id", "segment_since", "segment_move"]), told
        )
        self.assertEqual(customer.segment_reasons, reasons)

    def test_the_first_run_finds_earlier_moves_in_the_orders_themselves(self):
        fallen = self.customers[0].with_user(self.officer)
        self._silence(fallen, 250)
        self._published()
        self.assertEqual(fallen.segment_move, "down")
        self.assertLess(fallen.segment_since, self.today)

    def test_moves_are_counted_from_segment_to_segment(self):
        first = self._published()
        kinds = [table["kind"] for table in first.metrics["segment_moves"]]
        self.assertEqual(kinds, ["earlier", "earlier"])
        self._silence(self.customers[:3], 200)
        tables = self._published().metrics["segment_moves"]
        self.assertEqual([table["kind"] for table in tables], ["run", "earlier", "earlier"])
        self.assertEqual(tables[0]["since"], first.cutoff.isoformat())
        for table in tables:
            came = sum(row["customers"] for row in table["rows"] if row["after"])
            self.assertEqual(came, 120)
        changed = [row for row in tables[0]["rows"] if row["before"] != row["after"]]
        self.assertGreaterEqual(sum(row["customers"] for row in changed), 3)

    def test_run_says_in_words_who_moved(self):
        self._published()
        text = self._published().figures_text
        self.assertIn("Since the run published before", text)
        self.assertIn("0 down, 120 stayed", text)

    def test_a_mining_manager_who_publishes_shows_the_groups_of_the_run(self):
        first = self._published()
        before = self.customers[0].with_user(self.manager).behaviour_id
        self._silence(self.customers, 300)
        self._published()
        first.with_user(self.manager).action_publish()
        customer = self.customers[0].with_user(self.manager)
        self.assertEqual(customer.behaviour_id, before)
        shown = self.env["logistics.mining.group"].with_user(self.manager).search([])
        found = first.metrics["behaviour"]["groups"]
        self.assertEqual(set(shown.ids), {row["group"] for row in found})
        with self.assertRaises(AccessError):
            shown[:1].with_user(self.manager).unlink()

    def test_list_of_those_who_fell_is_that_of_the_reader(self):
        self._published()
        self._silence(self.customers[:9:3], 200)
        self._published()
        seller = self._create_user("moves_seller", "logistics_crm.group_logistics_user")
        self.customers[0].user_id = seller
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "logistics_crm_mining.action_customer_moved"
        )
        self.assertIn("search_default_moved_down", action["context"])
        domain = [("segment_move", "=", "down"), ("id", "in", self.customers.ids)]
        scores = self.env["logistics.mining.score"].with_user(seller)
        fallen = self.env["res.partner"].with_user(seller).search(domain)
        self.assertIn(self.customers[0], fallen)
        self.assertEqual(
            scores.search([("partner_id", "in", fallen.ids)]).partner_id.ids, [self.customers[0].id]
        )

    def test_nobody_types_a_move_or_a_group(self):
        self._published()
        customer = self.customers[0].with_user(self.officer)
        for values in ({"segment_move": "up"}, {"behaviour_id": False}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                customer.write(values)
        with self.assertRaises(AccessError):
            customer.behaviour_id.name = "Mine"

    def test_groups_of_another_company_are_hidden(self):
        self._insert_history(self.rows, self.other_company)
        self._score_directly(self.segment_task, self.other_company)
        groups = self.env["logistics.mining.group"]
        theirs = [("company_id", "=", self.other_company.id)]
        self.assertTrue(groups.search(theirs))
        self.assertFalse(groups.with_user(self.manager).search(theirs))

    def test_what_reads_the_same_of_all_customers_is_no_trait(self):
        group = (
            self.env["logistics.mining.group"]
            .sudo()
            .create(
                {
                    "name": "Kind",
                    "company_id": self.company.id,
                    "traits": [
                        {
                            "column": "season_share",
                            "value": 0.402,
                            "overall": 0.398,
                            "code": "above",
                        },
                        {"column": "return_share", "value": 0.31, "overall": 0.02, "code": "above"},
                    ],
                }
            )
        )
        self.assertEqual(group.description, "Returned: 31.0% (all customers: 2.0%)")
        group.traits = group.traits[:1]
        self.assertIn("average customer", group.description)
