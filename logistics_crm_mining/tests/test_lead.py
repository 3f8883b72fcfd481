import re

import pandas as pd

from odoo.tests import tagged

from ..analytics import LeadModel, creation_order, lead_features
from ..models.logistics_mining_task_lead_extract import CLOSED
from .leads import LeadCase

OFFICER = "logistics_crm.group_logistics_officer"
CODE = re.compile(r"\blead_|verdict_|No words are known|%\(")


@tagged("post_install", "-at_install")
class TestLead(LeadCase):
    """Which leads will be won: what is published is what the numeric core says, in words."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.closed, cls.open = cls._make_leads()

    def test_chances_are_those_of_the_core(self):
        run = self._published()
        frame = self.task._extract(run)
        closed, rest = frame[frame["outcome"] >= 0], frame[frame["outcome"] < 0]
        self.assertEqual(set(closed["lead_id"]), set(self.closed.ids))
        self.assertEqual(set(rest["lead_id"]), set(self.open.ids))
        place, known = creation_order(closed)
        model = LeadModel().fit(
            lead_features(closed), closed["outcome"].to_numpy(), place, outcome_time=known
        )
        expected = model.predict(lead_features(rest)).set_axis(rest["lead_id"])
        for lead in self.open:
            row = expected.loc[lead.id]
            self.assertAlmostEqual(lead.win_probability, row["win_probability"], 3)
            self.assertEqual(lead.win_band, row["win_band"])
            self.assertEqual(lead.win_date, run.cutoff)
