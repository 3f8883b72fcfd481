import base64
import html
import io
import zipfile
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .dashboard_common import DashboardCase


@tagged("post_install", "-at_install")
class TestDashboardCalls(DashboardCase):
    """From whom to call to a call that is planned, and who is not to be called: as a plain user."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers[:5].user_id = cls.user
        cls.mine = cls.scored[:5]
        cls.mine[:2].write({"churn_risk": "high", "churn_probability": 0.8})

    def _plan(self, number=0, user=None):
        return self._dashboard(user or self.user).plan_call(self.customers[number].id)

    def _rows(self, user=None, role="account"):
        rows = self._card("calls", user or self.user, role=role)["rows"]
        return {row["call"]["partner"]: row["call"]["planned"] for row in rows}

    def _get_planned(self, number=0):
        return self.customers[number].activity_ids.filtered(
            lambda activity: activity.activity_type_id.category == "phonecall"
        )

    def _hold_out(self, number):
        """Put a customer of the user onto a running list of an officer, to be left alone."""
        record = self.env["logistics.mining.list"].create(
            {
                "name": "Autumn",
                "company_id": self.company.id,
                "user_id": self.officer.id,
                "customer_domain": repr([("id", "=", self.customers[number].id)]),
                "treatment": "export",
                "holdout_share": 0.9,
            }
        )
        record._choose()
        record._start(self.today)
        record.member_ids.sudo().write({"arm": "held_out"})
        self.env.invalidate_all()
        self.assertTrue(self.scored[number].is_held_out)
        return record

    def test_one_click_plans_a_call_for_who_clicks(self):
        self.assertEqual(set(self._rows().values()), {""})
        told = self._plan()
        self.assertTrue(told["is_new"])
        call = self._get_planned()
        self.assertEqual((call.user_id, call.date_deadline), (self.user, self.today))
        self.assertIn("Likely to leave (80%)", call.summary)
        self.assertEqual(self._rows()[self.customers[0].id], told["text"])
        self.assertIn("You call them", told["text"])

    def test_who_has_a_call_planned_does_not_get_another(self):
        self._plan()
        again = self._plan()
        self.assertFalse(again["is_new"])
        other = self._plan(user=self.officer)
        self.assertFalse(other["is_new"])
        self.assertIn(f"{self.user.name} calls them", other["text"])
        self.assertEqual(len(self._get_planned()), 1)

    def test_a_call_that_was_made_does_not_keep_from_another(self):
        self._plan()
        self._get_planned().with_user(self.user).action_feedback("Spoken")
        self.assertTrue(self._plan()["is_new"])

    def test_the_first_of_several_calls_is_told(self):
        for days in (9, 2, 5):
            self.customers[0].activity_schedule(
                "mail.mail_activity_data_call",
                self.today + timedelta(days=days),
                user_id=self.user.id,
            )
        day = self._dashboard(self.user)._day(self.today + timedelta(days=2))
        self.assertIn(day, self._rows()[self.customers[0].id])

    def test_nobody_plans_to_call_the_customer_of_another(self):
        with self.assertRaises(AccessError):
            self._plan(7)
        stranger = self._create_user("calls-stranger", "base.group_user")
        with self.assertRaises(AccessError):
            self._plan(0, stranger)
        with self.assertRaisesRegex(UserError, "no such customer"):
            self._dashboard(self.user).plan_call("garbage")

    def test_who_is_held_out_is_named_to_their_salesperson_and_not_called(self):
        self._hold_out(0)
        self.assertNotIn(self.customers[0].id, self._rows())
        [note] = self._card("calls", self.user, role="account")["notes"]
        self.assertIn(note["text"], self._read_texts(self.user, role="account"))
        self.assertIn(self.customers[0].name, note["text"])
        self.assertEqual(self._count_behind(note["target"], self.user), 1)
        with self.assertRaisesRegex(UserError, "Do not call"):
            self._plan()
        self.assertFalse(self._get_planned())
        self.assertFalse(self._card("calls", self.officer, role="account")["notes"])

    def test_who_waits_for_an_answer_can_be_called_from_the_page_of_service(self):
        self.env["logistics.case"].create(
            {
                "name": "Late again",
                "partner_id": self.customers[0].id,
                "company_id": self.company.id,
                "kind": "complaint",
            }
        )
        [row] = self._card("case_risks", self.user, role="service")["rows"]
        self.assertEqual(row["call"], {"partner": self.customers[0].id, "planned": ""})

    def test_the_portrait_says_whether_a_call_is_planned(self):
        portrait = self.env["logistics.portrait"].with_user(self.user).with_company(self.company)
        customer = self.customers[0]
        self.assertEqual(portrait.get_data(customer.id)["call"]["planned"], "")
        told = self._plan()["text"]
        self.assertEqual(portrait.get_data(customer.id)["call"]["planned"], told)
        self._hold_out(1)
        self.assertFalse(portrait.get_data(self.customers[1].id)["call"])

    def _read_texts(self, user, **kwargs):
        """Return the texts of the workbook of a page."""
        file = self._dashboard(user).get_xlsx(**kwargs)
        with zipfile.ZipFile(io.BytesIO(base64.b64decode(file["content"]))) as book:
            return html.unescape(book.read("xl/sharedStrings.xml").decode())

    # ------------------------------------------------------------ places

    def _places(self, user, role="management"):
        cards = self._get_data(user, role=role, months=6, segment_id=self.risk.id)["cards"]
        return {card["key"]: card["place"] for card in cards if card["empty"]}

    def test_what_is_missing_leads_to_its_place_for_who_may_go_there(self):
        miner = self._create_user("calls-miner", "logistics_crm_mining.group_mining_manager")
        places = self._places(miner)
        tasks = self.env.ref("logistics_crm_mining.action_logistics_mining_task")
        self.assertEqual(places["segments"]["action"], tasks.id)
        manager = self._create_user("calls-manager", "logistics_crm.group_logistics_manager")
        history = self.env.ref("logistics_crm.menu_history_import").sudo().action
        self.assertEqual(self._places(manager)["concentration"]["action"], history.id)

    def test_nobody_is_led_where_they_may_not_go(self):
        places = self._places(self.officer)
        self.assertIn("segments", places)
        self.assertEqual(set(places.values()), {False})
