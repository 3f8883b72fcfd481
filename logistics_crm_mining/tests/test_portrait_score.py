from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import SQL

from .portrait_common import PortraitCase


@tagged("post_install", "-at_install")
class TestPortraitScore(PortraitCase):
    """The page tells what the scores say, why, and how old they are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.many = cls._create_customers(120)
        cls.many[:12].user_id = cls.user
        cls._make_history(cls.many)
        cls.runs = cls._score_directly(cls.segment_task) | cls._score_directly(cls.clv_task)
        cls.scored = cls.many[0]

    def _read(self, record):
        return record.with_user(self.user).with_company(self.company)

    def test_segment_comes_with_its_reasons(self):
        partner, card = self._read(self.scored), self._card("segment", self.scored)
        self.assertTrue(card["answer"].startswith(f"{partner.segment_id.name}."))
        self.assertEqual(card["notes"], partner.segment_reasons.split("\n"))
        self.assertFalse(card["stale"])

    def test_value_comes_with_its_limits(self):
        partner, card = self._read(self.scored), self._card("value", self.scored)
        self.assertEqual(card["answer"], f"Expected in 12 months: {partner.clv_text}.")
        reasons = partner.clv_reasons.split("\n")
        self.assertEqual(card["notes"][: len(reasons)], reasons)

    def test_more_expected_than_bought_lately_by_who_buys_less_is_explained(self):
        self._order(100, 400, 430, 460)
        customer = self.customer.with_company(self.company)
        values = {"value_band": "high", "clv_12m_low": 1.0, "clv_12m_high": 9e6}
        for expected, told in ((1e6, True), (1.0, False)):
            customer.write({**values, "clv_12m": expected})
            notes = " ".join(self._card("value")["notes"])
            self.assertEqual("a recent decline counts little" in notes, told)
        self._order(10, 20, 40)
        customer.write({"clv_12m": 1e6})
        self.assertNotIn("decline", " ".join(self._card("value")["notes"]))

    def test_old_scores_are_marked(self):
        self.env.cr.execute(
            SQL("UPDATE logistics_mining_score SET date = %s", self.today - timedelta(days=45))
        )
        self.env.invalidate_all()
        card = self._card("segment", self.scored)
        self.assertTrue(card["stale"])
        self.assertIn("45 days ago", card["age"])

    def test_unscored_customer_reads_what_the_score_needs(self):
        card = self._card("value", self.customer)
        self.assertFalse(card["answer"])
        self.assertIn(self.clv_task.name, card["empty"])

    def test_likely_to_leave_comes_first(self):
        self._order(30, 60, 90)
        customer = self.customer.with_company(self.company)
        customer.write({"churn_probability": 0.83, "churn_risk": "high"})
        self.assertEqual(
            self._sentences()[0],
            "Likely to leave (83%): silent for 30 days, while they used to order every 30 days.",
        )

    def test_no_risk_is_said_to_be_certain(self):
        self._order(30, 60, 90)
        customer = self.customer.with_company(self.company)
        for probability, said in ((0.9999, "> 99%"), (0.0001, "< 1%"), (0.994, " 99%")):
            risk = "high" if probability > 0.7 else "low"
            customer.write({"churn_probability": probability, "churn_risk": risk})
            self.assertIn(f"probability of {said.strip()} they", self._card("risk")["answer"])

    def test_a_fall_is_told_with_the_segment_before(self):
        champion = self.env.ref("logistics_crm_mining.segment_champion")
        risk = self.env.ref("logistics_crm_mining.segment_key_at_risk")
        self.customer.with_company(self.company).write(
            {
                "segment_id": risk.id,
                "previous_segment_id": champion.id,
                "segment_move": "down",
                "segment_since": self.today - timedelta(days=5),
            }
        )
        fell = f"Fell from {champion.name} to {risk.name} by "
        self.assertTrue(any(text.startswith(fell) for text in self._sentences()))

    def test_trail_tells_the_segments_that_runs_have_found(self):
        scores = self.env["logistics.mining.score"].search(
            [("run_id", "=", self.runs[0].id), ("partner_id", "=", self.scored.id)]
        )
        other = self.env["logistics.mining.segment"].search(
            [("id", "!=", scores.segment_id.id)], limit=1
        )
        now = scores.segment_id
        self._score_directly(self.segment_task)
        self.env.cr.execute(
            SQL(
                "UPDATE logistics_mining_score SET segment_id = %s, date = %s WHERE id = %s",
                other.id,
                self.today - timedelta(days=20),
                scores.id,
            )
        )
        self.env.invalidate_all()
        rows = [row["cells"][0] for row in self._card("segment", self.scored)["rows"]]
        self.assertEqual(rows, [now.name, other.name])

    def test_neighbours_are_those_alike_whom_the_reader_sees(self):
        partner = self._read(self.scored)
        alike = self._portrait()._get_alike(partner)["customers"]
        own = self._read(self.many[1:12])
        same = own.filtered(lambda one: one.segment_id == partner.segment_id)
        if partner.behaviour_id:
            same = own.filtered(lambda one: one.behaviour_id == partner.behaviour_id)
        self.assertEqual(set(alike.ids), set(same.ids))
        gaps = [abs(one.clv_12m - partner.clv_12m) for one in alike]
        self.assertEqual(gaps, sorted(gaps))
