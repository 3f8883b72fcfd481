from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _prepare_promise_line(self, promised, offered):
        """Keep why it is promised so in each language that somebody may read it in."""
        values = super()._prepare_promise_line(promised, offered)
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        return values | {"explanations": {lang: promised.explain(lang) for lang in languages}}
