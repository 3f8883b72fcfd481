from math import floor

from odoo import models

# Codes whose value is the id of a record, and its model.
NAMED = {
    "source": "utm.source",
    "medium": "utm.medium",
    "campaign": "utm.campaign",
    "team": "crm.team",
    "country": "res.country",
    "language": "res.lang",
    "tag": "crm.tag",
}


class LogisticsMiningReason(models.AbstractModel):
    """Why a lead is likely to be won or lost, in words for salespeople."""

    _inherit = "logistics.mining.reason"

    def _lead_effect(self, what, figures):
        """Say how many such leads were won, and whether that raises or lowers the chance."""
        values = {
            "what": what,
            "count": figures["n"],
            "percent": self._number(100 * figures["won"] / max(figures["n"], 1), 0),
            "rate": self._number(100 * figures["rate"], 0),
        }
        if figures["effect"] > 0:
            return self.env._(
                "%(what)s: %(percent)s%% of %(count)s such leads were won, of all %(rate)s%%. "
                "Raises the chance.",
                **values,
            )
        return self.env._(
            "%(what)s: %(percent)s%% of %(count)s such leads were won, of all %(rate)s%%. "
            "Lowers the chance.",
            **values,
        )

    def _lead_name(self, code, figures):
        """Return the name of the record that a reason is about."""
        # sudo: the name of what the lead itself shows, of a lead the reader may see
        record = self.env[NAMED[code]].sudo().browse(int(figures["value"])).exists()
        return record.display_name or self.env._("(deleted)")

    def _reason_lead_source(self, figures, company, date):
        if not figures["value"]:
            return self._lead_effect(self.env._("No source is known"), figures)
        what = self.env._("Came by %(name)s", name=self._lead_name("source", figures))
        return self._lead_effect(what, figures)

    def _reason_lead_medium(self, figures, company, date):
        if not figures["value"]:
            return self._lead_effect(self.env._("No medium is known"), figures)
        what = self.env._("Reached us by %(name)s", name=self._lead_name("medium", figures))
        return self._lead_effect(what, figures)

    def _reason_lead_campaign(self, figures, company, date):
        if not figures["value"]:
            return self._lead_effect(self.env._("Belongs to no campaign"), figures)
        name = self._lead_name("campaign", figures)
        return self._lead_effect(self.env._("Campaign %(name)s", name=name), figures)

    def _reason_lead_team(self, figures, company, date):
        if not figures["value"]:
            return self._lead_effect(self.env._("Has no sales team"), figures)
        name = self._lead_name("team", figures)
        return self._lead_effect(self.env._("Sales team %(name)s", name=name), figures)

    def _reason_lead_country(self, figures, company, date):
        if not figures["value"]:
            return self._lead_effect(self.env._("No country is known"), figures)
        name = self._lead_name("country", figures)
        return self._lead_effect(self.env._("From %(country)s", country=name), figures)

    def _reason_lead_language(self, figures, company, date):
        if not figures["value"]:
            return self._lead_effect(self.env._("No language is known"), figures)
        name = self._lead_name("language", figures)
        return self._lead_effect(self.env._("Speaks %(language)s", language=name), figures)

    def _reason_lead_tag(self, figures, company, date):
        name = self._lead_name("tag", figures)
        return self._lead_effect(self.env._("Tagged %(tag)s", tag=name), figures)

    def _reason_lead_recommended(self, figures, company, date):
        if not figures["value"]:
            return self._lead_effect(self.env._("Came without a recommendation"), figures)
        return self._lead_effect(self.env._("Came by a recommendation"), figures)

    def _reason_lead_came_as(self, figures, company, date):
        if figures["value"] == "lead":
            what = self.env._("Came as a lead to be qualified")
        else:
            what = self.env._("Came as an opportunity")
        return self._lead_effect(what, figures)

    def _reason_lead_email(self, figures, company, date):
        what = {
            "none": self.env._("Left no e-mail address"),
            "incorrect": self.env._("Left an e-mail address that is wrong"),
            "correct": self.env._("Left an e-mail address"),
        }[figures["value"]]
        return self._lead_effect(what, figures)

    def _reason_lead_phone(self, figures, company, date):
        what = {
            "none": self.env._("Left no phone number"),
            "incorrect": self.env._("Left a phone number that is wrong"),
            "correct": self.env._("Left a phone number"),
        }[figures["value"]]
        return self._lead_effect(what, figures)

    def _reason_lead_revenue(self, figures, company, date):
        if not figures["value"]:
            return self._lead_effect(self.env._("No expected revenue"), figures)
        if "above" in figures:  # more than any lead learned from
            least = self._amount(figures["above"], company)
            what = self.env._("Expected revenue above %(amount)s", amount=least)
            return self._lead_effect(what, figures)
        amount = self._amount(figures["value"], company)
        return self._lead_effect(
            self.env._("Expected revenue of about %(amount)s", amount=amount), figures
        )

    def _reason_lead_known(self, figures, company, date):
        if figures["value"]:
            what = self.env._("We knew the contact before")
        else:
            what = self.env._("We did not know the contact before")
        return self._lead_effect(what, figures)

    def _reason_lead_orders(self, figures, company, date):
        if not figures["value"]:
            return self._lead_effect(self.env._("Had not ordered before"), figures)
        if "above" in figures:
            what = self.env._(
                "The customer had ordered on more than %(days)s before",
                days=self._days(floor(figures["above"])),
            )
            return self._lead_effect(what, figures)
        what = self.env._(
            "The customer had ordered on %(days)s before",
            days=self._days(round(figures["value"])),
        )
        return self._lead_effect(what, figures)

    def _reason_lead_won_before(self, figures, company, date):
        if not figures["value"]:
            return self._lead_effect(self.env._("We had won nothing of them before"), figures)
        if "above" in figures:
            what = self.env._(
                "Leads of the customer won before: more than %(count)s",
                count=self._number(floor(figures["above"]), 0),
            )
            return self._lead_effect(what, figures)
        what = self.env._(
            "Leads of the customer won before: %(count)s", count=self._number(figures["value"], 0)
        )
        return self._lead_effect(what, figures)

    def _reason_lead_lost_before(self, figures, company, date):
        if not figures["value"]:
            return self._lead_effect(self.env._("We had lost nothing of them before"), figures)
        if "above" in figures:
            what = self.env._(
                "Leads of the customer lost before: more than %(count)s",
                count=self._number(floor(figures["above"]), 0),
            )
            return self._lead_effect(what, figures)
        what = self.env._(
            "Leads of the customer lost before: %(count)s", count=self._number(figures["value"], 0)
        )
        return self._lead_effect(what, figures)

    def _reason_lead_verdict_not_calibrated_leads(self, figures, company, date):
        return self.env._(
            "The chances are not to be believed yet: of the newest leads, which the model had not "
            "seen, %(expected)s%% were expected to be won, and %(actual)s%% were.",
            expected=self._number(figures["expected"], 0),
            actual=self._number(figures["actual"], 0),
        )

    def _reason_lead_weekday(self, figures, company, date):
        what = {
            "mon": self.env._("Came on a Monday"),
            "tue": self.env._("Came on a Tuesday"),
            "wed": self.env._("Came on a Wednesday"),
            "thu": self.env._("Came on a Thursday"),
            "fri": self.env._("Came on a Friday"),
            "sat": self.env._("Came on a Saturday"),
            "sun": self.env._("Came on a Sunday"),
        }[figures["value"]]
        return self._lead_effect(what, figures)

    def _reason_lead_daytime(self, figures, company, date):
        what = {
            "night": self.env._("Came at night"),
            "morning": self.env._("Came in the morning"),
            "afternoon": self.env._("Came in the afternoon"),
            "evening": self.env._("Came in the evening"),
        }[figures["value"]]
        return self._lead_effect(what, figures)

    def _reason_lead_usual(self, figures, company, date):
        return self.env._(
            "Nothing sets it apart; %(rate)s%% of all leads were won.",
            rate=self._number(100 * figures["rate"], 0),
        )
