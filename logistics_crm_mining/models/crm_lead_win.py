from odoo import api, models, tools
from odoo.tools import SQL

from .crm_lead import WIN_FIELDS, WIN_TEXTS

# What the chance depends on, and what opens and closes a lead.
CAUSES = frozenset(
    {
        "campaign_id",
        "company_id",
        "country_id",
        "email_from",
        "expected_revenue",
        "lang_id",
        "medium_id",
        "partner_id",
        "phone",
        "referred",
        "source_id",
        "state_id",
        "tag_ids",
        "team_id",
        "type",
        "user_id",
    }
)
ENDS = frozenset({"active", "probability", "stage_id"})
FOLLOWING = "logistics_win_following"  # ids of leads that are scored when their change is done


class CrmLead(models.Model):
    """A lead's chance follows its changes in the same transaction, by the newest model."""

    _inherit = "crm.lead"

    @api.model_create_multi
    def create(self, vals_list):
        """Say at once how good the chances of new leads are."""
        leads = super().create(vals_list)
        leads._refresh_win_chance()
        return leads

    def write(self, vals):
        """Score leads again whose chance may have changed; clear it on those won or lost."""
        before = {}
        if ENDS & vals.keys() and self._get_win_runs():
            before = {lead: lead._is_open() for lead in self}
        if CAUSES & vals.keys():
            # a new e-mail address is passed on to the customer, whose leads follow: these do below
            later = self.with_context(**{FOLLOWING: tuple(self.ids)})
            result = super(CrmLead, later).write(vals)
            self._refresh_win_chance()
            return result
        result = super().write(vals)
        if before:
            self.filtered(lambda lead: lead._is_open() != before[lead])._refresh_win_chance()
        return result

    def _is_open(self):
        return self.active and self.won_status == "pending"

    @api.model
    @tools.ormcache()
    def _get_win_runs(self):
        """Return {company id: run id} of the runs whose models score leads now.

        Leads of no company are scored by one of them: its run is under False as well.
        """
        query = SQL(
            """SELECT run.company_id, run.id FROM logistics_mining_run run
            JOIN logistics_mining_task task ON task.id = run.task_id
            JOIN res_company company ON company.id = run.company_id
            WHERE task.code = 'lead' AND run.is_newest
            ORDER BY COALESCE(company.sequence, 0), company.id"""
        )
        self.env["logistics.mining.run"].flush_model(["is_newest", "task_id", "company_id"])
        self.env["res.company"].flush_model(["sequence"])
        rows = self.env.execute_query(query)
        return {False: rows[0][1], **dict(rows)} if rows else {}

    def _refresh_win_chance(self):
        """Score the leads that are open, and clear the chance of the others.

        Never an obstacle to saving a lead: where the model cannot be used, the last chance stays.
        """
        runs = self._get_win_runs()
        if not runs or not self:
            return
        # sudo: who may change a lead need not be able to read models, or to write scores
        now = self - self.browse(self.env.context.get(FOLLOWING, ()))
        leads = now.sudo().with_context(active_test=False)
        by_run = leads.filtered(lambda lead: lead._is_open()).grouped(
            lambda lead: runs.get(lead.company_id.id, False)
        )
        # a run that went with its task or company is still remembered until the cache is cleared
        known = self.env["logistics.mining.run"].sudo().browse(filter(None, by_run)).exists()
        usable = {run: model for run in known if (model := run._get_usable_model())}
        kept = [by_run[run.id]._with_score_of(run) for run in known if run not in usable]
        (leads - leads.browse().union(*kept))._clear_win_chance(runs)
        for run, model in usable.items():
            by_run[run.id]._score_win_chance(run, model)
        leads.invalidate_recordset([*WIN_FIELDS, *WIN_TEXTS])

    def _clear_win_chance(self, runs):
        """Take chance and reasons off."""
        self.flush_recordset(WIN_FIELDS)
        self.env.cr.execute(
            SQL(
                "DELETE FROM logistics_mining_score WHERE lead_id = ANY(%s) AND run_id = ANY(%s)",
                self.ids,
                list(set(runs.values())),
            )
        )
        self.env.cr.execute(
            SQL(
                """UPDATE crm_lead SET win_probability = NULL, win_band = NULL
                WHERE id = ANY(%s) AND win_band IS NOT NULL""",
                self.ids,
            )
        )
        self.env["logistics.mining.score"].invalidate_model()

    def _with_score_of(self, run):
        """Return the leads whose chance is that of a run, and not of another company's."""
        scores = self.env["logistics.mining.score"]
        return scores.search([("lead_id", "in", self.ids), ("run_id", "=", run.id)]).lead_id

    def _score_win_chance(self, run, model):
        """Score open leads by the model of a run, as they are now."""
        self.flush_model()
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        tags = [int(name[4:]) for name in model.feature_names_ if name.startswith("tag_")]
        frame = run.task_id._read_some_leads(run.company_id, self.ids, tags)
        today = run.task_id._get_today(run.company_id)
        run._add_lead_scores(run.task_id._prepare_lead_scores(model, frame), today)
        run._put_on_leads(self.ids)
