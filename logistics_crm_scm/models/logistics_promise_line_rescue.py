from odoo import models


class LogisticsPromiseLine(models.Model):
    _inherit = "logistics.promise.line"

    def action_view_rescues(self):
        """Show what would save these promises, and the date that each would give."""
        self.check_access("read")
        rescues = self.env["logistics.promise.rescue"]
        held = self.filtered(lambda line: line.state == "held")
        for lines in held.grouped("company_id").values():
            found = self.env["logistics.promise"]._get_rescues(lines)
            rescues |= rescues.create(found)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What Would Save It?"),
            "res_model": rescues._name,
            "view_mode": "list",
            "domain": [("id", "in", rescues.ids)],
            "target": "new" if len(self) == 1 else "current",
            "context": {"one_promise": len(self) == 1},
            "help": self.env._(
                "Nothing was found: no receipt is on its way, no other warehouse has"
                " enough to spare, and no part can leave by the promised date."
            ),
        }
