from odoo import api, fields, models
from odoo.tools import email_normalize

from ..tools.case_values import OPEN_STATES

SPOKEN = ("comment", "email", "email_outgoing")


class LogisticsCase(models.Model):
    """What a message means for the case: an answer of ours, or one of the customer."""

    _inherit = "logistics.case"
    _mail_thread_customer = True

    follow_up_of_id = fields.Many2one(
        "logistics.case",
        string="Follows",
        index="btree_not_null",
        readonly=True,
        copy=False,
        help="The closed case that the customer answered to.",
    )
    last_answer_date = fields.Datetime(string="Last Answer of Ours", readonly=True, copy=False)
    last_reply_date = fields.Datetime(string="Last Word of the Customer", readonly=True, copy=False)
    needs_answer = fields.Boolean(
        string="To Answer",
        compute="_compute_needs_answer",
        store=True,
        help="The customer had the last word.",
    )

    @api.depends("state", "first_response_date", "last_answer_date", "last_reply_date")
    def _compute_needs_answer(self):
        for case in self:
            answered = case.last_answer_date or case.first_response_date
            case.needs_answer = case.state in ("new", "open") and (
                not answered or bool(case.last_reply_date and case.last_reply_date > answered)
            )

    def _mail_get_partner_fields(self, introspect_fields=False):
        """Propose who wrote as recipient, not the responsible or the company."""
        return ["partner_id"]

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        """Note what a message changes, once it is known who receives it."""
        recipients = super()._notify_thread(message, msg_vals=msg_vals, **kwargs)
        # sudo: what a message means does not depend on what its author may change, who may be
        # a portal user or, by mail, nobody
        case = self.sudo()
        if case._is_spoken(message):
            if message.author_id and not message.author_id.partner_share:
                if message.outgoing_email_to or any(found["share"] for found in recipients):
                    case._note_answer(message)
            else:
                case._note_reply(message)
        return recipients

    def _is_spoken(self, message):
        """Tell words between us and the customer from notes and notices."""
        message = message.sudo()
        return (
            message.message_type in SPOKEN
            and not message.is_internal
            and message.subtype_id
            and not message.subtype_id.internal
        )

    # ------------------------------------------------------------------ we answer

    def _note_answer(self, message):
        """Keep when we first answered, and take a new case into work."""
        self.ensure_one()
        values = {"last_answer_date": message.date}
        if not self.first_response_date:
            values["first_response_date"] = message.date
        if not self.employee_id:
            values["employee_id"] = self._get_employee_of(message).id
        if self.state == "new":
            values["stage_id"] = self._get_stage("open").id
        self.write(values)

    def _get_employee_of(self, message):
        users = message.author_id.user_ids.filtered(lambda user: not user.share)
        return users.with_company(self.company_id).employee_id[:1]

    # ------------------------------------------------------------------ the customer answers

    def _note_reply(self, message):
        """Go on with a case that the customer answers to: nothing said is lost."""
        self.ensure_one()
        self.last_reply_date = message.date
        if self.state in ("waiting", "solved"):
            self.stage_id = self._get_stage("open")
        elif self.state not in OPEN_STATES:
            self._follow_up(message)

    def _follow_up(self, message):
        """Bring an answer to a closed case where it is read: into the one that follows it."""
        follow_up = self.merged_into_id or self.search(
            [("follow_up_of_id", "=", self.id), ("state", "in", (*OPEN_STATES, "solved"))], limit=1
        )
        if follow_up:
            follow_up.message_post(
                author_id=message.author_id.id,
                email_from=message.email_from,
                body=message.body,
                message_type=message.message_type,
                subtype_xmlid="mail.mt_comment",
                attachment_ids=self._copy_attachments(message, follow_up).ids,
            )
            return follow_up
        follow_up = self.create(self._prepare_follow_up_values(message))
        self._copy_attachments(message, follow_up)
        self._link(follow_up)
        follow_up._message_log(
            body=self.env._(
                "Opened by an answer to the closed case %(case)s.", case=self._get_html_link()
            )
        )
        self._message_log(
            body=self.env._(
                "Answered after closing: goes on in %(case)s.", case=follow_up._get_html_link()
            )
        )
        return follow_up

    def _prepare_follow_up_values(self, message):
        self.ensure_one()
        author = message.author_id
        is_known = author.commercial_partner_id == self.commercial_partner_id
        return {
            "name": self.name,
            "description": message.body,
            "kind": self.kind,
            "severity": self.severity,
            "category_id": self.category_id.id,
            "channel": "mail" if message.message_type == "email" else "portal",
            "company_id": self.company_id.id,
            "partner_id": (author if is_known else self.partner_id).id,
            "partner_email": email_normalize(message.email_from or "") or self.partner_email,
            "partner_name": self.partner_name,
            "order_id": self.order_id.id,
            "invoice_id": self.invoice_id.id,
            "follow_up_of_id": self.id,
        }

    def _copy_attachments(self, message, case):
        return message.attachment_ids.copy({"res_model": self._name, "res_id": case.id})

    def _link(self, other):
        """Link two cases to each other."""
        self.linked_case_ids |= other
        other.linked_case_ids |= self
