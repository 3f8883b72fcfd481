from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .list_common import ListCase


@tagged("post_install", "-at_install")
class TestListContact(ListCase):
    """What is done for the customers of a list: for everyone but those left alone."""

    def test_an_activity_is_planned_for_everyone_but_the_held_out(self):
        record = self._make_list(treatment="activity", activity_summary="Ask why")
        record.action_start()
        activities = self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("summary", "=", "Ask why")]
        )
        self.assertEqual(
            sorted(activities.mapped("res_id")), sorted(self._get(record, "treated").partner_id.ids)
        )
        by_partner = {activity.res_id: activity.user_id for activity in activities}
        for partner in self._get(record, "treated").partner_id:
            self.assertEqual(by_partner[partner.id], partner.user_id or self.officer)

    def _get_playbook(self, **values):
        playbook = self.env.ref("logistics_crm.playbook_customer_silent").copy(
            {"name": "From a list", "mode": "automation", **values}
        )
        playbook.action_switch_on()
        return playbook

    def test_a_playbook_is_started_for_everyone_but_the_held_out(self):
        playbook = self._get_playbook()
        record = self._make_list(treatment="playbook", playbook_id=playbook.id)
        record.action_start()
        started = playbook.start_ids
        self.assertEqual(set(started.partner_id), set(self._get(record, "treated").partner_id))
        self.assertEqual(started.company_id, self.company)
        self.assertEqual(len(started), record.treated_count)

    def test_the_member_says_why_the_playbook_did_not_start(self):
        playbook = self._get_playbook()
        first = self._make_list(
            self.own, treatment="playbook", playbook_id=playbook.id, holdout_share=0
        )
        first.action_start()
        first.action_cancel()
        second = self._make_list(
            self.own, treatment="playbook", playbook_id=playbook.id, holdout_share=0
        )
        second.action_start()
        self.assertEqual(set(second.member_ids.mapped("skip_code")), {"running"})
        self.assertEqual(len(playbook.start_ids), 10)

    def test_a_playbook_that_is_off_is_not_started(self):
        playbook = self._get_playbook()
        record = self._make_list(treatment="playbook", playbook_id=playbook.id)
        playbook.action_switch_off()
        with self.assertRaises(UserError):
            record.action_start()
        with self.assertRaises(ValidationError):
            self._make_list(treatment="playbook")

    def test_an_email_goes_to_those_contacted_only(self):
        record = self._make_list(treatment="email")
        with self.assertRaises(UserError):
            record.action_write_email()
        record.action_start()
        composer = record.action_write_email()["context"]
        self.assertEqual(
            set(composer["default_res_ids"]), set(self._get(record, "treated").partner_id.ids)
        )

    def test_those_to_contact_are_shown_for_export(self):
        record = self._make_list()
        record.action_start()
        found = self.env["res.partner"].search(record.action_view_treated()["domain"])
        self.assertEqual(set(found), set(self._get(record, "treated").partner_id))

    def test_an_account_manager_starts_activities_and_playbooks_from_a_list(self):
        """Their rights do not reach to the log of playbooks: the list starts it for them."""
        playbook = self._get_playbook()
        values = {"treatment": "playbook", "playbook_id": playbook.id, "holdout_share": 0.3}
        record = self._make_list(user=self.user, **values)
        record.action_start()
        treated = self._get(record, "treated").partner_id
        self.assertEqual(set(playbook.start_ids.partner_id), set(treated))
        record.action_cancel()
        record = self._make_list(user=self.user, treatment="activity", activity_summary="Ask")
        record.action_start()
        found = self.env["mail.activity"].search([("summary", "=", "Ask")])
        self.assertEqual(len(found), record.treated_count)
        self.assertEqual(found.user_id, self.user)
