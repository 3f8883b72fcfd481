from odoo import api, fields, models
from odoo.tools import format_date


class LogisticsPromiseLine(models.Model):
    _inherit = "logistics.promise.line"

    asked_date = fields.Date(
        string="Asked to Be in Stock By",
        readonly=True,
        copy=False,
        help="Somebody was asked to have the receipt that it waits for in stock by then.",
    )
    rescue_text = fields.Char(
        string="What Would Save It",
        compute="_compute_rescue_text",
        help="In short, the soonest date first; the button does it.",
    )

    @api.depends("at_risk", "state", "expected_date", "asked_date")
    @api.depends_context("lang")
    def _compute_rescue_text(self):
        """Say what would save each promise at risk; a page of them is worked out at once."""
        self.rescue_text = False
        risky = self.filtered(lambda line: line.at_risk and line.state == "held")
        for lines in risky.grouped("company_id").values():
            told = {line.id: [] for line in lines}
            found = self.env["logistics.promise"]._get_rescues(lines)
            for values in sorted(found, key=lambda one: one["date"]):
                told[values["line_id"]].append(self._tell_rescue(values))
            for line in lines:
                line.rescue_text = "; ".join(told[line.id])

    @api.model
    def _tell_rescue(self, values):
        day = format_date(self.env, values["date"])
        if values["kind"] == "expedite":
            name = values["document"] or self.env._("the receipt")
            latest = format_date(self.env, values["latest_date"])
            if self.browse(values["line_id"]).asked_date == values["latest_date"]:
                return self.env._("expedite %(name)s to %(day)s (asked)", name=name, day=latest)
            return self.env._("expedite %(name)s to %(day)s", name=name, day=latest)
        if values["kind"] == "ship":
            return self.env._("ship %(name)s", name=values["document"])
        if values["kind"] == "warehouse":
            # sudo: the name of a warehouse that whoever reads promises may not open
            place = self.env["stock.warehouse"].sudo().browse(values["warehouse_id"]).name
            return self.env._("%(place)s by %(day)s", place=place, day=day)
        number = self.env["logistics.promise"]._format_quantity(values["quantity"])
        return self.env._("%(quantity)s of them by %(day)s", quantity=number, day=day)

    def action_view_rescues(self):
        """Show what would save these promises, and the date that each would give."""
        self.check_access("read")
        rescues = self.env["logistics.promise.rescue"]
        held = self.filtered(lambda line: line.state == "held")
        for lines in held.grouped("company_id").values():
            found = self.env["logistics.promise"]._get_rescues(lines)
            # sudo: nobody suggests anything by hand; whose promises they may read is checked above
            rescues |= rescues.sudo().create(found).sudo(False)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What Would Save It?"),
            "res_model": rescues._name,
            "view_mode": "list",
            "domain": [("id", "in", rescues.ids)],
            "target": "new" if len(self) == 1 else "current",
            "context": {"one_promise": len(self) == 1},
            "help": self.env._(
                "Nothing was found: nothing is there to be shipped, no receipt is on its way, no"
                " other warehouse has enough to spare, and no part can leave by the promised date."
            ),
        }
