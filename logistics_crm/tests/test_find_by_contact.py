from odoo.tests import TransactionCase, tagged

from .common import LogisticsUsersMixin


@tagged("post_install", "-at_install")
class TestFindByContact(LogisticsUsersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_users()
        cls.env.company.country_id = cls.env.ref("base.cn")
        cls.partners = cls.env["res.partner"]
        cls.velmora = cls._create_customer(
            "Velmora", email="Info@Velmora.example", phone="+44 20 7946 0018"
        )
        cls.ann = cls.partners.create(
            {"name": "Ann", "parent_id": cls.velmora.id, "email": "ann@velmora.example"}
        )
        cls.lotus = cls._create_customer("Lotus", phone="010 6552 9988")

    def test_address_is_found_in_any_spelling(self):
        for email in ("ann@velmora.example", '"Ann" <ANN@Velmora.Example>'):
            self.assertEqual(self.partners._find_by_contact(email=email), self.ann)

    def test_number_is_found_in_any_spelling(self):
        for number in ("+442079460018", "0044 20 7946 0018", "+44 (20) 7946-0018"):
            self.assertEqual(self.partners._find_by_contact(phone=number), self.velmora)

    def test_national_number_is_one_of_the_company_country(self):
        for number in ("+86 10 6552 9988", "01065529988"):
            self.assertEqual(self.partners._find_by_contact(phone=number), self.lotus)

    def test_number_that_no_country_has_is_found_by_its_digits(self):
        self.lotus.phone = "99-00-99/7"
        self.assertFalse(self.lotus.phone_sanitized)
        self.assertEqual(self.partners._find_by_contact(phone="9900997"), self.lotus)

    def test_extensions_and_withheld_numbers_find_nobody(self):
        self.lotus.phone = "204"
        for number in ("204", "anonymous", "", None):
            self.assertFalse(self.partners._find_by_contact(phone=number))

    def test_code_is_better_than_address_and_address_than_number(self):
        self.lotus.write({"email": "desk@lotus.example", "phone": self.velmora.phone})
        found = self.partners._find_by_contact(
            email="desk@lotus.example",
            phone=self.velmora.phone,
            code=self.velmora.customer_code.lower(),
        )
        self.assertEqual(found.ids, [self.velmora.id, self.lotus.id])
        found = self.partners._find_by_contact(email=self.lotus.email, phone=self.velmora.phone)
        self.assertEqual(found.ids, [self.lotus.id, self.velmora.id])

    def test_person_comes_before_the_company_with_the_same_address(self):
        self.ann.email = self.velmora.email
        found = self.partners._find_by_contact(email=self.velmora.email)
        self.assertEqual(found.ids, [self.ann.id, self.velmora.id])

    def test_address_of_two_customers_is_ambiguous(self):
        self.lotus.email = self.velmora.email
        contact = {"email": self.velmora.email}
        [(partner, candidates)] = self.partners._match_contacts([contact])
        self.assertFalse(partner)
        self.assertEqual(candidates, self.velmora + self.lotus)

    def test_number_decides_between_two_customers_with_one_address(self):
        self.lotus.email = self.velmora.email
        contact = {"email": self.velmora.email, "phone": self.lotus.phone}
        [(partner, _candidates)] = self.partners._match_contacts([contact])
        self.assertEqual(partner, self.lotus)

    def test_customer_is_meant_rather_than_somebody_else_with_the_address(self):
        stranger = self.partners.create({"name": "Stranger", "email": self.velmora.email})
        [(partner, candidates)] = self.partners._match_contacts([{"email": stranger.email}])
        self.assertEqual(partner, self.velmora)
        self.assertEqual(candidates.ids, [self.velmora.id, stranger.id])

    def test_colleagues_and_own_companies_are_no_callers(self):
        self.env.company.partner_id.phone = "+86 10 6552 0000"
        self.user.partner_id.write({"phone": "+86 10 6552 0000", "email": "mary@us.example"})
        self.assertFalse(self.partners._find_by_contact(phone="+86 10 6552 0000"))
        self.assertFalse(self.partners._find_by_contact(email="mary@us.example"))

    def test_customers_of_another_company_and_archived_ones_are_not_found(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.lotus.company_id = elsewhere
        self.velmora.active = False
        for partner in self.lotus + self.velmora:
            self.assertFalse(self.partners._find_by_contact(phone=partner.phone))
        found = self.partners.with_company(elsewhere)._find_by_contact(phone=self.lotus.phone)
        self.assertEqual(found, self.lotus)

    def test_user_finds_own_customers_only(self):
        self.lotus.user_id = self.user
        partners = self.partners.with_user(self.user)
        self.assertEqual(partners._find_by_contact(phone=self.lotus.phone), self.lotus)
        self.assertFalse(partners._find_by_contact(email=self.ann.email))

    def test_many_contacts_cost_as_many_queries_as_one(self):
        contacts = [{"email": f"a{n}@x.example", "phone": f"+86106552{n}"} for n in range(100)]
        contacts[7] = {"email": self.ann.email}
        self.env.flush_all()
        self.partners._find_by_contacts(contacts[:1])
        self.env.invalidate_all()
        with self.assertQueryCount(6):
            found = self.partners._find_by_contacts(contacts)
        self.assertEqual([match.ids for match in found if match], [self.ann.ids])
