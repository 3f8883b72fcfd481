from odoo import fields, models

GROUP = "logistics_crm.group_logistics_user"


class ResPartner(models.Model):
    """What the sales history knows of a customer."""

    _inherit = "res.partner"

    sales_history_count = fields.Integer(
        string="Imported Sales Lines", compute="_compute_sales_history_count", groups=GROUP
    )

    def _compute_sales_history_count(self):
        """Count the lines of the whole company: history knows no contacts."""
        counts = dict(
            self.env["logistics.sales.history"]._read_group(
                [("partner_id", "in", self.commercial_partner_id.ids)],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.sales_history_count = counts.get(partner.commercial_partner_id, 0)

    def _compute_application_statistics_hook(self):
        """Show the number of lines beside the other chips of lists and cards."""
        chips = super()._compute_application_statistics_hook()
        if self.env.user.has_group(GROUP):
            for partner in self.filtered("sales_history_count"):
                chips[partner.id].append(
                    {
                        "iconClass": "fa-history",
                        "value": partner.sales_history_count,
                        "label": self.env._("Imported sales lines"),
                    }
                )
        return chips

    def action_view_sales_history(self):
        """Open the imported sales lines of the company."""
        self.ensure_one()
        company = self.commercial_partner_id
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "logistics_crm.action_logistics_sales_history"
        )
        action["domain"] = [("partner_id", "=", company.id)]
        action["display_name"] = self.env._("Sales Lines of %(customer)s", customer=company.name)
        return action
