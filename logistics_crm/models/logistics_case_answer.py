from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .logistics_case_conversation import SPOKEN

# somebody who has not touched an answer for so long is no longer writing it
WRITING = timedelta(minutes=3)


class LogisticsCase(models.Model):
    """Two people who answer a case at once: the second is told, before and when sending."""

    _inherit = "logistics.case"

    def start_answering(self):
        """Note that the user writes an answer; return who else does (list of str)."""
        self.ensure_one()
        self.check_access("write")
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """INSERT INTO logistics_case_answering (case_id, user_id, date)
                        VALUES (%s, %s, %s)
                   ON CONFLICT (case_id, user_id) DO UPDATE SET date = excluded.date""",
                self.id,
                self.env.uid,
                now,
            )
        )
        # sudo: the names of colleagues at work on a case that the user may write
        writers = self.env["logistics.case.answering"].sudo()
        others = writers.search(
            [
                ("case_id", "=", self.id),
                ("user_id", "!=", self.env.uid),
                ("date", ">", now - WRITING),
            ]
        )
        return others.user_id.mapped("name")

    def get_newer_answer(self, seen_message_id):
        """Return what to tell who answers without having seen a colleague's newest answer.

        Parameters
        ----------
        seen_message_id : int
            The newest message of the case that the user has before their eyes.

        Returns
        -------
        str or False
            A sentence; False where nothing was missed.
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: the newest answer counts, whether or not the user is among its readers
        message = (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("id", ">", seen_message_id),
                    ("message_type", "in", SPOKEN),
                    ("subtype_id.internal", "=", False),
                    ("author_id.partner_share", "=", False),
                    ("author_id", "!=", self.env.user.partner_id.id),
                ],
                order="id desc",
                limit=1,
            )
        )
        if not message:
            return False
        return self.env._(
            "%(person)s has answered this case in the meantime. Read that answer; then send yours "
            "if it is still needed.",
            person=message.author_id.name,
        )

    def message_post(self, **kwargs):
        """Send an answer only to who has seen those of others, one person at a time."""
        seen = self.env.context.get("logistics_seen_message_id")
        if seen and not self._is_note(kwargs):
            self._check_nobody_answered(seen)
        message = super().message_post(**kwargs)
        if seen:
            self._stop_answering()
        return message

    def _is_note(self, message_values):
        note = self.env.ref("mail.mt_note")
        return (
            message_values.get("subtype_xmlid") == "mail.mt_note"
            or message_values.get("subtype_id") == note.id
        )

    def _check_nobody_answered(self, seen_message_id):
        # sudo: who may post on the case may wait for its turn
        case = self.sudo()
        if not case.try_lock_for_update(allow_referencing=True):
            raise UserError(
                self.env._("Somebody else is sending an answer to this case right now. Try again.")
            )
        # an answer writes the case (`_note_answer`): a transaction that began before it was
        # committed fails at the lock, is run again by Odoo, and comes to know of it here
        problem = self.get_newer_answer(seen_message_id)
        if problem:
            raise UserError(problem)

    def _stop_answering(self):
        # sudo: a user's own mark
        writers = self.env["logistics.case.answering"].sudo()
        writers.search([("case_id", "=", self.id), ("user_id", "=", self.env.uid)]).unlink()
