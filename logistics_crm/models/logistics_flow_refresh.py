from odoo import SUPERUSER_ID, api, models
from odoo.tools import SQL, split_every

from ..tools import flow_sql

BATCH = 5000
QUEUE = "logistics_crm.flow"


class LogisticsFlow(models.Model):
    """Keeping flows like their documents: at once for what changed, nightly for all."""

    _inherit = "logistics.flow"

    @api.model
    def _get_parts(self):
        """Return the steps of an order, see `flow_sql.get_parts`; a hook for add-ons above."""
        return flow_sql.get_parts()

    # ------------------------------------------------------------------ at once

    @api.model
    def _queue(self, records):
        """Refresh the flows of changed orders or invoices once, when the transaction ends.

        Parameters
        ----------
        records : sale.order or account.move
        """
        ids = {record_id for record_id in records.ids if isinstance(record_id, int)}
        if not ids or not self.env.registry.ready:
            return
        precommit = self.env.cr.precommit
        if QUEUE not in precommit.data:
            precommit.data[QUEUE] = {}
            precommit.add(self._refresh_queued)
        precommit.data[QUEUE].setdefault(records._name, set()).update(ids)

    def _refresh_queued(self):
        queue = self.env.cr.precommit.data.pop(QUEUE, {})
        order_ids = queue.get("sale.order", set())
        moves = queue.get("account.move")
        if moves:
            rows = self.env.execute_query(
                SQL(
                    """SELECT DISTINCT ol.order_id FROM account_move_line al
                    JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = al.id
                    JOIN sale_order_line ol ON ol.id = rel.order_line_id
                    WHERE al.move_id IN %s""",
                    tuple(moves),
                )
            )
            order_ids |= {row[0] for row in rows}
        # no sudo needed for SQL; the superuser, because whoever confirms need not see flows
        self.with_user(SUPERUSER_ID)._refresh(order_ids)

    # ------------------------------------------------------------------ set-based

    @api.model
    def _refresh(self, order_ids):
        """Bring the flows of orders up to date.

        Three statements for every 5,000 orders; rows that stay the same are not written.
        """
        if not order_ids:
            return
        self.env.flush_all()
        for ids in split_every(BATCH, sorted(order_ids), list):
            self.env.cr.execute(flow_sql.upsert_flows(ids))
            self.env.cr.execute(flow_sql.upsert_steps(ids, self._get_parts()))
            self.env.cr.execute(flow_sql.update_flows(ids))
        self.invalidate_model(flush=False)
        self.env["logistics.flow.step"].invalidate_model(flush=False)

    @api.model
    def _cron_refresh(self):
        """Bring all flows that are under way up to date, and find what was missed."""
        self.env.flush_all()
        for statement in flow_sql.refresh_leads():
            self.env.cr.execute(statement)
        self.invalidate_model(flush=False)
        ids = self._get_ids_to_refresh()
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(ids))
        for batch in split_every(BATCH, ids, list):
            self._refresh(batch)
            if not progress(len(batch)):
                break

    @api.model
    def _get_ids_to_refresh(self):
        """Return the orders under way or without a flow; those that ended are left alone."""
        rows = self.env.execute_query(
            SQL(
                """SELECT o.id FROM sale_order o
                LEFT JOIN logistics_flow f ON f.order_id = o.id
                WHERE f.state = 'open' OR f.id IS NULL AND o.state <> 'cancel'
                ORDER BY o.id"""
            )
        )
        return [row[0] for row in rows]
