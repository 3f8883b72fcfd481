import logging
import re

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import email_normalize, parse_contact_from_email

from ..tools.code_format import normalize

_logger = logging.getLogger(__name__)
WORDS = re.compile(r"[0-9A-Za-z-]{4,20}")


class LogisticsCase(models.Model):
    """Cases from mail: one for each mail, by the customer who certainly sent it."""

    _inherit = "logistics.case"

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Make a case of a mail; without one certain customer it waits in the inbox."""
        name, email = parse_contact_from_email(msg_dict.get("email_from"))
        values = {
            "name": (msg_dict.get("subject") or "").strip() or self.env._("No subject"),
            "channel": "mail",
            "external_id": msg_dict.get("message_id"),
            "partner_name": name,
            **(custom_values or {}),
        }
        values = self._complete_received_values(values, email)
        author = self.env["res.partner"].browse(msg_dict.get("author_id") or 0)
        if author.partner_share or not author.active:
            # Odoo takes any partner with the address; who shares it must not seem the author
            msg_dict["author_id"] = values["partner_id"]
        case = self._find_external(values).with_env(self.env)
        if case:
            return case
        with self._creating_once(values):
            return super().message_new({**msg_dict, "email_from": email or name}, values)

    @api.model
    def _complete_received_values(self, values, email=None, phone=None):
        """Return values with the customer by address or number, and what the category says."""
        company = self.env["res.company"].browse(values.get("company_id")) or self.env.company
        category = self.env["logistics.case.category"].browse(values.get("category_id"))
        # sudo: the sender is matched whoever runs the mail gateway or shows the form
        partners = self.env["res.partner"].sudo().with_company(company)
        [(partner, _found)] = partners._match_contacts([{"email": email, "phone": phone}])
        return {
            "kind": category.kind or "inquiry",
            "severity": category.severity or "medium",
            "company_id": company.id,
            "partner_id": partner.id,
            **values,
        }

    def _message_post_after_hook(self, message, msg_vals):
        """Keep the first mail as the description, images included."""
        if message.message_type == "email" and self.channel == "mail" and not self.description:
            # sudo: mails come in whoever runs the gateway
            self.sudo().description = message.body
        return super()._message_post_after_hook(message, msg_vals)

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        """Find the sender's newest cases by index; cases keep normalized addresses."""
        return [("partner_email", "=", email_from_normalized)]

    # ------------------------------------------------------------------ where a mail belongs

    @api.model
    def _settle_mail_routes(self, message, message_dict, routes):
        """Return the routes of a mail such that each case gets it once.

        A case code in the subject leads to that case where the sender has to do with it, and a
        case that was merged to the one that goes on. A mail
        to several addresses of one company makes one case. An automatic reply is a note on its
        case and never makes one, nor does a mail from an address of ours.
        """
        settled = {}
        is_automatic = self._is_automatic_reply(message)
        for model, thread_id, values, user_id, alias in routes or []:
            key = (model, thread_id or alias)
            if model == self._name:
                if is_automatic:
                    message_dict["is_internal"] = True
                if not thread_id and self._is_no_request(message_dict, is_automatic):
                    continue
                case = self.browse(thread_id or ()) or self._find_mailed_case(message_dict, values)
                # sudo: mails are sorted whoever runs the gateway
                thread_id = case.sudo().exists()._get_survivor().id
                key = (model, thread_id or ("new", (values or {}).get("company_id")))
            settled.setdefault(key, (model, thread_id, values, user_id, alias))
        return list(settled.values())

    @api.model
    def _is_automatic_reply(self, message):
        """Tell absence notes and the like (RFC 3834, and what came before it)."""
        return (
            message.get("Auto-Submitted", "").strip().lower().startswith("auto-replied")
            or message.get("Precedence", "").strip().lower() == "auto_reply"
            or any(message.get(header) for header in ("X-Autoreply", "X-Autorespond"))
        )

    @api.model
    def _is_no_request(self, message_dict, is_automatic):
        sender = email_normalize(message_dict.get("email_from") or "")
        aliases = self.env["mail.alias.domain"].sudo()  # sudo: addresses are settings
        is_own = bool(sender and aliases._find_aliases([sender]))
        if is_automatic or is_own:
            _logger.info(
                "No case for mail %s from %s: %s",
                message_dict.get("message_id"),
                sender,
                "it is an automatic reply" if is_automatic else "the address is ours",
            )
        return is_automatic or is_own

    @api.model
    def _find_mailed_case(self, message_dict, values):
        """Return the case whose code stands in the subject, if it is the sender's business."""
        codes = self._find_codes(message_dict.get("subject"), self._name)
        sender = email_normalize(message_dict.get("email_from") or "")
        if not codes or not sender:
            return self.browse()
        domain = Domain("code", "in", codes)
        if values and values.get("company_id"):
            domain &= Domain("company_id", "=", values["company_id"])
        # sudo: mails are sorted whoever runs the gateway
        cases = self.sudo().search(domain, limit=5)
        return cases.filtered(lambda case: case._concerns_sender(sender))[:1]

    @api.model
    def _find_codes(self, text, model):
        """Return the well-formed codes of a model's records in a text."""
        schemes = self.env["logistics.code.scheme"]
        words = [normalize(word) for word in WORDS.findall(text or "")]
        return [word for word in words if schemes._is_valid_code(model, word)]

    def _concerns_sender(self, email):
        self.ensure_one()
        known = self.message_partner_ids.mapped("email_normalized")
        if email == email_normalize(self.partner_email or "") or email in known:
            return True
        senders = self.env["res.partner"].search([("email_normalized", "=", email)])
        customer = self.commercial_partner_id
        return any(
            not sender.partner_share or (customer and sender.commercial_partner_id == customer)
            for sender in senders
        )
