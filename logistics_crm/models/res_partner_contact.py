from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize

from odoo.addons.phone_validation.models.mail_thread_phone import PHONE_REGEX_PATTERN

from ..tools import phone as phone_tools
from ..tools.code_format import normalize

MOST_FOUND = 200


class ContactKey(NamedTuple):
    """What one message or call tells of who it is from, in comparable form."""

    code: str | bool
    email: str | bool
    phones: frozenset


class ResPartner(models.Model):
    """Find who writes or calls by what every channel knows: address, number or code."""

    _inherit = "res.partner"

    email_normalized = fields.Char(index="btree_not_null")
    phone_sanitized = fields.Char(index="btree_not_null")

    _email_domain_idx = models.Index(
        "(split_part(email_normalized, '@', 2)) WHERE email_normalized IS NOT NULL"
    )

    @api.model
    def _find_by_contact(self, email=None, phone=None, code=None):
        """Return the partners with that address, number or customer code, best first.

        A code counts more than an address and that more than a number; then customers come
        before others, and persons before their company. Several customers may share an address:
        all of them are returned (see `_match_contacts`). Our own users and companies are not.

        Parameters
        ----------
        email, phone, code : str, optional
            As received, in any spelling. A national number is one of the company's country.

        Returns
        -------
        res.partner
            What the user may see of the company and of all companies.
        """
        return self._find_by_contacts([{"email": email, "phone": phone, "code": code}])[0]

    @api.model
    def _find_by_contacts(self, contacts):
        """Do the same as `_find_by_contact` for a list of dicts, in as many queries as for one."""
        keys = [self._prepare_contact_key(**contact) for contact in contacts]
        index = defaultdict(list)
        for partner in self._search_contacts(keys):
            for value in partner._get_contact_values():
                index[value].append(partner.id)
        return [self._pick_contacts(key, index) for key in keys]

    @api.model
    def _match_contacts(self, contacts):
        """Return the one partner (or none) whom each contact is certainly from.

        Where the candidates belong to several customers, the stronger evidence decides, and
        then whether only one of them is a customer. What that leaves open is ambiguous.

        Returns
        -------
        list of tuple
            (the partner or an empty recordset, all candidates best first) per contact.
        """
        keys = [self._prepare_contact_key(**contact) for contact in contacts]
        found = self._find_by_contacts(contacts)
        return [
            (candidates._choose_contact(key), candidates)
            for key, candidates in zip(keys, found, strict=True)
        ]

    def _choose_contact(self, key):
        left = self
        for is_evidence in (
            lambda partner: partner._has_contact_code(key),
            lambda partner: partner._has_contact_email(key),
            lambda partner: partner._has_contact_phone(key),
            lambda partner: partner.commercial_partner_id.customer_rank > 0,
        ):
            left = left.filtered(is_evidence) or left
            if len(left.commercial_partner_id) == 1:
                return left[0]
        return self.browse()

    @api.model
    def _find_by_email_domain(self, domains):
        """Return the customers with addresses at mail domains, by an index.

        Parameters
        ----------
        domains : iterable of str

        Returns
        -------
        dict[str, list of res.partner]
            The commercial partners per domain.
        """
        wanted = sorted({domain for domain in domains if domain})
        if not wanted:
            return {}
        self.flush_model(["email_normalized", "commercial_partner_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT split_part(email_normalized, '@', 2), commercial_partner_id
                     FROM res_partner
                    WHERE email_normalized IS NOT NULL AND active AND partner_share
                      AND split_part(email_normalized, '@', 2) = ANY(%s)
                    LIMIT 1000""",
                wanted,
            )
        )
        domain = Domain("id", "in", [partner_id for _domain, partner_id in rows])
        seen = self.search(domain & Domain("company_id", "in", [False, self.env.company.id]))
        found = defaultdict(list)
        for mail_domain, partner_id in rows:
            if partner_id in seen._ids:
                found[mail_domain].append(self.browse(partner_id))
        return found

    @api.model
    def _normalize_phone(self, number):
        """Return a number (str) as E.164 where it is a valid one, else its digits, or False."""
        dialled = phone_tools.clean(number)
        return dialled and (self.browse()._phone_format(number=dialled) or dialled)

    @api.model
    def _prepare_contact_key(self, email=None, phone=None, code=None):
        phones = phone_tools.get_spellings(phone_tools.clean(phone))
        phones |= phone_tools.get_spellings(self._normalize_phone(phone))
        return ContactKey(normalize(code), email_normalize(email or ""), frozenset(phones))

    def _get_contact_values(self):
        """Return what a key may hold of the partner, to find it by."""
        self.ensure_one()
        phones = {self.phone_sanitized, *phone_tools.get_spellings(phone_tools.clean(self.phone))}
        return {self.customer_code, self.email_normalized, *phones} - {False}

    @api.model
    def _search_contacts(self, keys):
        numbers = sorted(set().union(*(key.phones for key in keys)))
        known = [
            Domain("customer_code", "in", [key.code for key in keys if key.code]),
            Domain("email_normalized", "in", [key.email for key in keys if key.email]),
            Domain("phone_sanitized", "in", numbers),
            Domain("id", "in", self._search_unformatted_phones(numbers)),
        ]
        domain = Domain.AND(
            [
                Domain.OR(known),
                Domain("company_id", "in", [False, self.env.company.id]),
                Domain("partner_share", "=", True),
                Domain("commercial_partner_id.ref_company_ids", "=", False),
            ]
        )
        return self.search(domain, limit=MOST_FOUND * len(keys))

    @api.model
    def _search_unformatted_phones(self, numbers):
        """Return the ids of partners by numbers that Odoo could not format, by Odoo's index."""
        if not numbers:
            return []
        self.flush_model(["phone"])
        query = SQL(
            """SELECT id FROM res_partner
                WHERE phone IS NOT NULL
                  AND regexp_replace(phone::text, %s::text, ''::text, 'g'::text) = ANY(%s)""",
            PHONE_REGEX_PATTERN,
            numbers,
        )
        return [row[0] for row in self.env.execute_query(query)]

    @api.model
    def _pick_contacts(self, key, index):
        ids = {
            partner_id
            for value in (key.code, key.email, *key.phones)
            if value
            for partner_id in index.get(value, ())
        }
        return self.browse(ids).sorted(lambda partner: partner._get_contact_rank(key))

    def _get_contact_rank(self, key):
        return (
            not self._has_contact_code(key),
            not self._has_contact_email(key),
            not self._has_contact_phone(key),
            self.commercial_partner_id.customer_rank <= 0,
            self.is_company,
            self.id,
        )

    def _has_contact_code(self, key):
        return bool(key.code) and self.customer_code == key.code

    def _has_contact_email(self, key):
        return bool(key.email) and self.email_normalized == key.email

    def _has_contact_phone(self, key):
        return not key.phones.isdisjoint(self._get_contact_values())
