from odoo import api, fields, models


class LogisticsCodeAlias(models.Model):
    """A code that a record had before it was changed or merged: it is found by it for ever.

    The code of a deleted record stays here, too, so that nobody gives it to another one.
    """

    _name = "logistics.code.alias"
    _description = "Former Code"
    _order = "id desc"
    _rec_name = "code"

    code = fields.Char(required=True, readonly=True)
    model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="model", required=True, readonly=True, aggregator=None
    )
    reason = fields.Selection(
        [("changed", "Changed"), ("merged", "Merged"), ("deleted", "Deleted")],
        required=True,
        readonly=True,
    )

    _code_uniq = models.UniqueIndex("(model, code)", "This code belongs to another record.")
    _record_idx = models.Index("(model, res_id)")

    @api.model
    def _find_owners(self, model_name, codes):
        """Return the id of the record that had each code: dict of code to id."""
        # sudo: it only tells which record is meant; that is read with the reader's own rights
        aliases = self.sudo().search([("model", "=", model_name), ("code", "in", codes)])
        return {alias.code: alias.res_id for alias in aliases}

    @api.model
    def _keep(self, model_name, codes, reason):
        """Keep former codes findable.

        Parameters
        ----------
        codes : dict[str, int]
            The id of the record that each code now stands for.
        reason : str
            ``changed``, ``merged`` or ``deleted``.
        """
        # sudo: whoever may change or merge records keeps their codes findable
        aliases = self.sudo()
        known = aliases.search([("model", "=", model_name), ("code", "in", list(codes))])
        for alias in known:
            alias.write({"res_id": codes[alias.code], "reason": reason})
        aliases.create(
            [
                {"model": model_name, "code": code, "res_id": res_id, "reason": reason}
                for code, res_id in codes.items()
                if code not in known.mapped("code")
            ]
        )

    @api.model
    def _move(self, model_name, source_ids, target_id):
        """Let the former codes of merged records stand for the one that remains."""
        # sudo: see _keep
        aliases = self.sudo().search([("model", "=", model_name), ("res_id", "in", source_ids)])
        aliases.res_id = target_id
