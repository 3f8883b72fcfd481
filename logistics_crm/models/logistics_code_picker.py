from odoo import api, models


class LogisticsCodePicker(models.AbstractModel):
    """Offer the likely record in the pickers of the web client where a code is mistyped.

    Only `web_name_search` does, which people choose from: whoever asks by code over the API gets
    the record of that very code or none.
    """

    _name = "logistics.code.picker"
    _description = "Records with Codes in Pickers"

    @api.model
    @api.readonly
    def web_name_search(self, name, specification, domain=None, operator="ilike", limit=100):
        """Offer the record that a mistyped code probably means, where nothing else is found."""
        found = super().web_name_search(name, specification, domain, operator, limit)
        if found or operator != "ilike" or not name:
            return found
        code = self.env["logistics.code.scheme"]._suggest_typed_code(self._name, name)
        if not code:
            return found
        # the code itself goes the way of one that is typed: own rights, `domain`, former codes
        likely = super().web_name_search(code, specification, domain, operator, 1)
        records = self.browse(row["id"] for row in likely)
        for row, record in zip(likely, records, strict=True):
            meant = self.env._("perhaps %(code)s is meant", code=code)
            row["__formatted_display_name"] = f"{record.display_name} \t --{meant}--"
        return likely
