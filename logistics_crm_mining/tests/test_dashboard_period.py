from datetime import datetime, timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .dashboard_common import DashboardCase


@tagged("post_install", "-at_install")
class TestDashboardPeriod(DashboardCase):
    """A page about the reader's own dates: all that is of a period follows them."""

    def _dates(self, first, last, **kwargs):
        """Return the arguments for the days so many days ago."""
        days = (self.today - timedelta(days=ago) for ago in (first, last))
        return dict(zip(("date_from", "date_to"), map(str, days), strict=True)) | kwargs

    def test_both_days_belong_to_the_period(self):
        for first, last, revenue in ((30, 30, 1000.0), (29, 0, 0.0), (90, 31, 0.0)):
            with self.subTest(first=first, last=last):
                dates = self._dates(first, last)
                figure = self._figures(**dates)["Revenue"]
                self.assertAlmostEqual(figure["value"], revenue)
                self.assertEqual(self._count_behind(figure["target"]), 10 if revenue else 0)
                self.assertEqual(self._get_data(**dates)["period"]["date_from"], dates["date_from"])

    def test_the_period_before_is_as_long(self):
        self.assertEqual(self._figures(**self._dates(0, 0))["Revenue"]["change"], "")
        old = self._figures(**self._dates(499, 0))["Revenue"]
        self.assertEqual(old["change"], "+300%")

    def test_without_a_last_day_it_ends_today_and_without_a_first_one_it_has_the_months(self):
        first = str(self.today - timedelta(days=30))
        period = self._get_data(date_from=first)["period"]
        self.assertEqual((period["date_from"], period["date_to"]), (first, str(self.today)))
        last = self.today - timedelta(days=400)
        figures = self._figures(months=6, date_to=str(last))
        self.assertAlmostEqual(figures["Revenue"]["value"], 250.0)

    def test_sales_by_month_are_of_the_days_alone(self):
        self.customers[:5].user_id = self.user
        dates = self._dates(600, 400, role="account")
        self.assertEqual(list(self._points("sales", self.user, **dates).values()), [250.0])
        [target] = self._card("sales", self.user, **dates)["chart"]["targets"]
        self.assertEqual(self._count_behind(target, self.user), 1)
        curve = self._points("concentration", **self._dates(600, 400))
        self.assertEqual(curve, {"100%": 1.0})

    def test_a_first_month_that_is_not_whole_is_said_to_be_so(self):
        self.customers[:5].user_id = self.user
        day = self.today - timedelta(days=30)
        lines = self.env["logistics.sales.history"].sudo()
        lines = lines.search([("partner_id", "in", self.customers.ids), ("date", "=", day)])
        lines.write({"promised_date": day, "delivered_date": day})
        self.env.flush_all()
        for first in (day, day.replace(day=1), min(day, day.replace(day=2))):
            dates = {"date_from": str(first), "date_to": str(self.today)}
            for key, reader, role in (
                ("sales", self.user, "account"),
                ("delivery", self.officer, "management"),
            ):
                with self.subTest(key=key, first=first):
                    card = self._card(key, reader, role=role, **dates)
                    self.assertTrue(card["chart"])
                    month, since = self._dashboard()._month(first), self._dashboard()._day(first)
                    note = f"{month} counts from {since} only."
                    self.assertEqual(card["notes"], [] if first.day == 1 else [note])

    def test_moves_and_changes_are_of_the_days_alone(self):
        moved = {"segment_id": self.champion.id, "segment_move": "up"}
        values = {"company_id": self.company.id, "kind": "churn_high", "is_current": True}
        for number, ago in enumerate((0, 5, 6, 400)):
            day = self.today - timedelta(days=ago)
            self.scored[number].write({**moved, "segment_since": day})
            self.env["logistics.mining.change"].create(
                {**values, "partner_id": self.customers[number].id, "found": day}
            )
        dates = self._dates(6, 5)
        for key in ("moves", "changes"):
            self.assertEqual(next(iter(self._points(key, **dates).values())), 2, key)
            self.assert_counts_lead_to_their_records(key, **dates)

    def test_a_case_belongs_to_the_day_on_which_the_reader_has_it(self):
        self.officer.tz = "Asia/Shanghai"  # eight hours before UTC
        self.env["logistics.case"].create(
            {
                "name": "At night",
                "partner_id": self.customers[0].id,
                "company_id": self.company.id,
                "kind": "complaint",
                "date_received": datetime(2024, 3, 9, 17),  # the 10th there
            }
        )
        for day, count in (("2024-03-09", 0), ("2024-03-10", 1), ("2024-03-11", 0)):
            dates = {"role": "service", "date_from": day, "date_to": day}
            figure = self._figures(**dates)["Cases received"]
            self.assertEqual(figure["value"], count, day)
            self.assertEqual(self._count_behind(figure["target"]), count, day)

    def test_the_workbook_is_of_the_same_days(self):
        dates = self._dates(29, 0)
        period = self._get_data(**dates)["period"]
        texts = dict(self._dashboard()._get_filters(self._get_data(**dates)))
        self.assertEqual(texts["Period"], f"{period['from']} – {period['to']}")
        self.assertTrue(self._dashboard().get_xlsx(**dates)["content"])
        with self.assertRaisesRegex(UserError, "date_to"):
            self._dashboard().get_xlsx(date_to="yesterday")

    def test_days_that_are_none_are_refused_by_name(self):
        bad = ("yesterday", "2026-02-30", "0001-01-01", "9999-12-31", 5, True, [1])
        for name in ("date_from", "date_to"):
            for value in bad:
                with self.subTest(name=name, value=value), self.assertRaisesRegex(UserError, name):
                    self._get_data(**{name: value})

    def test_a_period_that_ends_before_it_begins_is_refused(self):
        with self.assertRaisesRegex(UserError, "date_from"):
            self._get_data(**self._dates(3, 4))
