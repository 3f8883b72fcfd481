from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_datetime

WARNING = "logistics_crm.activity_case_deadline"
ESCALATION = "logistics_crm.activity_case_escalated"


class Notice(NamedTuple):
    """Who hears of which deadline of a case; level 0 warns, the others are escalations."""

    case: models.BaseModel
    level: int
    user: models.BaseModel
    deadline: datetime


class LogisticsCase(models.Model):
    """Warnings and escalations, told set by set.

    A batch of cases costs as many queries as there are people to tell, whatever the number of
    cases: each person gets one message that lists their cases.
    """

    _inherit = "logistics.case"

    @api.model
    def _warn(self, deadlines):
        """Note of which deadline (naive UTC, by case) the responsible, or a stand-in, hears."""
        cases = self.browse().concat(*deadlines)
        for deadline, some in cases.grouped(deadlines.get).items():
            some.warned_deadline = deadline
        users = cases._get_users_on_duty()
        return [Notice(case, 0, users[case] or case.user_id, deadlines[case]) for case in cases]

    @api.model
    def _escalate(self, levels):
        """Raise cases to levels (by case), and note in each whom that is told."""
        cases = self.browse().concat(*levels)
        for level, some in cases.grouped(levels.get).items():
            some.escalation_level = level
        users = cases._get_escalation_users(levels)
        notices = [
            Notice(
                case,
                levels[case],
                users[case],
                case.first_response_deadline if levels[case] == 1 else case.resolution_deadline,
            )
            for case in cases
        ]
        bodies = {notice.case.id: self._say_escalated(notice) for notice in notices}
        messages = cases._message_log_batch(bodies)
        messages.subtype_id = self.env.ref("logistics_crm.mt_case_escalated")
        return notices

    # ------------------------------------------------------------------ in words

    @api.model
    def _say_escalated(self, notice):
        nobody = self.env._("nobody: the role has no employee with a user")
        return self.env._(
            "%(reason)s Due %(deadline)s. Escalated to %(person)s.",
            reason=self._say_reason(notice.level),
            deadline=self._say_moment(notice.deadline, notice.user),
            person=notice.user.name or nobody,
        )

    @api.model
    def _say_moment(self, moment, user):
        return format_datetime(self.env, moment, tz=user.tz, dt_format="medium")

    @api.model
    def _say_reason(self, level):
        reasons = {
            0: self.env._("The deadline is near."),
            1: self.env._("The first answer is overdue."),
            2: self.env._("The solution is overdue."),
            3: self.env._("The solution has been overdue for long."),
        }
        return reasons[level]

    @api.model
    def _say_summary(self, notice):
        """Return what stands on the to-do list of the user, in their language."""
        reader = self.with_context(lang=notice.user.lang or self.env.lang)
        if notice.level:
            return reader._say_reason(notice.level)
        return reader.env._("Due soon: %(case)s", case=notice.case.code)

    # ------------------------------------------------------------------ on lists

    @api.model
    def _put_on_lists(self, notices):
        """Plan an activity for each notice, or move the one that is planned already."""
        notices = [
            notice if notice.user else notice._replace(user=notice.case.user_id)
            for notice in notices
        ]
        for kind, is_escalation in ((WARNING, False), (ESCALATION, True)):
            some = [one for one in notices if one.user and bool(one.level) is is_escalation]
            if some:
                self._put_on_list(kind, some)

    @api.model
    def _put_on_list(self, kind, notices):
        cases = self.browse().concat(*(notice.case for notice in notices))
        planned = cases.activity_search([kind]).grouped(lambda one: (one.res_id, one.user_id.id))
        moved, new = defaultdict(self.env["mail.activity"].browse), []
        for notice in notices:
            day = self._get_day(notice)
            found = planned.get((notice.case.id, notice.user.id))
            if found:
                moved[day] += found
            else:
                new.append((notice, day))
        for day, activities in moved.items():
            activities.date_deadline = day
        # one message per person tells of all of them, see `_notify_people`
        activities = self.env["mail.activity"].with_context(mail_activity_quick_update=True)
        kind = self.env.ref(kind)
        activities.create([self._prepare_activity(kind, notice, day) for notice, day in new])

    @api.model
    def _get_day(self, notice):
        """Return the day of the deadline where the user is."""
        place = self.with_context(tz=notice.user.tz)
        return fields.Datetime.context_timestamp(place, notice.deadline).date()

    @api.model
    def _prepare_activity(self, kind, notice, day):
        return {
            "activity_type_id": kind.id,
            "summary": self._say_summary(notice),
            "note": kind.default_note,
            "automated": True,
            "date_deadline": day,
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": notice.case.id,
            "user_id": notice.user.id,
        }

    # ------------------------------------------------------------------ in a message

    @api.model
    def _notify_people(self, notices):
        """Send each person one message with all they should hear of.

        Of escalations the colleagues hear, too, who follow the case and want to.
        """
        heard = defaultdict(dict)
        followers = self._get_followers_of_escalations(notices)
        for notice in notices:
            for user in notice.user | followers[notice.case.id]:
                heard[user][notice.case] = notice
        for user, told in heard.items():
            self._send_notices(user, list(told.values()))

    @api.model
    def _get_followers_of_escalations(self, notices):
        """Return by case id the users among the followers who hear of escalations."""
        subtype = self.env.ref("logistics_crm.mt_case_escalated")
        cases = self.browse().concat(*(notice.case for notice in notices if notice.level))
        # sudo: who follows decides who hears
        followers = self.env["mail.followers"].sudo()
        found = cases and followers._get_recipient_data(cases, "notification", subtype.id)
        users = self.env["res.users"]
        return defaultdict(
            users.browse,
            {
                case_id: users.browse(
                    [one["uid"] for one in data.values() if one["active"] and one["uid"]]
                )
                for case_id, data in (found or {}).items()
            },
        )

    @api.model
    def _send_notices(self, user, notices):
        """Tell a user of deadlines, in their language and on their clock."""
        reader = self.with_context(lang=user.lang or self.env.lang)
        items = [
            Markup("<li>%s</li>")
            % reader.env._(
                "%(case)s: %(reason)s Due %(deadline)s.",
                case=reader._link_to(notice.case),
                reason=reader._say_reason(notice.level),
                deadline=reader._say_moment(notice.deadline, user),
            )
            for notice in notices
        ]
        first = notices[0]
        if len(notices) > 1:
            subject = reader.env._("%(count)s cases are overdue or soon will be", count=len(items))
            thread = reader.env["mail.thread"]
        else:
            subject = f"{first.case.code}: {reader._say_reason(first.level)}"
            thread = first.case.with_env(reader.env)
        thread.message_notify(
            partner_ids=user.partner_id.ids,
            subject=subject,
            body=Markup("<ul>%s</ul>") % Markup().join(items),
        )

    @api.model
    def _link_to(self, case):
        """Return a link that leads to a case from a mail, too."""
        link = case._notify_get_action_link("view", model=self._name, res_id=case.id)
        return Markup('<a href="%s">%s</a>') % (link, case.display_name)
