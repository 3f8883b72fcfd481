from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import SQL

from .list_common import ListCase
from .portrait_common import PortraitCase


@tagged("post_install", "-at_install")
class TestPortraitContact(PortraitCase):
    """How content a customer is, and what of it comes first."""

    @classmethod
    def _rate(cls, csat, days_ago=5):
        case = cls.env["logistics.case"].create(
            {"name": "Pallet", "partner_id": cls.customer.id, "company_id": cls.company.id}
        )
        case.action_close()
        case._set_satisfaction(csat)
        cls.env.flush_all()
        day = cls.today - timedelta(days=days_ago)
        for table, column, key in (
            ("logistics_case", "satisfaction_date", "id"),
            ("rating_rating", "write_date", "res_id"),
        ):
            cls.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s WHERE %s = %s",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    day,
                    SQL.identifier(key),
                    case.id,
                )
            )
        cls.env.invalidate_all()

    def test_satisfaction_is_told_beside_the_year_before(self):
        self._rate(4)
        self._rate(5)
        self._rate(3, days_ago=500)
        facts = dict(self._card("channels")["facts"])
        self.assertEqual(
            facts["Satisfaction in 12 months"], "4.5 of 5 (answers: 2); 3 in the year before"
        )

    def test_discontent_is_among_the_sentences(self):
        self._rate(2)
        self.assertIn("They are not content: 2 of 5 in 1 answers.", self._sentences())

    def test_the_newest_open_case_is_named(self):
        self.env["logistics.case"].create(
            {"name": "Broken pallet", "partner_id": self.customer.id, "company_id": self.company.id}
        )
        self.assertIn("Open cases: 1, the newest is “Broken pallet”.", self._sentences())


@tagged("post_install", "-at_install")
class TestPortraitHeldOut(ListCase):
    """Who is left alone, so that a campaign can be measured, is not to be called for it."""

    def test_left_alone_comes_first(self):
        self._publish_scores(dict.fromkeys(self.customers, 0.9))
        record = self._make_list()
        record.action_start()
        held = record.member_ids.filtered(lambda member: member.arm == "held_out").partner_id
        self.assertTrue(held)
        portrait = self.env["logistics.portrait"].with_user(self.officer).with_company(self.company)
        told = [portrait.get_data(one.id)["sentences"][0]["text"] for one in held[:2]]
        self.assertTrue(all(text.startswith("Left alone until") for text in told), told)
        called = (record.member_ids.partner_id - held)[0]
        self.assertNotIn("Left alone", str(portrait.get_data(called.id)["sentences"]))
