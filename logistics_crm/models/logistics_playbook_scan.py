import logging
from ast import literal_eval

import psycopg2.errors

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, split_every

from ..tools.playbook_hits import Hit, get_hits_query

_logger = logging.getLogger(__name__)

BATCH = 200


class LogisticsPlaybook(models.Model):
    """Finding whom a playbook hits, and starting it: nightly for all, at once for a record."""

    _inherit = "logistics.playbook"

    # ------------------------------------------------------------------ who

    def _find_hits(self, company, records=None):
        """Find whom the playbook hits in a company, today.

        Parameters
        ----------
        company : res.company
        records : Model, optional
            Look at these records only.

        Returns
        -------
        list[Hit]
            One query, whatever the number of customers.
        """
        self.ensure_one()
        # sudo: the condition is the company's, not that of whoever sets it off
        model = self.env[self.model].sudo().with_company(company)
        domain = self._get_hit_domain(model, company)
        if records is not None:
            domain &= Domain("id", "in", records.ids)
        path = self._get_partner_path()
        self.env["logistics.playbook.start"].flush_model()
        self.env["res.partner"].flush_model(["active", "commercial_partner_id"])
        model.flush_model([path] if path else [])
        query = get_hits_query(
            self,
            company.id,
            SQL.identifier(model._table),
            SQL.identifier(path or "id"),
            model._search(domain).subselect(),
        )
        return [Hit(*row) for row in self.env.execute_query(query)]

    def _get_hit_domain(self, model, company):
        """Return the condition on the records, that on their customers, and the company."""
        domain = Domain(literal_eval(self.filter_domain))
        customers = Domain(literal_eval(self.customer_domain))
        path = self._get_partner_path()
        if path:
            if not customers.is_true():
                domain &= Domain(f"{path}.commercial_partner_id", "any", customers)
            return domain & Domain(path, "!=", False) & Domain("company_id", "=", company.id)
        top = Domain("parent_id", "=", False) | Domain("is_company", "=", True)
        return domain & customers & top & Domain("company_id", "in", [company.id, False])

    def _get_partner_path(self):
        """Return the field of the customer on the records; False where they are the customers."""
        return False if self.model == "res.partner" else "partner_id"

    # ------------------------------------------------------------------ start

    def _start_for(self, records):
        """Start the playbook at once for records, where it hits and may start.

        Called by automation rules, inside the transaction of whoever changed the records: what
        goes wrong is kept in the log and does not stop them.
        """
        self.ensure_one()
        if self.state != "on":
            return
        by_company = records.grouped(lambda record: record.company_id or self.env.company)
        for company, some in by_company.items():
            if self.company_id in (self.env["res.company"], company):
                self._start_hits(self._find_hits(company, some), company, quiet=False)

    @api.model
    def _look_at(self, records):
        """Start the playbooks that start at once, for records that came to match another way.

        An automation rule sees what is written to a record, not what changes around it: whoever
        changes that has the records looked at.
        """
        at_once = [("state", "=", "on"), ("mode", "=", "event"), ("model", "=", records._name)]
        for playbook in self.search(at_once) if records else self:
            playbook._start_for(records)

    def _start_hits(self, hits, company, quiet=True):
        """Start the playbook for hits, and log those that must wait.

        Parameters
        ----------
        hits : list[Hit]
        company : res.company
        quiet : bool
            Whether to leave out the mails that tell of new activities.
        """
        starts = self.env["logistics.playbook.start"]
        starts = starts.with_context(mail_activity_quick_update=quiet).with_company(company)
        new = [hit for hit in hits if hit.outcome == "start"]
        wait = [hit for hit in hits if hit.outcome == "cooldown" and not hit.known]
        starts._log_skipped(self, company, wait)
        if not new:
            return starts
        try:
            with self.env.cr.savepoint():
                self._check_has_steps()
                return starts._start(self, company, new)
        except psycopg2.errors.SerializationFailure:
            raise
        except psycopg2.errors.UniqueViolation:
            if len(new) == 1:
                return starts  # another worker started it a moment ago
        except (UserError, ValueError, psycopg2.Error) as error:
            if len(new) == 1:
                _logger.info("Playbook %s could not start", self.id, exc_info=True)
                starts._log_failed(self, company, new[0], error)
                return starts
        return starts.concat(*(self._start_hits([hit], company, quiet) for hit in new))

    # ------------------------------------------------------------------ nightly

    @api.model
    def _cron_scan(self):
        """Start every playbook that is on for whoever it hits; keep the running ones right.

        Each playbook and company is a unit: committed by itself in batches, and rolled back by
        itself when it fails. A second worker finds the unit locked and leaves it.
        """
        self.env["logistics.playbook.step"]._keep_going()
        units = [
            (playbook, company)
            for playbook in self.search([("state", "=", "on"), ("mode", "!=", "automation")])
            for company in playbook.company_id or self.env["res.company"].search([])
        ]
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(units))
        failure = None
        for playbook, company in units:
            try:
                playbook._scan(company)
            except Exception as error:
                self.env.cr.rollback()
                _logger.exception("Playbook %s failed in company %s", playbook.id, company.id)
                failure = error
            if not progress(1):
                break
        if failure:
            raise failure

    def _scan(self, company):
        """Start this playbook for all it hits in a company; commits after each batch."""
        if not self.exists() or not self.try_lock_for_update(allow_referencing=True):
            return
        hits = [
            hit
            for hit in self._find_hits(company)
            if hit.outcome == "start" or hit.outcome == "cooldown" and not hit.known
        ]
        for batch in split_every(BATCH, hits, list):
            self._start_hits(batch, company)
            if not self.env["ir.cron"]._commit_progress():
                break
            if not self.try_lock_for_update(allow_referencing=True):
                break
        self.env["logistics.playbook.start"].flush_model()
