import logging
import time
import uuid

from odoo import http
from odoo.http import request
from odoo.tools import consteq, email_normalize
from odoo.tools import hmac as sign

from . import case_form
from .text_params import text_params

_logger = logging.getLogger(__name__)

LIMITS = case_form.Limits(file=10 * case_form.MEGABYTE, total=20 * case_form.MEGABYTE)
LEAST_SECONDS = 3
MOST_SECONDS = 24 * 3600
TRAP = "homepage"  # people do not see this field; programs fill it in


class ContactForm(http.Controller):
    """A public form that opens cases, without the website module.

    Programs are kept off by a hidden field, by the time that reading a form takes, by a signed
    one-time token and by a limit per address of the visitor. The answer is the same whether or
    not the mail address belongs to a customer.
    """

    @http.route(
        ["/logistics/contact", "/logistics/contact/<int:company_id>"],
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
        max_content_length=64 * case_form.MEGABYTE,
    )
    @text_params
    def contact(self, company_id=None, **params):
        """Show the form, or take it."""
        company = self._get_company(company_id)
        errors = {}
        if request.httprequest.method == "POST":
            values = self._read_form(params, errors)
            files = case_form.read_files(LIMITS, errors)
            nonce = self._check_visitor(params, errors)
            if not errors:
                code = self._create_case(company, values, files, nonce)
                request.session["logistics_contact_code"] = code
                request.session["logistics_contact_company"] = company.id
                return request.redirect("/logistics/contact/thanks")
        response = request.render(
            "logistics_crm.contact_form",
            {
                "company": company,
                "action": request.httprequest.path,
                "kinds": case_form.get_kinds(),
                "errors": errors,
                "had_files": bool(case_form.get_files()),
                "file_rules": case_form.get_file_rules(LIMITS),
                "values": params,
                "stamp": self._get_stamp(),
            },
        )
        if "rate" in errors:
            response.flatten()
            response.status_code = 429
        return response

    @http.route(
        "/logistics/contact/thanks", type="http", auth="public", website=True, sitemap=False
    )
    @text_params
    def thanks(self, **_params):
        """Thank, and give the code to refer to."""
        code = request.session.get("logistics_contact_code")
        if not code:
            return request.redirect("/logistics/contact")
        company = self._get_company(request.session.get("logistics_contact_company"))
        return request.render("logistics_crm.contact_thanks", {"code": code, "company": company})

    # ------------------------------------------------------------------ helpers

    def _get_company(self, company_id):
        # sudo: which company a public address belongs to is in the address
        company = request.env["res.company"].sudo().browse(company_id or 0).exists()
        return company or request.env.company.sudo()

    def _read_form(self, params, errors):
        email = email_normalize((params.get("partner_email") or "")[:254])
        if not email:
            errors["partner_email"] = request.env._("Please give an address that we can answer to.")
        text = case_form.read_text(params, "description", errors, required=True)
        return {
            "name": case_form.read_text(params, "name", errors, required=True),
            "kind": case_form.read_kind(params, errors),
            "partner_name": case_form.read_text(params, "partner_name", errors, required=True),
            "partner_email": email,
            "partner_phone": case_form.read_text(params, "partner_phone", errors),
            "description": case_form.to_html(text),
        }

    def _check_visitor(self, params, errors):
        """Return the form's one-time token; say in `errors` why a visitor may be a program."""
        if params.get(TRAP):
            _logger.info("Contact form: the hidden field was filled in")
            errors["form"] = request.env._(
                "Your browser filled in a field that must stay empty. Please send the form again."
            )
        age, nonce = self._read_stamp(params.get("stamp") or "")
        if age is None or age > MOST_SECONDS:
            errors["form"] = request.env._("The form was open for too long. Please send it again.")
        elif age < LEAST_SECONDS:
            errors["form"] = request.env._("That was very fast. Please send the form again.")
        if not errors and not request.env["logistics.contact.visit"]._count_visit(
            request.httprequest.remote_addr
        ):
            errors["rate"] = errors["form"] = request.env._(
                "Too many messages came from your network in the last hour. Please try again "
                "later, call us, or write a mail."
            )
        return nonce

    def _get_stamp(self):
        """Return time and a random key, signed, so that a program cannot make up its own."""
        words = f"{int(time.time())}.{uuid.uuid4().hex}"
        return f"{words}.{self._sign(words)}"

    def _read_stamp(self, stamp):
        """Return (age in seconds, key), or (None, None) where we did not sign it."""
        words, _dot, signature = stamp.rpartition(".")
        moment, _dot, nonce = words.partition(".")
        if not words or not stamp.isascii() or not consteq(signature, self._sign(words)):
            return None, None
        return time.time() - int(moment), nonce

    def _sign(self, words):
        # sudo: the database's secret signs it
        return sign(request.env(su=True), "logistics_crm.contact_form", words)

    def _create_case(self, company, values, files, nonce):
        # sudo: visitors have no rights on cases; they get the code and nothing else back
        cases = request.env["logistics.case"].sudo().with_company(company)
        received = cases._complete_received_values(
            {**values, "channel": "web", "company_id": company.id, "external_id": nonce},
            email=values["partner_email"],
        )
        case, is_new = cases._create_once(received)
        if is_new:
            case._post_customer_text(case.description, files)
        return case.code
