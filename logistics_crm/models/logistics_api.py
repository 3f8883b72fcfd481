from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..loader.api_lines import to_rows
from ..tools.plain_text import storable


class LogisticsApi(models.AbstractModel):
    """The one door for other systems: each add-on adds its methods to this model."""

    _name = "logistics.api"
    _description = "Logistics CRM API"

    @api.model
    def load_sales_history(self, source, lines, create_missing=True, allow_anonymous=False):
        """Load sales lines of another system into the caller's company. Safe to repeat.

        Parameters
        ----------
        source : str
            Name of the other system. (source, order, line) identify a line: loaded again it is
            replaced as a whole if it differs.
        lines : list of dict
            ``order``, ``line``, ``date`` (ISO 8601), ``customer`` and ``product`` (the source's
            own keys), ``quantity`` (negative: a return), ``amount`` (untaxed); optionally
            ``currency`` (ISO 4217, else the company's), ``customer_name``, ``customer_country``
            (ISO 3166 alpha-2 or English name), ``product_name``, ``promised``, ``delivered``.
            None, False and "" mean empty.
        create_missing : bool
            Create unknown customers and products, else reject their lines.
        allow_anonymous : bool
            Accept lines without customer.

        Returns
        -------
        dict
            Counts ``created``, ``updated``, ``unchanged``, and ``rejected``: a list, in the order
            of `lines`, of {order, line, field, reason}. Of lines with the same order and line the
            first good one counts, the others are rejected.

        Raises
        ------
        AccessError
            The caller is no Manager.
        UserError
            An argument as a whole is wrong. Nothing is written.
        """
        self._check_load_arguments(source, lines)
        self._check_flags(create_missing=create_missing, allow_anonymous=allow_anonymous)
        result = {"created": 0, "updated": 0, "unchanged": 0, "rejected": []}
        if not lines:
            return result
        load = self.env["logistics.history.load"].create(
            {
                "source": source,
                "create_missing": create_missing,
                "allow_anonymous": allow_anonymous,
            }
        )
        load._stage(to_rows(lines), flagged=True)
        load._check()
        result.update(load._apply(recheck=False))
        result["rejected"] = [
            {name: rejected[name] for name in ("order", "line", "field", "reason")}
            for rejected in load._iter_rejected()
        ]
        load._discard()
        return result

    def _check_load_arguments(self, source, lines):
        if not self.env.user.has_group("logistics_crm.group_logistics_manager"):
            raise AccessError(
                self.env._("Only a Logistics CRM Manager may load sales history: ask one.")
            )
        named = isinstance(source, str) and source.strip()
        if not named or storable(source) != source:
            raise UserError(
                self.env._("“source” must be the name of the system that the lines come from.")
            )
        if not isinstance(lines, list | tuple):
            raise UserError(self.env._("“lines” must be a list of sales lines."))

    def _check_flags(self, **flags):
        """Refuse texts like "no", which Python would take for a yes."""
        for name, value in flags.items():
            if not isinstance(value, bool):
                raise UserError(self.env._("“%(name)s” must be true or false.", name=name))
