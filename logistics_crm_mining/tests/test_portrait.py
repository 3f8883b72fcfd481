import json
from datetime import date, timedelta

from odoo.tests import tagged
from odoo.tools import SQL, format_date

from .portrait_common import PortraitCase


@tagged("post_install", "-at_install")
class TestPortrait(PortraitCase):
    """The page tells when, how much and what a customer buys, with the records behind it."""

    def test_customer_without_orders_reads_what_to_do(self):
        data = self._get_data()
        self.assertEqual(self._sentences(), ["They have not ordered yet."])
        for card in data["cards"]:
            self.assertTrue(card["question"].endswith("?"), card["question"])
            self.assertTrue(card["empty"], card["key"])
            self.assertFalse(card["chart"], card["key"])

    def test_months_are_written_as_the_language_of_the_reader_does(self):
        portrait = self._portrait()
        self.assertEqual(portrait._month(date(2024, 12, 1)), "Dec 2024")
        self.env["res.lang"]._activate_lang("zh_CN")
        chinese = portrait.with_context(lang="zh_CN")
        self.assertEqual(chinese._month(date(2024, 12, 1)), "2024年12月")
        self.assertEqual(chinese._write_day(date(2024, 12, 1), "MMMd"), "12月1日")

    def test_the_customers_of_the_kanban_lead_to_their_portrait(self):
        view = self.env.ref("logistics_crm.view_logistics_customer_kanban")
        arch = self.env["res.partner"].with_user(self.user).get_view(view.id, "kanban")["arch"]
        self.assertIn('name="action_open_portrait"', arch)

    def test_two_orders_make_no_rhythm(self):
        self._order(40, 10)
        answer = self._card("rhythm")["answer"]
        self.assertIn("3 days with orders are needed to see a rhythm; there are 2.", answer)

    def test_rhythm_is_the_median_gap_of_the_days_with_orders(self):
        self._order(110, 85, 60, 40, 15, 15)  # gaps of 25, 25, 20, 25 days
        card = self._card("rhythm")
        self.assertIn("about every 25 days", card["answer"])
        self.assertIn("15 days ago", card["answer"])
        expected = format_date(self.env, self.today + timedelta(days=10))
        self.assertIn(f"The next is expected on {expected}", card["answer"])

    def test_one_day_is_written_as_one(self):
        self._order(*range(1, 9))
        answer = self._card("rhythm")["answer"]
        day = format_date(self.env, self.today - timedelta(days=1))
        self.assertIn(f"They order about every day, last on {day}, 1 day ago.", answer)
        words = self.env["logistics.mining.reason"].with_user(self.user)
        for reason, told in (
            ({"code": "recency", "days": 1, "rank": 5}, "Last order 1 day before 03/02/2026: "),
            ({"code": "overdue", "days": 1200, "usual_days": 1}, "Silent for 1,200 days up to"),
            (
                {"code": "churn_rhythm", "days": 2, "usual_days": 1, "effect": 1},
                "Orders about every day, last one 2 days before 03/02/2026. Raises the risk.",
            ),
        ):
            with self.subTest(code=reason["code"]):
                self.assertIn(told, words._render(reason, self.company, date(2026, 3, 2)))

    def test_silence_of_more_than_three_gaps_comes_first(self):
        self._order(200, 220, 240, 260)
        self.assertEqual(
            self._sentences()[0], "Silent for 200 days; they usually order every 20 days."
        )

    def test_returns_lower_the_month_and_are_no_orders(self):
        day = self.today.day  # all within one month
        self._order(day, amount=300.0)
        self._order(day, amount=-40.0, quantity=-1.0)
        chart = self._card("rhythm")["chart"]
        self.assertEqual(sum(chart["series"][0]["data"]), 260.0)
        self.assertEqual(chart["hints"][-2], "Orders: 1")
        rows = self._card("amounts")["rows"]
        self.assertEqual([row["cells"][1] for row in rows[:2]], ["$\xa0260", "1"])

    def test_a_column_leads_to_exactly_its_lines(self):
        self._order(3, 70, 71, 300, 500, amount=10.0)
        self._order(70, customer=self.customers[1], amount=1000.0)
        self._order(70, company=self.other_company, amount=1000.0)
        chart = self._card("rhythm")["chart"]
        for target, amount in zip(chart["targets"], chart["series"][0]["data"], strict=True):
            [(found,)] = self.facts._read_group(target["domain"], aggregates=["amount:sum"])
            self.assertEqual(found or 0.0, amount, target["name"])
        self.assertEqual(sum(chart["series"][0]["data"]), 50.0)

    def test_weekdays_say_on_which_days_most_orders_come(self):
        weekday = self.today.weekday()
        self._order(*range(7, 98, 7))  # thirteen orders on the weekday of today
        self._order(8)
        card = self._card("weekdays")
        name = format_date(self.env, self.today, date_format="EEEE")
        self.assertIn(f"Mostly on {name}: 93% of 14 orders", card["answer"])
        counts = card["chart"]["series"][0]["data"]
        self.assertEqual(counts[weekday], 13)
        for target, count in zip(card["chart"]["targets"], counts, strict=True):
            self.assertEqual(self._count_behind(target), count, target["name"])

    def test_a_season_is_a_month_with_clearly_more_orders(self):
        month = (self.today - timedelta(days=60)).replace(day=15)
        days = (self.today - month).days
        self._order(*[*range(days - 5, days + 5)] * 2, 200, 230, 300, 330)
        card = self._card("season")
        self.assertIn(format_date(self.env, month, date_format="LLLL"), card["answer"])
        counts = card["chart"]["series"][0]["data"]
        for target, count in zip(card["chart"]["targets"], counts, strict=True):
            self.assertEqual(self._count_behind(target), count, target["name"])

    def test_even_orders_are_no_season(self):
        self._order(*range(10, 700, 23))
        self.assertTrue(self._card("season")["answer"].startswith("No:"))

    def test_typical_order_is_the_median_beside_the_year_before(self):
        self._order(10, 20, 30, amount=100.0)
        self._order(40, amount=5000.0)
        self._order(400, 500, amount=1000.0)
        card = self._card("amounts")
        self.assertIn("A typical order: $\xa0100,", card["answer"])
        revenue, orders = card["rows"][0]["cells"], card["rows"][1]["cells"]
        self.assertEqual(revenue[1:], ["$\xa05,300", "$\xa02,000", "+165%"])
        self.assertEqual(orders[1:], ["4", "2", "+100%"])
        self.assertEqual(self._count_behind(card["target"]), 4)

    def test_less_revenue_is_told_before_more(self):
        self._order(10, 20, amount=100.0)
        self._order(400, 420, amount=500.0)
        self.assertIn(
            "Bought for $\xa0200 in 12 months, 80% less than in the year before.",
            self._sentences(),
        )

    def test_more_returned_than_bought_is_said_in_a_sentence_of_its_own(self):
        self._order(10, amount=100.0)
        self._order(12, amount=-450.0, quantity=-1.0)
        self._order(400, amount=1000.0)
        self.assertIn(
            "In 12 months they returned more than they bought: $\xa0350 more.", self._sentences()
        )
        self.assertEqual(self._card("amounts")["rows"][0]["cells"][3], "–")

    def test_a_year_of_returns_before_is_not_called_a_year_of_nothing(self):
        self._order(10, amount=100.0)
        self._order(400, amount=50.0)
        self._order(402, amount=-80.0, quantity=-1.0)
        sentences = " ".join(self._sentences())
        self.assertIn("in the year before they returned more than they bought", sentences)

    def test_shares_say_which_goods_are_not_counted(self):
        for name, amount in (("Pallets", 300.0), ("Freight", 100.0), ("Labels", -50.0)):
            category = self.env["product.category"].create({"name": name})
            product = self._create_product(name, categ_id=category.id)
            self._order(10, product=product, amount=amount, quantity=1.0 if amount > 0 else -1.0)
        card = self._card("categories")
        self.assertIn("75% of $\xa0400", card["answer"])
        [note] = [one for one in card["notes"] if "Not counted" in one]
        self.assertIn("more of it was returned than bought: Labels.", note)

    def test_categories_say_what_is_new_and_what_is_no_longer_bought(self):
        names = ("Pallets", "Freight", "Labels")
        pallets, freight, labels = (
            self._create_product(
                name, categ_id=self.env["product.category"].create({"name": name}).id
            )
            for name in names
        )
        self._order(5, 400, amount=300.0, product=pallets)
        self._order(400, 420, 440, amount=900.0, product=freight)
        self._order(6, amount=100.0, product=labels)
        card = self._card("categories")
        self.assertEqual(card["chart"]["labels"], ["Pallets", "Labels"])
        self.assertEqual(card["chart"]["series"][0]["data"], [0.75, 0.25])
        self.assertEqual(
            card["notes"],
            [
                "New in 12 months: Labels.",
                "Bought regularly in the year before, and not since: Freight.",
            ],
        )
        self.assertEqual([self._count_behind(one) for one in card["chart"]["targets"]], [1, 1])

    def test_products_stand_in_where_there_are_no_categories(self):
        self._order(5, amount=10.0)
        self._order(6, amount=90.0, product=self._create_product("Box"))
        self.assertEqual(self._card("categories")["chart"]["labels"], ["Box", "Pallet place"])

    def test_late_deliveries_are_counted_and_come_first(self):
        self._order(*range(10, 50, 2))
        self.env.cr.execute(
            SQL(
                """UPDATE logistics_sales_history SET promised_date = date + 2,
                delivered_date = date + CASE WHEN date > %s THEN 4 ELSE 1 END
                WHERE partner_id = %s""",
                self.today - timedelta(days=20),
                self.customer.id,
            )
        )
        card = self._card("delivery")
        self.assertIn("75% of 20 lines came on time", card["answer"])
        self.assertIn("We delivered late: 25% of 20 lines in 12 months.", self._sentences())
        counts = [self._count_behind(target) for target in card["chart"]["targets"]]
        self.assertEqual([f"Lines: {count}" for count in counts], card["chart"]["hints"])
        self.assertEqual(sum(counts), 20)

    def test_ways_to_reach_us_are_counted(self):
        self._order(5, 6)
        # the service of the company comes with it; cases and calls are the customer's own
        self.env["logistics.case"].create(
            [
                {
                    "name": f"Broken pallet {number}",
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "channel": channel,
                }
                for number, channel in enumerate(("phone", "phone", "visit"))
            ]
        )
        self.env["logistics.call"].create(
            {"number": "1234", "partner_id": self.customer.id, "company_id": self.company.id}
        )
        card = self._card("channels")
        found = dict(zip(card["chart"]["labels"], card["chart"]["series"][0]["data"], strict=True))
        self.assertEqual(found["Cases: Phone"], 2)
        self.assertEqual(found["Cases: Visit"], 1)
        self.assertEqual(found["Call"], 1)
        self.assertEqual(found["Orders: Imported history"], 2)
        for label, target in zip(card["chart"]["labels"], card["chart"]["targets"], strict=True):
            self.assertEqual(self._count_behind(target), found[label], label)
        self.assertIn(["Open cases", "3"], card["facts"])

    def test_orders_signed_online_are_counted(self):
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "user_id": self.user.id,
                    "state": "sale",
                    "signed_on": signed,
                }
                for signed in (self.today, False)
            ]
        )
        self.assertEqual(orders.mapped("state"), ["sale", "sale"])
        self.assertIn(["Orders signed online", "1"], self._card("channels")["facts"])

    def test_three_sentences_at_most_open_the_page(self):
        self._order(200, 220, 240, 260)
        product = self._create_product("Due pallet")
        self._order(25, 45, 65, 85, product=product)
        self._order(400, amount=9000.0)
        self.assertEqual(len(self._sentences()), 3)

    def test_header_says_who_serves_them_and_the_newest_touch(self):
        employee = self.env["hr.employee"].create(
            {"name": "Mira Holt", "company_id": self.company.id}
        )
        role = self.env["logistics.account.role"].create({"name": "Planner", "code": "portrait"})
        self.env["logistics.account.member"].create(
            {
                "partner_id": self.customer.id,
                "role_id": role.id,
                "employee_id": employee.id,
                "company_id": self.company.id,
            }
        )
        self.env["logistics.call"].create(
            {
                "number": "1234",
                "note": "Asked for pallets",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
            }
        )
        lines = dict(self._get_data()["header"]["lines"])
        self.assertEqual(lines["Account team"], "Mira Holt (Planner)")
        self.assertIn("Asked for pallets", lines["Newest touch"])

    def test_sales_of_another_company_are_not_told(self):
        companies = self.company + self.other_company
        self.user.company_ids = companies
        self._order(10, 20, 30, company=self.other_company)
        self._order(15, 25, 35, company=self.other_company, customer=self.customers[1])
        segment = self.env.ref("logistics_crm_mining.segment_champion")
        self.customers.with_company(self.company).write({"segment_id": segment.id})
        portrait = self._portrait().with_context(allowed_company_ids=companies.ids)
        cards = {card["key"]: card for card in portrait.get_data(self.customer.id)["cards"]}
        for key in ("offer", "rhythm", "weekdays", "amounts", "categories", "delivery"):
            self.assertTrue(cards[key]["empty"], key)
        portrait = portrait.with_context(allowed_company_ids=companies[::-1].ids)
        data = portrait.get_data(self.customer.id)
        self.assertEqual(data["header"]["company"], self.other_company.name)
        self.assertIn("about every 10 days", data["cards"][1]["answer"])

    def test_a_contact_stands_for_its_company(self):
        self._order(10, 20, 30)
        contact = self.env["res.partner"].create(
            {"name": "Person", "parent_id": self.customer.id, "type": "contact"}
        )
        self.assertEqual(self._get_data(contact)["header"]["id"], self.customer.id)
        action = contact.with_user(self.user).action_open_portrait()
        self.assertEqual(action["context"], {"active_id": self.customer.id})

    def test_an_archived_customer_is_shown_and_marked(self):
        self._order(10, 20, 30)
        self.customer.active = False
        self.assertIn(["State", "archived"], self._get_data()["header"]["badges"])
        self.assertTrue(self._card("rhythm")["answer"])

    def test_the_page_is_plain_json(self):
        self._order(*range(5, 700, 20))
        data = self._get_data()
        self.assertEqual(json.loads(json.dumps(data)), data)
        self.assertNotIn("nan", json.dumps(data).lower().replace("finance", ""))

    def _count_queries(self):
        for _warm in range(2):  # rules of what only an emptied cache reads are found by the second
            self._get_data()
            self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._get_data()
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow_with_orders(self):
        self._order(*range(25, 700, 20))
        few = self._count_queries()
        self._order(*list(range(24, 704)) * 5)
        self.assertEqual(self._count_queries(), few)
        self.assertLessEqual(few, 40)
