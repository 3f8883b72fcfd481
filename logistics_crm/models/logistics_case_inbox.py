import re
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_domain_extract, email_normalize, html2plaintext

from ..tools import likeness

# what speaks for a customer, the best first
CODE, ORDER, ADDRESS, NUMBER, DOMAIN, NAME = 100, 90, 80, 70, 50, 30
# a domain of more customers than this is that of a mail provider
MOST_OF_A_DOMAIN = 5
MOST_TEXT = 5000
LEAST_LIKENESS = 0.6
DOCUMENT_NUMBER = re.compile(r"\b(?=\w*\d)\w[\w/-]{2,30}\b")


class LogisticsCase(models.Model):
    """Cases that nobody is certain to have sent: who it may be, and by which evidence."""

    _inherit = "logistics.case"

    suggested_partner_id = fields.Many2one(
        "res.partner", string="Suggestion", compute="_compute_suggestion"
    )
    suggestion_reason = fields.Char(string="Because", compute="_compute_suggestion")

    @api.depends("partner_id", "partner_email", "partner_phone", "partner_name")
    def _compute_suggestion(self):
        """Show the best suggestion of each case in the list: a few queries for the page."""
        suggestions = self._get_suggestions()
        for case in self:
            best = (suggestions.get(case) or [(False, False, 0)])[0]
            case.suggested_partner_id, case.suggestion_reason = best[:2]

    def _get_suggestions(self):
        """Return who may have sent the cases that have no customer.

        Returns
        -------
        dict[logistics.case, list of (res.partner, str, int)]
            Partner, reason in the user's language and weight; the best first, each customer once.
            The number of queries does not grow with the number of cases.
        """
        found = defaultdict(list)
        unknown = self.filtered(lambda case: not case.partner_id)
        if unknown:
            unknown._suggest_by_codes(found)
            unknown._suggest_by_contact(found)
            unknown._suggest_by_domain(found)
            unknown._suggest_by_name(found)
        return {case: self._rank_suggestions(found[case]) for case in unknown}

    @api.model
    def _rank_suggestions(self, suggestions):
        ranked = {}
        for partner, reason, weight in sorted(suggestions, key=lambda row: -row[2]):
            ranked.setdefault(partner.commercial_partner_id, (partner, reason, weight))
        return list(ranked.values())

    def _suggest_by_codes(self, found):
        """Look for codes of customers and cases and for order numbers in the texts."""
        texts = {case: case._get_text_of_sender() for case in self}
        customers = {case: self._find_codes(text, "res.partner") for case, text in texts.items()}
        cases = {case: self._find_codes(text, self._name) for case, text in texts.items()}
        by_code = self._map_records("res.partner", "customer_code", customers)
        by_case = self._map_records(self._name, "code", cases)
        numbers = {case: set(DOCUMENT_NUMBER.findall(text)) for case, text in texts.items()}
        by_order = self._map_records("sale.order", "name", numbers)
        for case in self:
            for code in customers[case]:
                if partner := by_code.get(code):
                    found[case].append((partner, self.env._("code %s", code), CODE))
            for code in cases[case]:
                if (other := by_case.get(code)) and other.partner_id:
                    found[case].append((other.partner_id, self.env._("case %s", code), CODE))
            for number in numbers[case]:
                if order := by_order.get(number):
                    found[case].append((order.partner_id, self.env._("order %s", number), ORDER))

    def _get_text_of_sender(self):
        self.ensure_one()
        return f"{self.name} {html2plaintext(self.description or '')}"[:MOST_TEXT]

    @api.model
    def _map_records(self, model, field, values):
        wanted = sorted({value for some in values.values() for value in some})
        records = self.env[model].search([(field, "in", wanted)]) if wanted else ()
        return {record[field]: record for record in records}

    def _suggest_by_contact(self, found):
        contacts = [{"email": case.partner_email, "phone": case.partner_phone} for case in self]
        for case, partners in zip(
            self, self.env["res.partner"]._find_by_contacts(contacts), strict=True
        ):
            email = email_normalize(case.partner_email or "")
            for partner in partners:
                if email and partner.email_normalized == email:
                    found[case].append((partner, self.env._("same address"), ADDRESS))
                else:
                    found[case].append((partner, self.env._("same number"), NUMBER))

    def _suggest_by_domain(self, found):
        domains = {case: email_domain_extract(case.partner_email or "") for case in self}
        customers = self.env["res.partner"]._find_by_email_domain(domains.values())
        for case, domain in domains.items():
            partners = customers.get(domain, ())
            if len(partners) <= MOST_OF_A_DOMAIN:
                for partner in partners:
                    found[case].append((partner, self.env._("addresses at %s", domain), DOMAIN))

    def _suggest_by_name(self, found):
        """Compare names; only for a single case, where they may take a search each."""
        names = {case: case._get_names_of_sender() for case in self}
        if len(self) == 1:
            words = likeness.get_search_words(*names[self])
            domain = Domain.OR(Domain("name", "ilike", word) for word in words)
        else:
            domain = Domain("name", "in", [name for some in names.values() for name in some])
        domain &= Domain("partner_share", "=", True)
        partners = self.env["res.partner"].search(domain, limit=200)
        for case in self:
            for partner in partners:
                ratio = max((likeness.compare(partner.name, n) for n in names[case]), default=0)
                if ratio >= LEAST_LIKENESS:
                    weight = NAME + int(ratio * 10)
                    found[case].append((partner, self.env._("a similar name"), weight))

    def _get_names_of_sender(self):
        self.ensure_one()
        domain = email_domain_extract(self.partner_email or "") or ""
        return list(filter(None, (self.partner_name, domain.rpartition(".")[0])))

    # ------------------------------------------------------------------ one click

    def action_assign_suggested(self):
        """Give the cases to the customers that are suggested for them."""
        for case in self:
            if not case.suggested_partner_id:
                raise UserError(
                    self.env._(
                        "Nothing tells who sent %(case)s. Choose the customer yourself.",
                        case=case.display_name,
                    )
                )
            case._assign_customer(case.suggested_partner_id)

    def action_choose_customer(self):
        """Open the suggestions, to choose one or another customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who Sent This?"),
            "res_model": "logistics.case.match",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_case_id": self.id},
        }

    def _assign_customer(self, partner, remember=False):
        """Give a case to a customer; with `remember`, keep the address as a contact of theirs."""
        self.ensure_one()
        email = email_normalize(self.partner_email or "")
        if remember and email and partner.email_normalized != email:
            partner = self.env["res.partner"].create(
                {
                    "name": self.partner_name or email,
                    "email": email,
                    "phone": self.partner_phone,
                    "parent_id": partner.commercial_partner_id.id,
                    "type": "contact",
                }
            )
        self.partner_id = partner
        # sudo: the author of what was said becomes known; the words stay as they are
        messages = self.message_ids.sudo().filtered(lambda message: not message.author_id)
        messages.filtered(
            lambda message: email and email_normalize(message.email_from or "") == email
        ).author_id = partner
        if not self.employee_id:
            self._route()
