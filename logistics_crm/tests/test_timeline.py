from datetime import datetime, timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from odoo.addons.logistics_crm.models.logistics_timeline import PART_STEP

from .profile_common import ProfileMixin


@tagged("post_install", "-at_install")
class TestTimeline(ProfileMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_users()
        cls.timeline = cls.env["logistics.timeline"]
        cls.customer = cls._create_customer("Touched", user_id=cls.user.id)
        cls.contact = cls.env["res.partner"].create(
            {"name": "Ann", "parent_id": cls.customer.id, "email": "ann@example.com"}
        )
        cls.foreign = cls._create_customer("Foreign", user_id=cls.other_user.id)

    def _get_touches(self, kind=None, customer=None, user=None):
        domain = [("commercial_partner_id", "=", (customer or self.customer).id)]
        if kind:
            domain.append(("kind", "=", kind))
        return self.timeline.with_user(user or self.env.user).search(domain)

    def test_what_people_write_to_each_other_is_a_touch(self):
        self.contact.with_user(self.user).message_post(
            body="The pallets leave today",
            subject="Pallets",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.customer.message_post(
            body="When?",
            author_id=self.contact.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        self.customer.message_post(body="A note for ourselves")
        theirs, ours = self._get_touches("mail")
        self.assertEqual((ours.title, ours.preview), ("Pallets", "The pallets leave today"))
        self.assertEqual((ours.partner_id, ours.user_id), (self.contact, self.user))
        self.assertEqual((theirs.title, theirs.preview), ("Touched", "When?"))
        self.assertFalse(theirs.user_id)

    def test_messages_on_leads_orders_invoices_and_cases_are_touches_of_the_customer(self):
        documents = [
            self.env["crm.lead"].create({"name": "Lead", "partner_id": self.contact.id}),
            self.env["sale.order"].create({"partner_id": self.contact.id}),
            self.env["account.move"].create(
                {"move_type": "out_invoice", "partner_id": self.contact.id}
            ),
            self.env["logistics.case"].create({"name": "Late", "partner_id": self.contact.id}),
        ]
        for document in documents:
            document.message_post(
                body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment"
            )
        found = {(touch.res_model, touch.res_id) for touch in self._get_touches("mail")}
        self.assertEqual(found, {(document._name, document.id) for document in documents})

    def test_a_done_activity_is_a_touch_with_its_time_and_who_did_it(self):
        activity = self.customer.with_user(self.user).activity_schedule(
            "mail.mail_activity_data_todo", summary="Visit", user_id=self.user.id
        )
        self.assertFalse(self._get_touches("activity"))
        activity.action_feedback(feedback="They want a quotation")
        touch = self._get_touches("activity")
        self.assertEqual(touch.user_id, self.user)
        self.assertIn("They want a quotation", touch.preview)
        self.assertLess(fields.Datetime.now() - touch.date, timedelta(minutes=1))

    def test_a_meeting_counts_once_per_customer(self):
        second = self.env["res.partner"].create({"name": "Bob", "parent_id": self.customer.id})
        attendees = self.contact + second + self.foreign + self.user.partner_id
        values = {
            "name": "Contract",
            "start": datetime(2026, 3, 2, 9),
            "stop": datetime(2026, 3, 2, 10),
            "user_id": self.user.id,
            "partner_ids": [Command.set(attendees.ids)],
        }
        events = self.env["calendar.event"]
        meeting = events.create(values)
        events.create({**values, "name": "Secret", "privacy": "private"})
        for customer in (self.customer, self.foreign):
            touch = self._get_touches("meeting", customer)
            self.assertEqual((touch.title, touch.res_id), ("Contract", meeting.id))
            self.assertEqual((touch.user_id, touch.date), (self.user, datetime(2026, 3, 2, 9)))

    def test_leads_quotations_and_orders_are_touches(self):
        self.env["crm.lead"].create({"name": "Pallets", "partner_id": self.contact.id})
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": self.contact.id,
                    "order_line": [
                        Command.create({"product_id": self.transport.id, "price_unit": 50})
                    ],
                }
                for _number in range(3)
            ]
        )
        orders[0].action_confirm()
        orders[1].action_cancel()
        self.assertEqual(self._get_touches("lead").title, "Pallets")
        self.assertEqual(self._get_touches("order").res_id, orders[0].id)
        self.assertEqual(self._get_touches("order").amount, 50)
        self.assertEqual(self._get_touches("quotation").res_id, orders[2].id)

    def test_an_imported_order_is_one_touch_with_its_whole_amount(self):
        first = self._add_orders(self.customer, [10], 30)
        first.copy({"line_ref": "2", "amount_company": 12})
        touch = self._get_touches("order")
        self.assertEqual((touch.title, touch.amount), (first.order_ref, 42))
        self.assertTrue(touch.is_day)
        self.assertEqual(touch.date.date(), first.date)

    def test_cases_calls_and_ratings_are_touches(self):
        case = self.env["logistics.case"].create({"name": "Late", "partner_id": self.contact.id})
        self.env["logistics.call"].create(
            {"number": "+3291234567", "partner_id": self.contact.id, "user_id": self.user.id}
        )
        rating = self.env["rating.rating"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("logistics.case"),
                "res_id": case.id,
                "rating": 4,
                "feedback": "Fine",
                "consumed": True,
            }
        )
        self.assertEqual(self._get_touches("case").title, f"{case.code} Late")
        self.assertEqual(self._get_touches("call").user_id, self.user)
        touch = self._get_touches("rating")
        self.assertEqual((touch.source_id, touch.res_id), (rating.id, case.id))
        self.assertIn("Fine", touch.title)

    def test_branches_and_contacts_are_touched_as_their_company(self):
        branch = self.env["res.partner"].create(
            {"name": "Depot", "type": "delivery", "parent_id": self.customer.id}
        )
        self.env["logistics.case"].create(
            [
                {"name": "One", "partner_id": branch.id},
                {"name": "Two", "partner_id": self.contact.id},
            ]
        )
        self.assertEqual(len(self._get_touches("case")), 2)

    def test_a_touch_opens_its_document(self):
        case = self.env["logistics.case"].create({"name": "Late", "partner_id": self.contact.id})
        touch = self._get_touches("case", user=self.user)
        action = touch.action_open_document()
        self.assertEqual((action["res_model"], action["res_id"]), ("logistics.case", case.id))

    def test_who_may_not_open_the_document_is_told_so(self):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2026-01-15",
                "invoice_line_ids": [
                    Command.create({"product_id": self.transport.id, "price_unit": 50})
                ],
            }
        )
        invoice.action_post()
        invoice.invoice_user_id = self.other_user
        touch = self._get_touches("invoice", user=self.user)
        self.assertEqual(touch.amount, 50)
        if invoice.with_user(self.user).has_access("read"):
            self.assertEqual(touch.action_open_document()["res_id"], invoice.id)
        else:
            with self.assert_refused(AccessError, "account team"):
                touch.action_open_document()

    def test_user_sees_touches_of_own_customers_and_portal_none(self):
        cases = self.env["logistics.case"].create(
            [
                {"name": "Mine", "partner_id": self.contact.id},
                {"name": "Foreign", "partner_id": self.foreign.id},
            ]
        )
        domain = [("kind", "=", "case"), ("res_id", "in", cases.ids)]
        self.assertEqual(self.timeline.with_user(self.user).search(domain).res_id, cases[0].id)
        self.assertEqual(self.timeline.with_user(self.officer).search_count(domain), 2)
        self.portal_user.partner_id.parent_id = self.customer
        for user in (self.portal_user, self.internal_user):
            with self.assertRaises(AccessError):
                self.timeline.with_user(user).search(domain)
        foreign = self.timeline.search([("res_id", "=", cases[1].id), ("kind", "=", "case")])
        with self.assertRaises(AccessError):
            foreign.with_user(self.user).read(["title"])

    def test_touches_of_another_company_stay_with_it(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self._add_orders(self.customer, [10], company=elsewhere)
        self.assertFalse(self._get_touches("order", user=self.officer))
        self.assertTrue(self._get_touches("order"))

    def test_a_page_costs_the_same_however_long_the_history(self):
        self._add_orders(self.customer, range(1, 200))
        self._add_orders(self.foreign, range(1, 3))
        officer = self.timeline.with_user(self.officer)
        for customer in (self.foreign, self.customer):
            self.env.flush_all()
            self.env.invalidate_all()
            domain = [("commercial_partner_id", "=", customer.id)]
            officer.search(domain, limit=1)  # the rules are cached per registry
            self.env.invalidate_all()
            with self.assertQueryCount(3):
                officer.search_read(domain, ["title", "kind", "date", "preview"], limit=40)

    def test_a_record_is_found_by_the_keys_of_its_part(self):
        touches = self._add_orders(self.customer, [1, 2]) and self._get_touches("order")
        self.assertEqual(
            {touch.source_id for touch in touches}, {t.id // PART_STEP for t in touches}
        )
        self.assertEqual(touches.exists(), touches)
        found = self.timeline.search([("id", "in", touches.ids)])
        self.assertEqual(found, touches)
        self.env.invalidate_all()
        self.assertEqual(touches[0].kind, "order")

    def test_every_part_reaches_the_customer_by_an_index(self):
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute(
            """EXPLAIN SELECT id FROM logistics_timeline WHERE commercial_partner_id = %s
            ORDER BY date DESC LIMIT 40""",
            (self.customer.id,),
        )
        plan = "\n".join(row[0] for row in self.env.cr.fetchall())
        small = ("mail_message_subtype", "res_company", "res_users")
        scans = [line for line in plan.splitlines() if "Seq Scan" in line]
        self.assertFalse([line for line in scans if not any(name in line for name in small)], plan)
