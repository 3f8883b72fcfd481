from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.logistics_crm.tools.code_format import normalize
from odoo.addons.logistics_crm.tools.plain_text import storable

from ..tools.arguments import MAX_ID, is_id
from ..tools.listing import list_names

MAX_LIMIT = 10_000


class LogisticsApi(models.AbstractModel):
    _inherit = "logistics.api"

    @api.model
    def run_mining(self, code):
        """Queue a run of a mining task for the caller's company, or return the one under way.

        Parameters
        ----------
        code : str
            Code of the task, for example ``"segment"`` or ``"clv"``.

        Returns
        -------
        dict
            ``{"run": int, "state": str}``; poll ``mining_run`` with the run.

        Raises
        ------
        AccessError
            When the caller is no Mining Manager.
        UserError
            Naming ``code``, when there is no such task or it is archived.
        """
        tasks = self.env["logistics.mining.task"]
        tasks.check_access("write")
        run = tasks._get_by_code(code)._queue(self.env.company)
        return {"run": run.id, "state": run.state}

    @api.model
    def mining_run(self, run_id):
        """Return state, progress and figures of a run.

        Parameters
        ----------
        run_id : int
            What ``run_mining`` returned.

        Returns
        -------
        dict
            ``{id, task, state, progress, rows, seconds, metrics, baseline, published, reason}``;
            ``reason`` says why nothing is published, or is False.

        Raises
        ------
        AccessError
            When the caller is no Mining Manager.
        UserError
            Naming ``run_id``, when no run of the caller's companies has it.
        """
        runs = self.env["logistics.mining.run"]
        runs.check_access("read")
        run = is_id(run_id) and runs.search([("id", "=", run_id)])
        if not run:
            raise UserError(self.env._("run_id: there is no mining run %(run)s.", run=repr(run_id)))
        return {
            "id": run.id,
            "task": run.task_id.code,
            "state": run.state,
            "progress": run.progress,
            "rows": run.line_count,
            "seconds": run.seconds,
            "metrics": run.metrics or {},
            "baseline": run.baseline or {},
            "published": run.published,
            "reason": run.reason,
        }

    @api.model
    def scores(self, code, customers=None, limit=1000, offset=0):
        """Return the newest published scores of a task in the caller's company, best first.

        Parameters
        ----------
        code : str
            Code of the task.
        customers : list of (int or str), optional
            Odoo ids or customer codes; all customers that the caller may read when left out.
        limit : int
            At most this many rows, 1 to 10,000.
        offset : int
            Rows to skip, for the next page.

        Returns
        -------
        list of dict
            ``{res_model, res_id, name, customer, code, value, band, reasons, date, run}``;
            ``reasons`` are sentences in the caller's language. Records without a score have
            no row. Of leads ``name`` is the lead's, and ``customer`` and ``code`` are False;
            ``customers`` asks for the leads of those customers.

        Raises
        ------
        AccessError
            When the caller may not read scores.
        UserError
            Naming the argument that is wrong.
        """
        scores = self.env["logistics.mining.score"]
        scores.check_access("read")
        task = self.env["logistics.mining.task"]._get_by_code(code, active_only=False)
        self._check_range("limit", limit, 1, MAX_LIMIT)
        self._check_range("offset", offset, 0, MAX_ID)
        domain = [
            ("task_id", "=", task.id),
            ("company_id", "=", self.env.company.id),
            ("is_newest", "=", True),
        ]
        if customers is not None and customers is not False:
            domain += self._get_scored_domain(task, self._get_customer_ids(customers))
        found = scores.search(domain, limit=limit, offset=offset)
        return [self._prepare_score(score) for score in found]

    @api.model
    def _get_profile_scores(self, partner):
        """Add the newest published score of each task, with its reasons."""
        scores = self.env["logistics.mining.score"].search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", self.env.company.id),
                ("is_newest", "=", True),
            ]
        )
        return super()._get_profile_scores(partner) | {
            score.task_id.code: {
                "value": score.value,
                "band": score.band or False,
                "reasons": score._get_reasons(),
                "date": score.date.isoformat() if score.date else False,
            }
            for score in scores
        }

    @api.model
    def _get_scored_domain(self, task, customer_ids):
        """Return the domain of scores of customers, or of what belongs to them."""
        if task.res_model == "crm.lead":
            return [("lead_id.partner_id.commercial_partner_id", "in", customer_ids)]
        return [("partner_id", "in", customer_ids)]

    @api.model
    def _prepare_score(self, score):
        partner = score.partner_id
        record = score.lead_id or partner
        return {
            "res_model": score.res_model,
            "res_id": score.res_id,
            "name": record.name or record.display_name or False,
            "customer": partner.id,
            "code": partner.customer_code or False,
            "value": score.value,
            "band": score.band or False,
            "reasons": score._get_reasons(),
            "date": score.date.isoformat() if score.date else False,
            "run": score.run_id.id,
        }

    @api.model
    def _get_customer_ids(self, customers):
        """Return the ids of customers given as ids or codes, in a constant number of queries."""
        if not isinstance(customers, (list, tuple)):
            raise UserError(
                self.env._("customers: a list of customer ids (numbers) or codes is expected.")
            )
        partners = self.env["res.partner"].with_context(active_test=False)
        ids = [key for key in customers if is_id(key)]
        codes = {key: normalize(storable(key)) for key in customers if isinstance(key, str)}
        found = partners.search(
            ["|", ("id", "in", ids), ("customer_code", "in", list(codes.values()))]
        )
        known = {*found.ids, *found.mapped("customer_code")}
        unknown = [
            key
            for key in customers
            if not (isinstance(key, str) or is_id(key))
            or (codes[key] if isinstance(key, str) else key) not in known
        ]
        if unknown:
            raise UserError(
                self.env._(
                    "customers: there is no customer %(customers)s.",
                    customers=list_names(self.env, (repr(key) for key in unknown[:10])),
                )
            )
        return found.ids

    def _check_range(self, name, value, lowest, highest):
        whole = isinstance(value, int) and not isinstance(value, bool)
        if not whole or not lowest <= value <= highest:
            raise UserError(
                self.env._(
                    "%(name)s: a whole number from %(lowest)s to %(highest)s is expected.",
                    name=name,
                    lowest=lowest,
                    highest=highest,
                )
            )
