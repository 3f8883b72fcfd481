from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..tools.listing import list_names

# who sees scores on records
GROUP = "logistics_crm.group_logistics_user"


class LogisticsMiningScoredMixin(models.AbstractModel):
    """A record with fields that scoring runs fill, and nobody else.

    Whoever inherits names the fields in ``_get_score_fields``.
    """

    _name = "logistics.mining.scored.mixin"
    _description = "Record with Scores"

    @api.model
    def default_get(self, fields):
        """Take no score from a context: a client may put any default there."""
        defaults = super().default_get(fields)
        if self.env.su:
            return defaults
        return {name: defaults[name] for name in defaults if name not in self._get_score_fields()}

    @api.model_create_multi
    def create(self, vals_list):
        """Leave the scores of new records to the runs."""
        for vals in vals_list:
            self._check_writes_no_score(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Leave the scores to the runs: a score that somebody typed in explains nothing."""
        self._check_writes_no_score(vals)
        return super().write(vals)

    @api.model
    def _get_score_fields(self):
        """Return the names of the fields that runs fill; tasks add theirs."""
        return frozenset()

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Put records without a score last, whichever way they are sorted."""
        term = super()._order_field_to_sql(alias, field_name, direction, nulls, query)
        name = field_name.partition(".")[0]
        if not term or nulls.code or name not in self._get_score_fields():
            return term
        unscored = self._get_unscored_sql(alias, name, query)
        query._order_groupby.append(unscored)  # where records are grouped by it
        return SQL("%s, %s", unscored, term)

    @api.model
    def _get_unscored_sql(self, alias, name, query):
        """Return the condition that a record has no such score."""
        return SQL("%s IS NULL", self._field_to_sql(alias, name, query))

    @api.model
    def _check_writes_no_score(self, vals):
        if not self.env.su and (names := self._get_score_fields() & vals.keys()):
            raise AccessError(
                self.env._(
                    "Scores come from scoring runs and cannot be written by hand: %(fields)s.",
                    fields=list_names(self.env, sorted(names)),
                )
            )
