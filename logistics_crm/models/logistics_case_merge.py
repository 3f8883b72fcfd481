from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import is_html_empty

# what the survivor takes over where it has nothing itself
TAKEN_OVER = (
    "partner_id",
    "category_id",
    "employee_id",
    "order_id",
    "invoice_id",
    "description",
    "partner_email",
    "partner_phone",
)
DOCUMENTS = ("order_id", "invoice_id")
CLAIM_AMOUNTS = ("claimed_amount", "liable_amount", "settled_amount")
# a person's words; what the system noted stays with the merged case
MOVED_MESSAGES = ("comment", "email", "email_outgoing", "auto_comment")


class LogisticsCase(models.Model):
    """Merge cases into one, and split one into two."""

    _inherit = "logistics.case"

    def _merge_into(self, survivor, other_customers=False):
        """Move all that belongs to these cases to the survivor, and close them.

        Parameters
        ----------
        survivor : logistics.case
            The case that goes on.
        other_customers : bool
            Merge even if the cases are of different customers.

        Raises
        ------
        UserError
            When a case is merged already, somebody else is at it, companies or customers
            differ, or more than one case has a settlement.
        """
        merged = self - survivor
        everything = merged + survivor
        everything.check_access("write")
        everything._lock_to_merge()
        everything._check_can_merge(survivor, other_customers)
        self._log_merge(merged, survivor)
        survivor._take_over_values(merged)
        merged._move_belongings(survivor)
        survivor.linked_case_ids = (survivor.linked_case_ids | merged.linked_case_ids) - everything
        # sudo: only merging sets where a case went
        (merged.merged_case_ids | merged).sudo().write({"merged_into_id": survivor.id})
        merged.write({"linked_case_ids": [fields.Command.clear()]})
        merged.filtered(lambda case: case.state != "closed").action_close()

    def _lock_to_merge(self):
        """Keep a second person from merging the same cases at the same time."""
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is changing one of these cases right now. Reload the page and "
                    "see what is left to merge."
                )
            ) from error
        self.invalidate_recordset(["merged_into_id", "state"])

    def _check_can_merge(self, survivor, other_customers):
        done = self.filtered("merged_into_id")[:1]
        if done:
            raise UserError(
                self.env._(
                    "%(case)s was merged into %(survivor)s already.",
                    case=done.code,
                    survivor=done.merged_into_id.code,
                )
            )
        if len(self) < 2:
            raise UserError(self.env._("Choose at least two cases to merge."))
        if len(self.company_id) > 1:
            raise UserError(self.env._("Cases of different companies cannot be merged."))
        if len(self.commercial_partner_id) > 1 and not other_customers:
            raise UserError(
                self.env._(
                    "These cases are of different customers: %(names)s. Say that you want to "
                    "merge them all the same, or take some out.",
                    names=", ".join(self.commercial_partner_id.mapped("name")),
                )
            )
        self._check_settlements(survivor)

    def _check_settlements(self, survivor):
        settled = self.filtered(lambda case: case.settled_amount or case.credit_note_ids)
        if len(settled) > 1:
            raise UserError(
                self.env._(
                    "%(cases)s each have a settlement. Link them instead, so that each keeps its "
                    "own.",
                    cases=", ".join(settled.mapped("code")),
                )
            )
        if settled.credit_note_ids and settled != survivor:
            raise UserError(
                self.env._(
                    "%(case)s has a credit note: go on with this one.",
                    case=settled.display_name,
                )
            )

    def _log_merge(self, merged, survivor):
        names = Markup(", ").join(case._get_html_link() for case in merged)
        survivor.message_post(
            body=self.env._("Merged from %(cases)s.", cases=names), subtype_xmlid="mail.mt_note"
        )
        for case in merged.filtered(lambda case: not is_html_empty(case.description)):
            heading = Markup("<b>%s</b><br/>%s") % (case.display_name, case.description)
            survivor.message_post(
                body=heading, author_id=case.partner_id.id, subtype_xmlid="mail.mt_note"
            )
        link = survivor._get_html_link()
        bodies = {case.id: self.env._("Merged into %(case)s.", case=link) for case in merged}
        merged._message_log_batch(bodies=bodies)

    def _take_over_values(self, merged):
        values = {}
        customer = self.commercial_partner_id or merged.commercial_partner_id[:1]
        of_customer = merged.filtered(lambda case: case.commercial_partner_id == customer)
        for name in TAKEN_OVER:
            # orders and invoices of another customer are not this one's business
            sources = of_customer if name in DOCUMENTS else merged
            source = sources.filtered(name)[:1]
            if source and not self[name]:
                values[name] = self._fields[name].convert_to_write(source[name], source)
        claim = merged.filtered("claimed_amount").sorted("settled_amount", reverse=True)[:1]
        if claim and not self.claimed_amount:
            values.update({name: claim[name] for name in CLAIM_AMOUNTS})
            values["currency_id"] = claim.currency_id.id
            claim.write({"settled_amount": 0})
        if values:
            self.write(values)

    def _move_belongings(self, survivor):
        """Move messages, files, followers, activities and what else points to these cases."""
        # sudo: who may write the cases may merge them, whoever wrote the messages
        messages = self.env["mail.message"].sudo()
        messages = messages.search(self._get_thread_domain("model"))
        messages = messages.filtered(lambda message: message.message_type in MOVED_MESSAGES)
        messages.write({"res_id": survivor.id})
        files = self.env["ir.attachment"].sudo().search(self._get_thread_domain("res_model"))
        files.write({"res_id": survivor.id})
        # sudo: the same for activities of others
        self.with_context(active_test=False).sudo().activity_ids.write({"res_id": survivor.id})
        for follower in self.sudo().message_follower_ids:
            survivor.sudo().message_subscribe(
                partner_ids=follower.partner_id.ids, subtype_ids=follower.subtype_ids.ids
            )
        for model, name in self._get_merged_references().items():
            # sudo: the same for records that point to the cases
            records = self.env[model].sudo().with_context(active_test=False)
            records.search([(name, "in", self.ids)]).write({name: survivor.id})
        if not survivor.discipline_ids:
            self.discipline_ids.filtered(
                lambda step: step.case_id == self.filtered("discipline_ids")[:1]
            ).case_id = survivor

    def _get_thread_domain(self, model_field):
        return [(model_field, "=", self._name), ("res_id", "in", self.ids)]

    def _get_merged_references(self):
        """Return which many2one fields (dict of model → field) move along when cases merge."""
        return {
            "account.move": "logistics_case_id",
            "logistics.call": "case_id",
            "logistics.case": "follow_up_of_id",
        }

    def _split_off(self, messages, values):
        """Open a case of some messages of this one, and link the two.

        Parameters
        ----------
        messages : mail.message
            Messages of this case; they move with their files.
        values : dict
            What else the new case gets.
        """
        self.ensure_one()
        self.check_access("write")
        case = self.create(self._prepare_split_values(values))
        # sudo: who may write the case may split it, whoever wrote the messages
        messages = messages.sudo().filtered(
            lambda message: message.model == self._name and message.res_id == self.id
        )
        messages.attachment_ids.filtered(
            lambda file: file.res_model == self._name and file.res_id == self.id
        ).res_id = case.id
        messages.write({"res_id": case.id})
        self.linked_case_ids += case
        case.message_subscribe(self.message_partner_ids.ids)
        for source, target in ((self, case), (case, self)):
            source._message_log(
                body=self.env._("Split: see also %(case)s.", case=target._get_html_link())
            )
        return case

    def _prepare_split_values(self, values):
        return {
            "partner_id": self.partner_id.id,
            "partner_name": self.partner_name,
            "partner_email": self.partner_email,
            "partner_phone": self.partner_phone,
            "kind": self.kind,
            "channel": self.channel,
            "severity": self.severity,
            "company_id": self.company_id.id,
            "category_id": self.category_id.id,
            **values,
        }
